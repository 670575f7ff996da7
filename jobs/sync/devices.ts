import type { MachineSource } from '../../domain/devices/device-source.js';
import { mergeMachines } from '../../domain/devices/merge.js';
import { noteMet, strikeMissing } from '../../domain/devices/walk-store.js';
import type { RunFrame, SourceSync, WalkResult } from './context.js';
import { takePage } from './page.js';

const batchSize = 1_000;

/** The machines of Defender: always all of them, since only what a complete walk did not meet may be gone. */
export function deviceSync(source: MachineSource): SourceSync {
  return {
    source: 'devices',
    walk: (frame, signal) => walk(source, frame, signal),
    conclude: async (trx, frame) => ({ removed: await strikeMissing(trx, frame, 'defender') }),
  };
}

async function walk({ machines }: MachineSource, frame: RunFrame, signal: AbortSignal): Promise<WalkResult> {
  let partial = false;
  let met = 0;
  for await (const page of machines(frame.connection, signal)) {
    partial ||= page.partial;
    met += page.items.length;
    await takePage(frame, page, {
      batchSize,
      nameOf: (machine) => machine.microsoftDeviceId,
      take: (trx, items) => mergeMachines(trx, frame, items),
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
  return { partial, faults: met === 0 ? ['empty'] : [] };
}
