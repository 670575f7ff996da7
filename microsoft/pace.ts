import type { RetryPolicy } from './retry.js';

/** Resolves when the next request may leave. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** At most `perMinute` requests in any minute, of all that share the pace; the first of them leave without a pause. */
export function createPace(
  perMinute: number,
  wait: RetryPolicy['wait'],
  now: () => number = () => performance.now(),
): Pace {
  const left: number[] = [];
  return async (signal) => {
    const oldest = left.length < perMinute ? undefined : left.shift();
    const at = oldest === undefined ? now() : Math.max(now(), oldest + 60_000);
    left.push(at);
    if (at > now()) await wait(at - now(), signal);
  };
}
