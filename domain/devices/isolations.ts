import { updateMoment } from '../alerts/last-update.js';
import { minute, plus } from '../durations.js';
import type { SourceIsolation } from './device-source.js';

/** A time further ahead of us is a wrong clock, and would hide all that comes before it. */
const clockSkew = 5 * minute;

export interface Isolations {
  /** False for one that cannot have happened yet, which is left out. */
  add(told: SourceIsolation, now: Date): boolean;
  /** The newest of each machine. */
  batches(size: number): Generator<readonly SourceIsolation[], void>;
}

/** What a walk over isolations and releases says of each machine; the order in which it met them does not matter. */
export function collectIsolations(): Isolations {
  const newest = new Map<string, SourceIsolation>();
  return {
    add(told, now) {
      const isAhead = new Date(told.at) > plus(now, clockSkew);
      const known = newest.get(told.microsoftDeviceId);
      if (!isAhead && (!known || isNewer(told, known))) newest.set(told.microsoftDeviceId, told);
      return !isAhead;
    },
    *batches(size) {
      const all = [...newest.values()];
      for (let at = 0; at < all.length; at += size) yield all.slice(at, at + size);
    },
  };
}

/** Of two at the same microsecond it is always the same one, as in the database (isolation-store.ts). */
function isNewer(a: SourceIsolation, b: SourceIsolation): boolean {
  const [left, right] = [updateMoment(a.at).at, updateMoment(b.at).at];
  return left === right ? a.state > b.state : left > right;
}
