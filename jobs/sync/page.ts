import type { AlertPage, MalformedRecord, SourceAlert } from '../../domain/alerts/alert-source.js';
import { ingestEdrAlerts } from '../../domain/alerts/ingest/ingest-edr.js';
import type { IngestResult } from '../../domain/alerts/ingest/result.js';
import { compareMoments, updateMoment } from '../../domain/alerts/last-update.js';
import { minute, plus } from '../../domain/durations.js';
import { moveWatermark } from '../../domain/sync/cursor-store.js';
import { addToRun } from '../../domain/sync/run-store.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import type { Begun, SyncContext } from './context.js';

export interface Progress {
  /** Something is missing at Microsoft, so the watermark stays where it is. */
  partial: boolean;
  watermark: string | null;
}

const batchSize = 200;
/** An update time further ahead of us is a wrong clock, and would hide what comes before it. */
const clockSkew = 5 * minute;

/** Takes a page in batches, each in one transaction; the watermark follows when all of the page is in. */
export async function takePage(context: SyncContext, begun: Begun, progress: Progress, page: AlertPage): Promise<void> {
  progress.partial ||= page.partial;
  for (let at = 0; at < page.alerts.length; at += batchSize) {
    await takeBatch(context, begun, page.alerts.slice(at, at + batchSize));
  }
  await inTenant(context.db, begun.tenantId, async (trx) => {
    await addToRun(trx, begun.runId, { ...nothing, pages: 1, read: page.malformed.length, malformed: page.malformed });
    const newest = newestUpdate(page.alerts, progress.watermark, trx.now);
    if (progress.partial || newest === null || newest === progress.watermark) return;
    await moveWatermark(trx, 'alerts', newest);
    progress.watermark = newest;
  });
}

const nothing = { pages: 0, read: 0, new: 0, repeated: 0, unchanged: 0, mirrored: 0, malformed: [] };

/** A record that the database refuses is found by halving, so that it cannot hold up the others for ever. */
async function takeBatch(context: SyncContext, begun: Begun, alerts: readonly SourceAlert[]): Promise<void> {
  try {
    const result = await inTenant(context.db, begun.tenantId, (trx) => ingest(context, begun, trx, alerts));
    if (result.unknownSeverities.length > 0) {
      context.log.warn(
        { tenantId: begun.tenantId, words: result.unknownSeverities },
        'unknown severities count as medium',
      );
    }
  } catch (error) {
    if (!isAboutData(error)) throw error;
    const [first] = alerts;
    if (first && alerts.length === 1) return skip(context, begun, first, error);
    const half = Math.ceil(alerts.length / 2);
    await takeBatch(context, begun, alerts.slice(0, half));
    await takeBatch(context, begun, alerts.slice(half));
  }
}

async function ingest(
  context: SyncContext,
  begun: Begun,
  trx: Trx,
  alerts: readonly SourceAlert[],
): Promise<IngestResult> {
  const policy = { firstSync: begun.isFirst, takeEverything: context.takeEverything };
  const result = await ingestEdrAlerts(trx, alerts, policy);
  await addToRun(trx, begun.runId, { ...result, pages: 0, read: alerts.length, malformed: [] });
  return result;
}

async function skip(context: SyncContext, begun: Begun, alert: SourceAlert, error: unknown): Promise<void> {
  const malformed: MalformedRecord = { which: alert.microsoftAlertId, why: 'the database refused it' };
  context.log.error({ err: error, tenantId: begun.tenantId, alert: alert.microsoftAlertId }, 'an alert was skipped');
  await inTenant(context.db, begun.tenantId, (trx) =>
    addToRun(trx, begun.runId, { ...nothing, read: 1, malformed: [malformed] }),
  );
}

/** Data exceptions and violated constraints (SQLSTATE classes 22 and 23), and times that are none. */
function isAboutData(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return error instanceof RangeError || (typeof code === 'string' && /^2[23]...$/.test(code));
}

function newestUpdate(alerts: readonly SourceAlert[], watermark: string | null, now: Date): string | null {
  const latest = plus(now, clockSkew);
  const times = alerts.map((alert) => alert.lastUpdate).filter((time) => new Date(time) <= latest);
  return times.reduce<string | null>(
    (newest, time) => (newest === null || compareMoments(updateMoment(time), updateMoment(newest)) > 0 ? time : newest),
    watermark,
  );
}
