import { readCapped } from './capped-body.js';
import { TransportFailure } from './transport-failure.js';

/** How bytes leave the process: fetch, or in the sandbox a fetch that ends on loopback. */
export type Transport = typeof fetch;

export interface Limits {
  /** Milliseconds until the whole answer, its body included, must be here. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Codes of errors from before a connection stands. */
const unconnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * One request and its whole answer. Redirects are not followed, so that no header travels to a host nobody chose.
 * Throws TransportFailure, or the caller's own reason when `signal` is aborted.
 */
export async function exchange(
  transport: Transport,
  url: string,
  init: RequestInit,
  limits: Limits,
  signal?: AbortSignal,
): Promise<Answer> {
  signal?.throwIfAborted();
  const clock = startClock(limits.timeoutMs, signal);
  try {
    const response = await transport(url, { ...init, redirect: 'manual', signal: clock.signal });
    const body = await readCapped(response, limits.maxBytes);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof TransportFailure) throw error;
    const { host } = new URL(url);
    if (clock.signal.aborted) throw new TransportFailure('timeout', `${host} gave no answer in ${limits.timeoutMs} ms`);
    const cause = causeOf(error);
    throw new TransportFailure('network', `${host} could not be reached (${cause})`, unconnected.has(cause));
  } finally {
    clock.stop();
  }
}

/** AbortSignal.any keeps a reference per call on a long-lived signal in Node 20, hence by hand. */
function startClock(timeoutMs: number, caller?: AbortSignal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  caller?.addEventListener('abort', abort, { once: true });
  return {
    signal: controller.signal,
    stop: () => {
      clearTimeout(timer);
      caller?.removeEventListener('abort', abort);
    },
  };
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return String(cause);
}
