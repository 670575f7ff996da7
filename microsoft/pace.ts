import type { RetryPolicy } from './retry.js';

/** Resolves when the next request may leave. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** At most `perMinute` requests in any minute of one walk; the first of them leave without a pause. */
export function createPace(
  perMinute: number,
  wait: RetryPolicy['wait'],
  now: () => number = () => performance.now(),
): Pace {
  const left: number[] = [];
  return async (signal) => {
    const oldest = left.length < perMinute ? undefined : left.shift();
    const pause = oldest === undefined ? 0 : oldest + 60_000 - now();
    if (pause > 0) await wait(pause, signal);
    left.push(now());
  };
}
