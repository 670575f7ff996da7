import type { ActionLine } from '../state-file.js';
import type { Power } from './power.js';

export type StoredAction = ActionLine['action'];
export type ActionStatus = 'Pending' | 'InProgress' | 'Succeeded' | 'Failed' | 'TimeOut' | 'Cancelled';

/** Milliseconds from the order to the end, on a machine that is online. */
export interface ActionDelays {
  readonly isolate: number;
  readonly unisolate: number;
  readonly scan: number;
}

export const localDelays: ActionDelays = { isolate: 6_000, unisolate: 3_000, scan: 8_000 };

/** The course of an action, in milliseconds; what will not happen is Infinity. */
export interface ActionLife {
  readonly pickedUpAt: number;
  readonly endsAt: number;
  readonly ends: ActionStatus;
}

/** Microsoft gives up after three days (reference 5.1). */
export const queueMs = 72 * 3_600_000;
/** The machine asks for its orders after this part of the delay. */
const pickUpShare = 1 / 3;

/**
 * The course of all actions of one machine, oldest first. A machine isolates and releases in the order of the orders: what
 * was queued while it was offline is carried out one after the other.
 */
export function livesOf(
  actions: readonly StoredAction[],
  power: Power,
  delays: ActionDelays,
): ReadonlyMap<string, ActionLife> {
  const lives = new Map<string, ActionLife>();
  let contained = -Infinity;
  for (const action of actions) {
    const isContainment = action.type === 'Isolate' || action.type === 'Unisolate';
    const life = lifeOf(action, power, delays, isContainment ? contained : -Infinity);
    if (isContainment && life.pickedUpAt < Infinity) contained = life.endsAt;
    lives.set(action.id, life);
  }
  return lives;
}

const endings = { succeeds: 'Succeeded', fails: 'Failed', times_out: 'TimeOut', stuck: 'TimeOut' } as const;

function lifeOf(action: StoredAction, power: Power, delays: ActionDelays, notBefore: number): ActionLife {
  const created = Date.parse(action.createdAt);
  const delay = delayOf(action.type, delays);
  const asks = Math.max(created + delay * pickUpShare, notBefore);
  const pickedUp = action.fate === 'stuck' ? Infinity : power.onlineFrom(action.machineId, asks);
  const timesOut = created + queueMs;
  const whole: ActionLife =
    pickedUp > timesOut
      ? { pickedUpAt: Infinity, endsAt: timesOut, ends: 'TimeOut' }
      : { pickedUpAt: pickedUp, endsAt: pickedUp + delay * (1 - pickUpShare), ends: endings[action.fate] };
  if (!action.cancellation) return whole;
  const cancelled = Date.parse(action.cancellation.at);
  const isPickedUp = whole.pickedUpAt <= cancelled;
  return { pickedUpAt: isPickedUp ? whole.pickedUpAt : Infinity, endsAt: cancelled, ends: 'Cancelled' };
}

const delayOf = (type: string, delays: ActionDelays) =>
  type === 'Isolate' ? delays.isolate : type === 'Unisolate' ? delays.unisolate : delays.scan;

export function statusAt(life: ActionLife, now: number): ActionStatus {
  if (life.endsAt <= now) return life.ends;
  return life.pickedUpAt <= now ? 'InProgress' : 'Pending';
}

/** When the status last changed before `now`; null: it never did. */
export function changedAt(life: ActionLife, now: number): number | null {
  if (life.endsAt <= now) return life.endsAt;
  return life.pickedUpAt <= now ? life.pickedUpAt : null;
}
