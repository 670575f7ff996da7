import type { MachineSource, SourceIsolation } from '../../domain/devices/device-source.js';
import { mergeIsolations } from '../../domain/devices/isolation-store.js';
import { collectIsolations } from '../../domain/devices/isolations.js';
import type { Isolations } from '../../domain/devices/isolations.js';
import { hour, plus } from '../../domain/durations.js';
import { moveWatermark } from '../../domain/sync/cursor-store.js';
import { SourceError } from '../../domain/sync/source.js';
import type { SourcePage } from '../../domain/sync/source.js';
import type { RunFrame, WalkResult } from './context.js';
import { step } from './page.js';

/** Microsoft keeps an action for three days for a device that is offline, so that it may succeed long after it was begun. */
const overlap = 75 * hour;
const batchSize = 1_000;

export type IsolationResult = Pick<WalkResult, 'lacking' | 'missed'> & Required<Pick<WalkResult, 'faults'>>;

/**
 * Reads which machines were isolated and released, by whomever. What goes wrong with that says nothing about the devices. `all`:
 * also what was read before, for machines that were not known then.
 */
export async function walkIsolations(
  source: MachineSource,
  frame: RunFrame,
  all: boolean,
  signal: AbortSignal,
): Promise<IsolationResult> {
  try {
    const isWhole = await walk(source, frame, all, signal);
    return { faults: [], missed: isWhole ? null : 'Defender did not list all isolations (HTTP 206).' };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    const { fault, message } = error;
    const isOnHold = fault === 'on_hold' || fault === 'not_licensed';
    frame.context.log.warn({ tenantId: frame.tenantId, runId: frame.runId, fault }, `isolations: ${message}`);
    return { faults: [fault], ...(isOnHold ? { lacking: message } : { missed: `Isolations: ${message}` }) };
  }
}

/** A release may stand on a later page than its isolation, so nothing is said of a device before all have come. */
async function walk(source: MachineSource, frame: RunFrame, all: boolean, signal: AbortSignal): Promise<boolean> {
  const { connection, startedAt, watermark } = frame;
  const since = all || watermark === null ? null : plus(new Date(watermark), -overlap);
  const isolations = collectIsolations();
  let partial = false;
  for await (const page of source.isolations(connection, since, signal)) {
    partial ||= page.partial;
    await collect(frame, isolations, page);
    signal.throwIfAborted();
  }
  for (const batch of isolations.batches(batchSize))
    await step(frame, async (trx) => ({ changed: await mergeIsolations(trx, batch) }));
  if (partial) return false;
  await step(frame, async (trx) => {
    await moveWatermark(trx, 'devices', startedAt.toISOString());
    return {};
  });
  return true;
}

function collect(frame: RunFrame, isolations: Isolations, page: SourcePage<SourceIsolation>): Promise<void> {
  return step(frame, (trx) => {
    const ahead = page.items.filter((told) => !isolations.add(told, trx.now));
    const why = 'it is said to have happened in the future';
    const malformed = [...page.malformed, ...ahead.map(({ microsoftDeviceId: which }) => ({ which, why }))];
    return Promise.resolve({ pages: 1, read: page.items.length + page.malformed.length, malformed });
  });
}
