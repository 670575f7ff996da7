import type { AlertPage, AlertSource, SourceAlert } from '../../domain/alerts/alert-source.js';
import { ingestEdrAlerts } from '../../domain/alerts/ingest/ingest-edr.js';
import type { IngestResult } from '../../domain/alerts/ingest/result.js';
import { compareMoments, updateMoment } from '../../domain/alerts/last-update.js';
import { day, minute, plus } from '../../domain/durations.js';
import { moveWatermark } from '../../domain/sync/cursor-store.js';
import type { Cursor } from '../../domain/sync/cursor-store.js';
import { summariseFirstSync } from '../../domain/sync/first-sync.js';
import type { Trx } from '../../domain/transaction.js';
import type { RunFrame, SourceSync, WalkResult } from './context.js';
import { takePage } from './page.js';

/** Alerts that were edited while a page was read are read again. */
const overlap = 5 * minute;
const firstSyncReach = 30 * day;
const batchSize = 200;
/** An update time further ahead of us is a wrong clock, and would hide what comes before it. */
const clockSkew = 5 * minute;

interface Progress {
  /** Something is missing at Microsoft, so the watermark stays where it is. */
  partial: boolean;
  watermark: string | null;
}

/** `takeEverything`: a folder of sandbox data is read from its beginning, and every item becomes an alert. */
export function alertSync(source: AlertSource, takeEverything: boolean): SourceSync {
  return {
    source: 'alerts',
    kind: ({ watermark }) => (watermark === null ? 'full' : 'delta'),
    walk: (frame, signal) => walk(source, frame, takeEverything, signal),
    conclude: async (trx, { isFirst }) => {
      if (isFirst) await summariseFirstSync(trx);
      return {};
    },
  };
}

async function walk(
  source: AlertSource,
  frame: RunFrame,
  takeEverything: boolean,
  signal: AbortSignal,
): Promise<WalkResult> {
  const progress: Progress = { partial: false, watermark: frame.watermark };
  const since = sinceOf(frame, frame.startedAt, takeEverything);
  for await (const page of source.pages(frame.connection, since, signal)) {
    await takeAlerts(frame, progress, page, takeEverything);
    signal.throwIfAborted();
  }
  return { partial: progress.partial };
}

function sinceOf({ watermark }: Cursor, now: Date, takeEverything: boolean): string | null {
  if (watermark !== null) return plus(new Date(watermark), -overlap).toISOString();
  return takeEverything ? null : plus(now, -firstSyncReach).toISOString();
}

/** The watermark follows when all of the page is in. */
async function takeAlerts(
  frame: RunFrame,
  progress: Progress,
  page: AlertPage,
  takeEverything: boolean,
): Promise<void> {
  progress.partial ||= page.partial;
  const { alerts: items, ...rest } = page;
  await takePage(
    frame,
    { ...rest, items },
    {
      batchSize,
      nameOf: (alert) => alert.microsoftAlertId,
      take: (trx, alerts) => ingest(frame, trx, alerts, takeEverything),
      seal: async (trx) => {
        const newest = newestUpdate(items, progress.watermark, trx.now);
        if (progress.partial || newest === null || newest === progress.watermark) return;
        await moveWatermark(trx, 'alerts', newest);
        progress.watermark = newest;
      },
    },
  );
}

async function ingest(
  { context, tenantId, isFirst }: RunFrame,
  trx: Trx,
  alerts: readonly SourceAlert[],
  takeEverything: boolean,
): Promise<IngestResult> {
  const result = await ingestEdrAlerts(trx, alerts, { firstSync: isFirst, takeEverything });
  if (result.unknownSeverities.length > 0)
    context.log.warn({ tenantId, words: result.unknownSeverities }, 'unknown severities count as medium');
  return result;
}

function newestUpdate(alerts: readonly SourceAlert[], watermark: string | null, now: Date): string | null {
  const latest = plus(now, clockSkew);
  const times = alerts.map((alert) => alert.lastUpdate).filter((time) => new Date(time) <= latest);
  return times.reduce<string | null>(
    (newest, time) => (newest === null || compareMoments(updateMoment(time), updateMoment(newest)) > 0 ? time : newest),
    watermark,
  );
}
