import { collectRules } from '../../domain/compliance/failed-rules.js';
import { clearRules, saveRules } from '../../domain/compliance/failed-rules-store.js';
import type { ManagedDeviceSource } from '../../domain/devices/device-source.js';
import { mergeManaged } from '../../domain/devices/merge.js';
import { noteMet, strikeMissing } from '../../domain/devices/walk-store.js';
import { SourceError } from '../../domain/sync/source.js';
import type { RunFrame, SourceSync, WalkResult } from './context.js';
import { step, takePage } from './page.js';

const batchSize = 1_000;

/** The devices of Intune with their compliance, and then the rules that they fail, which need a permission of their own. */
export function complianceSync(source: ManagedDeviceSource): SourceSync {
  return {
    source: 'compliance',
    walk: (frame, signal) => walk(source, frame, signal),
    conclude: async (trx, frame) => ({ removed: await strikeMissing(trx, frame, 'intune') }),
  };
}

async function walk(source: ManagedDeviceSource, frame: RunFrame, signal: AbortSignal): Promise<WalkResult> {
  const devices = await walkDevices(source, frame, signal);
  try {
    const rules = await walkRules(source, frame, signal);
    return { ...devices, partial: devices.partial || rules.partial };
  } catch (error) {
    if (!(error instanceof SourceError) || !ofRulesAlone.has(error.fault)) throw error;
    return { ...devices, lacking: error.message, faults: [...devices.faults, error.fault] };
  }
}

/** The devices were read just before, so these faults are about the rules; the states of the devices are complete. */
const ofRulesAlone: ReadonlySet<string> = new Set(['on_hold', 'not_licensed']);

async function walkDevices({ managedDevices }: ManagedDeviceSource, frame: RunFrame, signal: AbortSignal) {
  let partial = false;
  let met = 0;
  for await (const page of managedDevices(frame.connection, signal)) {
    partial ||= page.partial;
    met += page.items.length;
    await takePage(frame, page, {
      batchSize,
      nameOf: (device) => device.intuneDeviceId,
      take: (trx, items) => mergeManaged(trx, frame, items),
      seal: (trx, malformed) =>
        noteMet(
          trx,
          frame,
          'intune',
          malformed.map(({ which }) => which),
        ),
    });
    signal.throwIfAborted();
  }
  return { partial, faults: met === 0 ? ['empty'] : [] };
}

/** A device has its rules on several pages, so they are written when all have come; until then the old ones stand. */
async function walkRules({ failedRules }: ManagedDeviceSource, frame: RunFrame, signal: AbortSignal) {
  let partial = false;
  const rules = collectRules();
  for await (const page of failedRules(frame.connection, signal)) {
    partial ||= page.partial;
    page.items.forEach(rules.add);
    await step(frame, () =>
      Promise.resolve({ pages: 1, read: page.items.length + page.malformed.length, malformed: page.malformed }),
    );
    signal.throwIfAborted();
  }
  for (const batch of rules.batches(batchSize))
    await step(frame, async (trx) => ({ changed: await saveRules(trx, batch) }));
  if (!partial) await step(frame, async (trx) => ({ changed: await clearRules(trx, rules.devices()) }));
  return { partial };
}
