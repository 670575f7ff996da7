import { AuthenticationHandler, Client, ResponseType, TelemetryHandler } from '@microsoft/microsoft-graph-client';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { MicrosoftCloud } from './cloud.js';
import { graphFault, isBrokenToken, transportFault } from './graph-faults.js';
import { httpHandler, witness } from './graph-middleware.js';
import type { Limits, Transport } from './http.js';
import type { Log } from './log.js';
import { defaultRetryPolicy, retryMiddleware } from './retry.js';
import type { RetryPolicy } from './retry.js';
import type { Tokens } from './tokens.js';
import { TransportFailure } from './transport-failure.js';

export interface GraphOptions {
  readonly tokens: Tokens;
  readonly transport: Transport;
  readonly cloud: MicrosoftCloud;
  readonly log: Log;
  readonly limits?: Limits;
  readonly retry?: RetryPolicy;
}

/** What is read, and the application permission that reading it needs. */
export interface GraphRead {
  readonly connection: TenantConnection;
  /** A path below /v1.0 with its query, or a link that Graph gave. */
  readonly target: string;
  readonly permission: string;
  readonly signal: AbortSignal;
}

export interface GraphAnswer {
  readonly status: number;
  /** The Warning header of a partial answer (HTTP 206). */
  readonly warning: string | null;
  readonly body: unknown;
}

export type GraphReader = (read: GraphRead) => Promise<GraphAnswer>;

const defaultLimits: Limits = { timeoutMs: 30_000, maxBytes: 64 * 1024 * 1024 };

/** Reads of Graph. Throws SourceError, or the reason of the signal. */
export function createGraphReader(options: GraphOptions): GraphReader {
  return async (read) => {
    const first = await attempt(options, read);
    if (!isBrokenToken(first.status, first.text)) return answerOf(first, options, read);
    options.log.info({ tenantId: read.connection.tenantId }, 'Graph refused the token, asking for a new one');
    options.tokens.refuse(read.connection, options.cloud.graphScope, first.token);
    return answerOf(await attempt(options, read), options, read);
  };
}

interface Attempt {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly token: string;
}

function answerOf(attempted: Attempt, options: GraphOptions, read: GraphRead): GraphAnswer {
  const fault = graphFault(attempted, {
    permission: read.permission,
    connection: read.connection,
    cloud: options.cloud,
  });
  if (fault) throw fault;
  return { status: attempted.status, warning: attempted.headers.get('warning'), body: parseJson(attempted.text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError('protocol', `Graph answered with something that is not JSON (${text.length} characters).`);
  }
}

/** One request through the Graph client; a chain of its own, because it belongs to one tenant, one signal, one token. */
async function attempt(options: GraphOptions, read: GraphRead): Promise<Attempt> {
  let token = '';
  let failure: unknown;
  const getAccessToken = async () => {
    token = await options.tokens.get(read.connection, options.cloud.graphScope, read.signal);
    return token;
  };
  const client = Client.initWithMiddleware({
    baseUrl: options.cloud.graphRoot,
    customHosts: new Set(options.cloud.graphHosts),
    middleware: [
      witness((error) => (failure = error)),
      new AuthenticationHandler({ getAccessToken }),
      retryMiddleware(options.retry ?? defaultRetryPolicy, read.signal),
      new TelemetryHandler(),
      httpHandler({ ...options, limits: options.limits ?? defaultLimits }, read.signal),
    ],
  });
  try {
    const request = client.api(read.target).responseType(ResponseType.RAW);
    const response = (await request.header('Prefer', 'include-unknown-enum-members').get()) as Response;
    return { status: response.status, headers: response.headers, text: await response.text(), token };
  } catch (error) {
    read.signal.throwIfAborted();
    throw failure instanceof TransportFailure ? transportFault(failure) : (failure ?? error);
  }
}
