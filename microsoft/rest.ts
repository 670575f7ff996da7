import type { TenantConnection } from '../domain/alerts/alert-source.js';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { RequestBudget } from '../domain/sync/request-budget.js';
import { isAllowedUrl } from './cloud.js';
import type { MicrosoftCloud } from './cloud.js';
import { exchange } from './http.js';
import type { Limits, Transport } from './http.js';
import type { Log } from './log.js';
import type { RestApi } from './rest-api.js';
import { withinBudget } from './rest-budget.js';
import { isBrokenToken } from './rest-faults.js';
import type { RetryPolicy } from './retry.js';
import type { Tokens } from './tokens.js';
import { TransportFailure } from './transport-failure.js';

/** What every client of a REST API of Microsoft is made of. */
export interface RestOptions {
  readonly tokens: Tokens;
  readonly transport: Transport;
  readonly cloud: MicrosoftCloud;
  readonly log: Log;
  /** Asked before each request, repeated ones included. */
  readonly budget?: RequestBudget | undefined;
  readonly limits?: Limits | undefined;
  readonly retry?: RetryPolicy | undefined;
}

/** A request that changes something. */
export interface RestWrite {
  readonly connection: TenantConnection;
  readonly method: 'POST' | 'PATCH';
  /** Below the version, with a leading slash; its parts already encoded. */
  readonly path: string;
  /** Sent as JSON, names as they are: Defender heeds their case. */
  readonly body: object;
  /** True when a person waits for it. */
  readonly urgent: boolean;
  readonly signal: AbortSignal;
}

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const defaultLimits: Limits = { timeoutMs: 30_000, maxBytes: 4 * 1024 * 1024 };

/**
 * Sends a write once, whatever comes of it. Throws SourceError (no token) or the reason of `signal` only while nothing has
 * left. After that it resolves: to the answer of any status, or to a TransportFailure, which leaves open whether Microsoft
 * acted unless it says `neverSent`. A refused token is renewed for the next request, not for this one.
 */
export async function sendOnce(
  options: RestOptions,
  api: RestApi,
  write: RestWrite,
): Promise<RestAnswer | TransportFailure> {
  const { connection, signal } = write;
  const url = `${api.root}/${api.version}${write.path}`;
  if (!isAllowedUrl(url, api.hosts)) throw new SourceError('protocol', 'A request left the known hosts.');
  await withinBudget(options, api, write);
  const token = await options.tokens.get(connection, api.scope, signal);
  signal.throwIfAborted();
  const answer = await send(options, url, token, write);
  if (answer instanceof TransportFailure) return answer;
  if (isBrokenToken(api, answer.status, answer.text)) options.tokens.refuse(connection, api.scope, token);
  return answer;
}

async function send(options: RestOptions, url: string, token: string, write: RestWrite) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init = { method: write.method, headers, body: JSON.stringify(write.body) };
  try {
    const answer = await exchange(options.transport, url, init, options.limits ?? defaultLimits, write.signal);
    return { status: answer.status, headers: answer.headers, text: answer.body.toString('utf8') };
  } catch (error) {
    if (error instanceof TransportFailure) return error;
    if (write.signal.aborted) return new TransportFailure('network', 'The call was given up before its answer came');
    throw error;
  }
}
