import type { AuthenticationResult, ConfidentialClientApplication } from '@azure/msal-node';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { MicrosoftCloud } from './cloud.js';
import { withAnyCredential } from './credential-trial.js';
import { fingerprint } from './credentials.js';
import type { Credential, CredentialSource } from './credentials.js';
import type { Limits, Transport } from './http.js';
import type { Log } from './log.js';
import { createLru } from './lru.js';
import { createTokenClient } from './token-client.js';
import { tokenFault } from './token-faults.js';

/** App-only tokens, per tenant and resource. */
export interface Tokens {
  /** A token for `scope`; concurrent callers share one request. Throws SourceError, or the reason of `signal`. */
  get(connection: TenantConnection, scope: string, signal: AbortSignal): Promise<string>;
  /** Tells that the resource refused this token: the next `get` asks Entra anew. */
  refuse(connection: TenantConnection, scope: string, token: string): void;
}

export interface TokensOptions {
  readonly cloud: MicrosoftCloud;
  readonly credentials: CredentialSource;
  readonly transport: Transport;
  readonly log: Log;
  readonly limits?: Limits;
  /** Tenants whose client and tokens stay in memory, default 1000 (about 50 MB). */
  readonly maxTenants?: number;
}

interface Kept {
  readonly token: string;
  readonly expiresAt: number;
}

const defaultLimits: Limits = { timeoutMs: 15_000, maxBytes: 1024 * 1024 };
/** MSAL renews 5 minutes early; while Entra is down a token may serve until this long before its end. */
const lastMinuteMs = 60_000;

export function createTokens(options: TokensOptions): Tokens {
  const clients = createLru<ConfidentialClientApplication>(options.maxTenants ?? 1000);
  const kept = createLru<Kept>((options.maxTenants ?? 1000) * 2);
  const refused = createLru<string>((options.maxTenants ?? 1000) * 2);
  /** By application: what Entra accepted last. */
  const accepted = createLru<string>(options.maxTenants ?? 1000);
  const running = new Map<string, Promise<string>>();

  const clientFor = (connection: TenantConnection, clientId: string, credential: Credential) =>
    clients.getOrMake(`${connection.entraTenantId} ${clientId} ${fingerprint(credential)}`, () =>
      createTokenClient({
        ...options,
        entraTenantId: connection.entraTenantId,
        clientId,
        credential,
        limits: options.limits ?? defaultLimits,
      }),
    );

  async function ask(connection: TenantConnection, scope: string, skipCache: boolean): Promise<AuthenticationResult> {
    const app = await options.credentials(connection);
    const request = { cloud: options.cloud, connection, clientId: app.clientId };
    const before: SourceError[] = [];
    const attempt = async (credential: Credential) => {
      const client = clientFor(connection, app.clientId, credential);
      const result = await client.acquireTokenByClientCredential({ scopes: [scope], skipCache });
      if (result?.accessToken) {
        accepted.set(app.clientId, fingerprint(credential));
        return result;
      }
      throw new SourceError('protocol', 'Entra answered without a token.');
    };
    const refused = (credential: Credential, error: unknown) => {
      const fault = tokenFault(error, request);
      before.push(fault);
      const { kind } = credential;
      options.log.warn(
        { tenantId: connection.tenantId, kind, why: fault.message },
        'credential refused, trying the next',
      );
    };
    try {
      const last = accepted.get(app.clientId);
      return await withAnyCredential(acceptedFirst(app.credentials, last), attempt, refused);
    } catch (error) {
      throw together(before, tokenFault(error, request));
    }
  }

  async function acquire(key: string, connection: TenantConnection, scope: string): Promise<string> {
    const last = kept.get(key);
    const wasRefused = last !== undefined && refused.get(key) === last.token;
    try {
      const result = await ask(connection, scope, wasRefused);
      kept.set(key, { token: result.accessToken, expiresAt: result.expiresOn?.getTime() ?? 0 });
      return result.accessToken;
    } catch (error) {
      const passing = error instanceof SourceError && (error.fault === 'unavailable' || error.fault === 'throttled');
      if (!passing || !last || wasRefused || last.expiresAt - lastMinuteMs < Date.now()) throw error;
      options.log.warn(
        { tenantId: connection.tenantId, fault: error.fault },
        'Entra is not answering, using the last token',
      );
      return last.token;
    }
  }

  const keyOf = (connection: TenantConnection, scope: string) =>
    `${connection.tenantId} ${connection.entraTenantId} ${scope}`;

  return {
    get: (connection, scope, signal) => {
      const key = keyOf(connection, scope);
      const flight = running.get(key) ?? acquire(key, connection, scope).finally(() => running.delete(key));
      running.set(key, flight);
      return untilAborted(flight, signal);
    },
    refuse: (connection, scope, token) => {
      refused.set(keyOf(connection, scope), token);
    },
  };
}

/** Or else each token, kept ones included, would be preceded by a request that Entra refuses. */
function acceptedFirst(credentials: readonly Credential[], last: string | undefined): readonly Credential[] {
  const isOther = (credential: Credential) => Number(fingerprint(credential) !== last);
  return last === undefined ? credentials : credentials.toSorted((a, b) => isOther(a) - isOther(b));
}

/** Of two credentials that are refused, an administrator must know both. */
function together(before: readonly SourceError[], last: SourceError): SourceError {
  if (last.fault !== 'on_hold') return last;
  return new SourceError('on_hold', [...new Set([...before, last].map(({ message }) => message))].join(' '));
}

/** One caller may give up without taking the shared request away from the others. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
