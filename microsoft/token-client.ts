import { ConfidentialClientApplication, LogLevel } from '@azure/msal-node';
import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { MicrosoftCloud } from './cloud.js';
import { msalCredential } from './credentials.js';
import type { Credential } from './credentials.js';
import { exchange } from './http.js';
import type { Answer, Limits, Transport } from './http.js';
import { retryAfterMs } from './retry-after.js';
import { CarriedFault } from './token-faults.js';
import { TransportFailure } from './transport-failure.js';

export interface TokenClientOptions {
  readonly cloud: MicrosoftCloud;
  readonly entraTenantId: string;
  readonly clientId: string;
  readonly credential: Credential;
  readonly transport: Transport;
  readonly limits: Limits;
}

/** MSAL for one app in one tenant; MSAL keeps the tokens, in memory. */
export function createTokenClient(options: TokenClientOptions): ConfidentialClientApplication {
  return new ConfidentialClientApplication({
    auth: {
      clientId: options.clientId,
      authority: `https://${options.cloud.loginHost}/${options.entraTenantId}`,
      knownAuthorities: [options.cloud.loginHost],
      ...msalCredential(options.credential),
    },
    system: {
      networkClient: networkClient(options.transport, options.limits),
      loggerOptions: { logLevel: LogLevel.Error, piiLoggingEnabled: false, loggerCallback: () => undefined },
    },
  });
}

function networkClient(transport: Transport, limits: Limits): INetworkModule {
  const send = async <T>(url: string, method: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> => {
    const init = { method, headers: options?.headers, body: method === 'POST' ? (options?.body ?? '') : undefined };
    const answer = await exchange(transport, url, init, limits).catch((error: unknown) => {
      if (!(error instanceof TransportFailure)) throw error;
      throw new CarriedFault(new SourceError('unavailable', `No token from Entra: ${error.message}.`));
    });
    return { headers: Object.fromEntries(answer.headers), status: answer.status, body: tokenBody(answer) as T };
  };
  return {
    sendGetRequestAsync: (url, options) => send(url, 'GET', options),
    sendPostRequestAsync: (url, options) => send(url, 'POST', options),
  };
}

/** Throttling and outages are thrown here, because MSAL would lose the status and block further calls for a minute. */
function tokenBody(answer: Answer): unknown {
  const wait = retryAfterMs(answer.headers, new Date());
  if (answer.status === 429)
    throw new CarriedFault(new SourceError('throttled', 'Entra throttles token requests.', wait));
  if (answer.status >= 500) {
    throw new CarriedFault(new SourceError('unavailable', `Entra answered HTTP ${answer.status}.`, wait));
  }
  try {
    const body: unknown = JSON.parse(answer.body.toString('utf8'));
    if (typeof body === 'object' && body !== null) return body;
  } catch {
    // told below, as is every other answer that is not an object
  }
  throw new CarriedFault(new SourceError('protocol', `Entra answered HTTP ${answer.status} without JSON.`));
}
