import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import type { SandboxCloud, SandboxCloudOptions } from '../../sandbox/cloud/cloud.js';
import { sandboxActor, sandboxApp, sandboxTenants } from '../../sandbox/cloud/tenants.js';
import type { MicrosoftRecord, SandboxApp } from '../../sandbox/cloud/tenants.js';

export const [contoso, fabrikam] = sandboxTenants;
export const tenant = contoso.entraTenantId;
export const graphScope = 'https://graph.microsoft.com/.default';
export const defenderScope = 'https://api.securitycenter.microsoft.com/.default';

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body of a list. */
  readonly rows: readonly MicrosoftRecord[];
  readonly next: string | undefined;
  readonly body: MicrosoftRecord;
  readonly code: string | undefined;
}

export interface CloudClient {
  readonly cloud: SandboxCloud;
  readonly url: string;
  /** Moves the cloud's clock. */
  pass(ms: number): void;
  now(): Date;
  token(app: SandboxApp, scope: string, entra?: string): Promise<string>;
  /** Reads with the reader's token for whatever API the path belongs to. */
  get(path: string): Promise<Answered>;
  /** Posts with the actor's token. */
  post(path: string, body: unknown): Promise<Answered>;
  /** Any request; without a token none is sent. */
  ask(path: string, init?: RequestInit, bearer?: string): Promise<Answered>;
  readonly close: () => Promise<void>;
}

/** The pretend cloud behind real HTTP, with a clock that stands still until a test moves it. */
export async function openCloud(options: SandboxCloudOptions = {}): Promise<CloudClient> {
  let now = Date.parse('2026-05-04T09:00:00Z');
  const clock = () => new Date(now);
  const cloud = createSandboxCloud({ requestsPerMinute: 100_000, clock, ...options });
  const { url, close } = await cloud.listen();

  async function token(app: SandboxApp, scope: string, entra = tenant): Promise<string> {
    const form = { grant_type: 'client_credentials', client_id: app.clientId, client_secret: app.secret, scope };
    const answer = await fetch(`${url}/${entra}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  async function ask(path: string, init: RequestInit = {}, bearer?: string): Promise<Answered> {
    const headers = new Headers(bearer === undefined ? [] : [['authorization', `Bearer ${bearer}`]]);
    return read(await fetch(`${url}${path}`, { ...init, headers }));
  }

  const scopeOf = (path: string) => (path.startsWith('/api/') ? defenderScope : graphScope);
  return {
    cloud,
    url,
    token,
    ask,
    get: async (path) => ask(path, {}, await token(sandboxApp, scopeOf(path))),
    post: async (path, body) =>
      ask(path, { method: 'POST', body: JSON.stringify(body) }, await token(sandboxActor, scopeOf(path))),
    pass: (ms) => void (now += ms),
    now: clock,
    close,
  };
}

async function read(response: Response): Promise<Answered> {
  const text = await response.text();
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as MicrosoftRecord;
  const error = body['error'] as { readonly code: string } | undefined;
  return {
    status: response.status,
    headers: response.headers,
    text,
    body,
    rows: (body['value'] ?? []) as readonly MicrosoftRecord[],
    next: body['@odata.nextLink'] as string | undefined,
    code: error?.code,
  };
}

/** Path and query of a link to a further page. */
export const pathOf = (link: string | undefined) => {
  const { pathname, search } = new URL(link ?? '');
  return pathname + search;
};

/** All rows along the links. */
export async function walk(client: CloudClient, path: string): Promise<readonly MicrosoftRecord[]> {
  const rows: MicrosoftRecord[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const page: Answered = await client.get(next);
    if (page.status !== 200) throw new Error(`${next}: ${page.status} ${page.text}`);
    rows.push(...page.rows);
    next = page.next === undefined ? undefined : pathOf(page.next);
  }
  return rows;
}
