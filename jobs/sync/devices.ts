import type { MachineSource } from '../../domain/devices/device-source.js';
import { mergeMachines } from '../../domain/devices/merge.js';
import { noteMet, strikeMissing } from '../../domain/devices/walk-store.js';
import { enqueueVulnerabilities } from '../../domain/sync/follow-up.js';
import type { RunFrame, SourceSync, WalkResult } from './context.js';
import { walkIsolations } from './isolations.js';
import { takePage } from './page.js';

const batchSize = 1_000;

/**
 * The machines of Defender: always all of them, since only what a complete walk did not meet may be gone. Then which of them
 * are isolated, which the machines do not say.
 */
export function deviceSync(source: MachineSource): SourceSync {
  return {
    source: 'devices',
    walk: (frame, signal) => walk(source, frame, signal),
    conclude: async (trx, frame) => {
      if (frame.isFirst) await enqueueVulnerabilities(trx);
      return { removed: await strikeMissing(trx, frame, 'defender') };
    },
  };
}

async function walk(source: MachineSource, frame: RunFrame, signal: AbortSignal): Promise<WalkResult> {
  const { partial, met, new: made } = await walkMachines(source, frame, signal);
  const isolations = await walkIsolations(source, frame, made > 0, signal);
  return { ...isolations, partial, faults: [...(met === 0 ? ['empty'] : []), ...isolations.faults] };
}

async function walkMachines({ machines }: MachineSource, frame: RunFrame, signal: AbortSignal) {
  const walked = { partial: false, met: 0, new: 0 };
  for await (const page of machines(frame.connection, signal)) {
    walked.partial ||= page.partial;
    walked.met += page.items.length;
    await takePage(frame, page, {
      batchSize,
      nameOf: (machine) => machine.microsoftDeviceId,
      take: async (trx, items) => {
        const counts = await mergeMachines(trx, frame, items);
        walked.new += counts.new;
        return counts;
      },
      seal: (trx, malformed) =>
        noteMet(
          trx,
          frame,
          'defender',
          malformed.map(({ which }) => which),
        ),
    });
    signal.throwIfAborted();
  }
  return walked;
}
