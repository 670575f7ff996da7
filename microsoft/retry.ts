import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { retryAfterMs } from './retry-after.js';
import { TransportFailure } from './transport-failure.js';

/** How often and how long a read is repeated inside one request; longer waits are the caller's to plan. */
export interface RetryPolicy {
  /** Calls in all, the first included. */
  readonly attempts: number;
  readonly baseMs: number;
  /** A longer Retry-After ends the attempts: the answer is handed on as it is. */
  readonly capMs: number;
  /** Rejects with the reason of the signal. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 to 1, for the jitter. */
  readonly random: () => number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 3,
  baseMs: 1000,
  capMs: 15_000,
  wait: pause,
  random: Math.random,
};

/** Node's own timer rejects with an AbortError instead of the reason. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

const worthRepeating = new Set([429, 500, 502, 503, 504]);

/** Repeats reads after throttling, server errors and lost connections; never a write, never after a timeout. */
export function retryMiddleware(policy: RetryPolicy, signal: AbortSignal): Middleware {
  let next: Middleware | undefined;
  async function execute(context: Context): Promise<void> {
    const isRead = (context.options?.method ?? 'GET') === 'GET';
    for (let attempt = 1; ; attempt++) {
      const lost = await lostConnection(() => next?.execute(context));
      const mayRepeat = isRead && attempt < policy.attempts;
      if (lost && !mayRepeat) throw lost;
      if (!lost && !(mayRepeat && worthRepeating.has(context.response?.status ?? 0))) return;
      const delay = delayMs(policy, attempt, lost ? undefined : context.response);
      if (delay > policy.capMs) return;
      await policy.wait(delay, signal);
    }
  }
  return { execute, setNext: (middleware) => (next = middleware) };
}

async function lostConnection(call: () => Promise<void> | undefined): Promise<TransportFailure | null> {
  try {
    await call();
    return null;
  } catch (error) {
    if (error instanceof TransportFailure && error.kind === 'network') return error;
    throw error;
  }
}

/** What the server asks for, else an exponential pause; in both cases with up to a quarter of jitter on top. */
function delayMs(policy: RetryPolicy, attempt: number, response: Response | undefined): number {
  const asked = response && retryAfterMs(response.headers, new Date());
  if (asked !== undefined) return asked > policy.capMs ? asked : asked + policy.random() * 0.25 * policy.baseMs;
  return Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1) * (1 + policy.random() * 0.25));
}
