import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { SourceError } from '../domain/alerts/alert-source.js';
import { isAllowedUrl } from './cloud.js';
import { exchange } from './http.js';
import type { Answer, Limits, Transport } from './http.js';
import type { Log } from './log.js';
import type { RestApi } from './rest-api.js';

export interface HttpHandlerOptions {
  readonly transport: Transport;
  readonly api: RestApi;
  readonly log: Log;
  readonly limits: Limits;
  /** Awaited before each request. */
  readonly admit: () => Promise<void>;
  /** Gets each answer with its body, which the chain itself never sees: a Response would copy it twice. */
  readonly keep: (answer: Answer) => void;
}

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
  const { limits, api } = options;
  const execute = async (context: Context) => {
    const request: unknown = context.request;
    const url = typeof request === 'string' ? request : (request as Request).url;
    if (!isAllowedUrl(url, api.hosts)) throw new SourceError('protocol', 'A request left the known hosts.');
    await options.admit();
    const started = performance.now();
    const answer = await exchange(options.transport, url, { ...context.options }, limits, signal);
    const ms = Math.round(performance.now() - started);
    options.log.debug({ path: new URL(url).pathname, status: answer.status, bytes: answer.body.length, ms }, api.name);
    options.keep(answer);
    context.response = new Response(null, { status: answer.status, headers: answer.headers });
  };
  return { execute };
}
