import { existsSync, readFileSync } from 'node:fs';
import type { AlertPage, AlertSource, SourceFault, TenantConnection } from '../../domain/alerts/alert-source.js';
import { SourceError } from '../../domain/alerts/alert-source.js';
import { createGraphAlertSource } from '../../microsoft/alerts.js';
import type { GraphAlertOptions } from '../../microsoft/alerts.js';
import { microsoftCloud } from '../../microsoft/cloud.js';
import type { CredentialSource } from '../../microsoft/credentials.js';
import type { Transport } from '../../microsoft/http.js';
import type { Log } from '../../microsoft/log.js';
import { defaultRetryPolicy } from '../../microsoft/retry.js';
import { createTokens } from '../../microsoft/tokens.js';
import type { TokensOptions } from '../../microsoft/tokens.js';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import type { SandboxCloud, SandboxCloudOptions } from '../../sandbox/cloud/cloud.js';
import { sandboxApp, sandboxTenants } from '../../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../../sandbox/cloud/transport.js';

export const [contoso, fabrikam] = sandboxTenants;
export const contosoConnection = { tenantId: 'tenant-1', entraTenantId: contoso.entraTenantId };
export const fabrikamConnection = { tenantId: 'tenant-2', entraTenantId: fabrikam.entraTenantId };

export interface Bench {
  readonly cloud: SandboxCloud;
  readonly url: string;
  readonly logged: string[];
  /** Pauses between repeated requests, in milliseconds; none is slept. */
  readonly pauses: number[];
  tokens(options?: Partial<TokensOptions>): ReturnType<typeof createTokens>;
  source(options?: Partial<GraphAlertOptions>): ReturnType<typeof createGraphAlertSource>;
  tokenPosts(): number;
  readonly close: () => Promise<void>;
}

/** The pretend cloud behind real HTTP, and everything of microsoft/ in front of it. */
export async function openBench(options: SandboxCloudOptions = {}): Promise<Bench> {
  const cloud = createSandboxCloud({ requestsPerMinute: 10_000, ...options });
  const { url, close } = await cloud.listen();
  const logged: string[] = [];
  const pauses: number[] = [];
  const write = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const common = { cloud: microsoftCloud('worldwide'), transport: sandboxTransport(url), log };
  const wait = async (ms: number) => void pauses.push(ms);
  const tokens = (more: Partial<TokensOptions> = {}) => createTokens({ ...common, credentials: withSecret, ...more });
  return {
    cloud,
    url,
    logged,
    pauses,
    tokens,
    source: (more = {}) => {
      const retry = { ...defaultRetryPolicy, wait, random: () => 0 };
      return createGraphAlertSource({ ...common, tokens: tokens(), retry, ...more });
    },
    tokenPosts: () => cloud.requestLog.filter((request) => request.path.endsWith('/token')).length,
    close,
  };
}

export const withSecret: CredentialSource = () => ({
  clientId: sandboxApp.clientId,
  credentials: [{ kind: 'secret', secret: sandboxApp.secret }],
});

export async function collect(
  source: AlertSource,
  connection: TenantConnection = contosoConnection,
  since: string | null = null,
  signal: AbortSignal = new AbortController().signal,
): Promise<AlertPage[]> {
  const pages: AlertPage[] = [];
  for await (const page of source.pages(connection, since, signal)) pages.push(page);
  return pages;
}

export const idsOf = (pages: readonly AlertPage[]) =>
  pages.flatMap((page) => page.alerts.map((one) => one.microsoftAlertId));

/** For assert.rejects: a SourceError of that fault whose sentence matches all of `sentence`. */
export function faultOf(fault: SourceFault, ...sentence: readonly RegExp[]): (error: unknown) => true {
  return (error) => {
    if (!(error instanceof SourceError)) throw new Error(`not a SourceError: ${String(error)}`, { cause: error });
    if (error.fault !== fault) throw new Error(`fault ${error.fault}: ${error.message}`, { cause: error });
    for (const part of sentence) {
      if (!part.test(error.message)) throw new Error(`"${error.message}" does not match ${part.source}`);
    }
    return true;
  };
}

const sharedData = new URL('../../../shared/data/', import.meta.url);

/** A file of the shared test data, or null where that is not there. */
export function sharedJson(name: string): unknown {
  const file = new URL(name, sharedData);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

/** Sends what goes to one foreign https host to a server of the test, so that it can tell what it got. */
export function leaking(inner: Transport, host: string, to: string): Transport {
  return (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    return asked.host === host ? fetch(new URL(asked.pathname, to), init) : inner(input, init);
  };
}
