import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { SourceError } from '../domain/alerts/alert-source.js';
import { isAllowedUrl } from './cloud.js';
import type { MicrosoftCloud } from './cloud.js';
import { exchange } from './http.js';
import type { Limits, Transport } from './http.js';
import type { Log } from './log.js';

export interface HttpHandlerOptions {
  readonly transport: Transport;
  readonly cloud: MicrosoftCloud;
  readonly log: Log;
  readonly limits: Limits;
}

const nullBodyStatus = new Set([204, 205, 304]);

/** The client wraps what its chain throws into a GraphError and drops the original; this keeps it. */
export function witness(keep: (error: unknown) => void): Middleware {
  let next: Middleware | undefined;
  const execute = async (context: Context) => {
    try {
      await next?.execute(context);
    } catch (error) {
      keep(error);
      throw error;
    }
  };
  return { execute, setNext: (middleware) => (next = middleware) };
}

/** The end of the chain: the injected transport, and the last look at where a token is about to go. */
export function httpHandler(options: HttpHandlerOptions, signal: AbortSignal): Middleware {
  const { limits } = options;
  const execute = async (context: Context) => {
    const request: unknown = context.request;
    const url = typeof request === 'string' ? request : (request as Request).url;
    if (!isAllowedUrl(url, options.cloud.graphHosts))
      throw new SourceError('protocol', 'A request left the known hosts.');
    const started = performance.now();
    const answer = await exchange(options.transport, url, { ...context.options }, limits, signal);
    const ms = Math.round(performance.now() - started);
    options.log.debug({ path: new URL(url).pathname, status: answer.status, bytes: answer.body.length, ms }, 'Graph');
    const body = nullBodyStatus.has(answer.status) ? null : new Uint8Array(answer.body);
    context.response = new Response(body, { status: answer.status, headers: answer.headers });
  };
  return { execute };
}
