import { setTimeout as sleep } from 'node:timers/promises';
import type { Lane } from '../../domain/channels/lane-store.js';
import { beginNext } from './begin.js';
import type { LaneMemory, Step } from './begin.js';
import type { DeliveryContext } from './context.js';
import { send } from './send.js';

/** How a loop leaves a lane: `taken` by another loop, else after so many ms it may be worth looking again. */
export type Left = { readonly taken: true } | { readonly taken: false; readonly againInMs: number | null };

/** Delivers at most one slice of a leased lane, one request after the other. */
export async function deliverLane(context: DeliveryContext, lane: Lane): Promise<Left> {
  const memo: LaneMemory = { after: '0', sent: undefined };
  for (let turn = 0; turn < context.slice && !context.stopping.aborted; turn += 1) {
    const step = await beginNext(context, lane, memo);
    if (step.is === 'taken') return { taken: true };
    if (step.is === 'empty') return { taken: false, againInMs: null };
    const rest = await restAfter(context, lane, memo, step);
    if (rest > context.times.keepMs) return { taken: false, againInMs: rest };
    if (rest > 0) await untilStopped(context, rest);
  }
  return { taken: false, againInMs: 0 };
}

async function restAfter(context: DeliveryContext, lane: Lane, memo: LaneMemory, step: Step): Promise<number> {
  if (step.is === 'waiting') return step.ms;
  if (step.is !== 'begun') return 0;
  const { accepted, rest } = await send(context, lane, step.begun);
  if (accepted) memo.after = step.begun.row.id;
  return rest;
}

async function untilStopped({ stopping }: DeliveryContext, ms: number): Promise<void> {
  await sleep(Math.ceil(ms), undefined, { signal: stopping }).catch(() => undefined);
}
