import { AuthenticationHandler, Client, ResponseType, TelemetryHandler } from '@microsoft/microsoft-graph-client';
import type { Answer, Limits } from './http.js';
import type { RestApi } from './rest-api.js';
import { withinBudget } from './rest-budget.js';
import { transportFault } from './rest-faults.js';
import { httpHandler, witness } from './rest-middleware.js';
import type { RestRead } from './rest-reader.js';
import type { RestOptions } from './rest.js';
import { defaultRetryPolicy, retryMiddleware } from './retry.js';
import { TransportFailure } from './transport-failure.js';

/** The last answer to a read, and the token it was asked with. */
export interface Attempt extends Answer {
  readonly token: string;
}

const defaultLimits: Limits = { timeoutMs: 30_000, maxBytes: 64 * 1024 * 1024 };

/** One read through the Graph client; a chain of its own, because it belongs to one tenant, one signal, one token. */
export async function attempt(options: RestOptions, api: RestApi, read: RestRead): Promise<Attempt> {
  let token = '';
  let failure: unknown;
  let answer: Answer | undefined;
  const getAccessToken = async () => {
    token = await options.tokens.get(read.connection, api.scope, read.signal);
    return token;
  };
  const end = {
    transport: options.transport,
    log: options.log,
    api,
    limits: options.limits ?? read.limits ?? defaultLimits,
    admit: () => withinBudget(options, api, read),
    keep: (given: Answer) => (answer = given),
  };
  const client = Client.initWithMiddleware({
    baseUrl: api.root,
    defaultVersion: api.version,
    customHosts: new Set(api.hosts),
    middleware: [
      witness((error) => (failure = error)),
      new AuthenticationHandler({ getAccessToken }),
      retryMiddleware(options.retry ?? defaultRetryPolicy, read.signal),
      new TelemetryHandler(),
      httpHandler(end, read.signal),
    ],
  });
  try {
    const request = client.api(read.target).responseType(ResponseType.RAW);
    if (api.prefer !== null) request.header('Prefer', api.prefer);
    await request.get();
  } catch (error) {
    read.signal.throwIfAborted();
    throw failure instanceof TransportFailure ? transportFault(failure) : (failure ?? error);
  }
  if (!answer) throw new Error('the chain ended without an answer');
  return { ...answer, token };
}
