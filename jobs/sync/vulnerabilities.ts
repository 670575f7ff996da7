import { day, hour, plus, second } from '../../domain/durations.js';
import { moveWatermark } from '../../domain/sync/cursor-store.js';
import type { Cursor } from '../../domain/sync/cursor-store.js';
import type { RunCounts, RunKind } from '../../domain/sync/run-store.js';
import { SourceError } from '../../domain/sync/source.js';
import type { SourcePage } from '../../domain/sync/source.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import { hasNewCves, updateCves } from '../../domain/vulnerabilities/cve-store.js';
import { countUnknownDevices, readDeviceSync } from '../../domain/vulnerabilities/device-sync-queries.js';
import { highestDevice, lowestDevice, mergeLinks, nextRange } from '../../domain/vulnerabilities/link-store.js';
import type { MergeMode } from '../../domain/vulnerabilities/link-store.js';
import { hasStaged, stageExposures } from '../../domain/vulnerabilities/staging-store.js';
import type {
  SourceCve,
  SourceExposure,
  SourceExposureChange,
  VulnerabilitySource,
} from '../../domain/vulnerabilities/vulnerability-source.js';
import { readAhead } from './ahead.js';
import type { RunFrame, SourceSync, WalkResult } from './context.js';
import { step, takePage } from './page.js';
import type { PageTaker } from './page.js';

/** Microsoft groups changes by six hours, so that a change may be told that much later than it happened. */
const granularity = 6 * hour;
/** Microsoft tells changes of 14 days. */
const reach = 13 * day;
/** Four times six hours are a day, give or take what the runs themselves last. */
const early = 0.05;
const stagedAtOnce = 5_000;
const mergedAtOnce = 10_000;
const cvesAtOnce = 1_000;

/** Vulnerabilities of all devices: once a day everything, in between what changed. */
export function vulnerabilitySync(source: VulnerabilitySource): SourceSync {
  return {
    source: 'vulnerabilities',
    kind: kindOf,
    walk: (frame, signal) => walk(source, frame, signal),
    conclude,
  };
}

function kindOf({ watermark, lastFullAt }: Cursor, when: { now: Date; fullEveryMs: number }): RunKind {
  if (watermark === null || lastFullAt === null) return 'full';
  const age = (moment: Date) => when.now.getTime() - moment.getTime();
  return age(lastFullAt) >= when.fullEveryMs * (1 - early) || age(new Date(watermark)) > reach ? 'full' : 'delta';
}

/**
 * All pages are staged before any is merged: a change on the last page may be older than one on the first, and what was not
 * met is known at the end only.
 */
async function walk(source: VulnerabilitySource, frame: RunFrame, signal: AbortSignal): Promise<WalkResult> {
  await waitForDevices(frame);
  const lacks = await stage(frame, pagesOf(source, frame, signal), signal);
  await merge(frame, lacks || frame.kind === 'delta' ? 'changes' : 'whole', signal);
  const isCurrent = frame.kind === 'delta' && !(await owesCves(frame));
  const partial = isCurrent ? false : await takeCves(frame, source.cves(frame.connection, signal), signal);
  return { partial: lacks || partial };
}

/** Also of an earlier run that ended before it had read what is known of them. */
function owesCves({ context, tenantId, lastSuccessAt }: RunFrame): Promise<boolean> {
  return inTenant(context.db, tenantId, (trx) => hasNewCves(trx, lastSuccessAt));
}

/** Devices that the sync of devices had not met in time are asked for again, by the same watermark. */
async function conclude(trx: Trx, { kind, runId, source, startedAt }: RunFrame): Promise<Partial<RunCounts>> {
  const owed = kind === 'delta' && (await countUnknownDevices(trx, runId)) > 0;
  if (!owed) await moveWatermark(trx, source, plus(startedAt, -granularity).toISOString());
  return {};
}

/** Before the first sync of devices all would be skipped, and not be read again for a day. */
async function waitForDevices({ context, tenantId, everyMs }: RunFrame): Promise<void> {
  const devices = await inTenant(context.db, tenantId, readDeviceSync);
  if (devices.isDone) return;
  const retryMs = devices.isOnHold ? everyMs : Math.min(everyMs, 30 * second);
  throw new SourceError('unavailable', 'The devices of the tenant have not been read yet.', retryMs);
}

function pagesOf(
  source: VulnerabilitySource,
  { kind, connection, watermark }: RunFrame,
  signal: AbortSignal,
): AsyncIterable<SourcePage<SourceExposure | SourceExposureChange>> {
  if (kind === 'full' || watermark === null) return source.exposures(connection, signal);
  return source.changes(connection, watermark, signal);
}

function stage(
  frame: RunFrame,
  pages: AsyncIterable<SourcePage<SourceExposure | SourceExposureChange>>,
  signal: AbortSignal,
): Promise<boolean> {
  const taker: PageTaker<SourceExposure | SourceExposureChange> = {
    batchSize: stagedAtOnce,
    nameOf: ({ microsoftDeviceId, cveId }) => `${cveId} on ${microsoftDeviceId}`,
    take: async (trx, exposures) => {
      await stageExposures(trx, frame.runId, exposures);
      return {};
    },
  };
  return takeAll(frame, pages, taker, signal);
}

/** A walk that met nothing closes nothing: that a whole tenant was mended at once is less likely than an empty answer. */
async function merge(frame: RunFrame, mode: MergeMode, signal: AbortSignal): Promise<void> {
  const { context, tenantId, runId } = frame;
  if (!(await inTenant(context.db, tenantId, (trx) => hasStaged(trx, runId)))) return;
  for (let after = lowestDevice; after !== highestDevice;) {
    await step(frame, async (trx) => {
      const range = await nextRange(trx, runId, mode, after, mergedAtOnce);
      after = range.upTo;
      return mergeLinks(trx, runId, mode, range);
    });
    signal.throwIfAborted();
  }
}

function takeCves(frame: RunFrame, pages: AsyncIterable<SourcePage<SourceCve>>, signal: AbortSignal): Promise<boolean> {
  const taker: PageTaker<SourceCve> = {
    batchSize: cvesAtOnce,
    nameOf: ({ cveId }) => cveId,
    take: async (trx, cves) => {
      await updateCves(trx, cves);
      return {};
    },
  };
  return takeAll(frame, pages, taker, signal);
}

/** Resolves to whether something was missing. */
async function takeAll<Item>(
  frame: RunFrame,
  pages: AsyncIterable<SourcePage<Item>>,
  taker: PageTaker<Item>,
  signal: AbortSignal,
): Promise<boolean> {
  let partial = false;
  for await (const page of readAhead(pages)) {
    partial ||= page.partial;
    await takePage(frame, page, taker);
    signal.throwIfAborted();
  }
  return partial;
}
