import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { SourcePage } from '../../domain/sync/source.js';
import { microsoftCloud } from '../../microsoft/cloud.js';
import type { MicrosoftCloud } from '../../microsoft/cloud.js';
import type { Transport } from '../../microsoft/http.js';
import type { Log } from '../../microsoft/log.js';
import type { RestOptions } from '../../microsoft/rest.js';
import { defaultRetryPolicy } from '../../microsoft/retry.js';
import { createTokens } from '../../microsoft/tokens.js';

export const connection = { tenantId: 'tenant-1', entraTenantId: 'c0a70501-0000-4000-8000-000000000001' };
export const otherConnection = { tenantId: 'tenant-2', entraTenantId: 'c0a70502-0000-4000-8000-000000000002' };

export interface Asked {
  /** The host that the client believed to call. */
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly prefer: string | undefined;
  readonly body: string;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, instead of `json`. */
  readonly text?: string;
  /** The connection ends, or stays open without an answer. */
  readonly fails?: 'reset' | 'hang';
}

/** A server on loopback that believes to be every host of Microsoft, and what belongs in front of it. */
export interface Pretend {
  /** Requests but those for tokens. */
  readonly asked: Asked[];
  readonly tokenScopes: string[];
  /** Milliseconds that were asked to be waited; none is slept. */
  readonly pauses: number[];
  readonly logged: string[];
  /** What the API answers; tests replace it. */
  answer: (asked: Asked) => Reply;
  options(more?: Partial<RestOptions>): RestOptions;
  readonly close: () => Promise<void>;
}

const askedHost = 'x-asked-host';

export async function openPretend(cloud: MicrosoftCloud = microsoftCloud('worldwide')): Promise<Pretend> {
  let issued = 0;
  const server = createServer((request, response) => {
    void readAsked(request).then((asked) => {
      if (!asked.path.endsWith('/token')) {
        pretend.asked.push(asked);
        return write(response, pretend.answer(asked));
      }
      const scope = new URLSearchParams(asked.body).get('scope') ?? '';
      pretend.tokenScopes.push(scope);
      issued += 1;
      const token = `token-${issued} for ${asked.path.split('/')[1]}`;
      return write(response, { json: { token_type: 'Bearer', expires_in: 3600, access_token: token } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const logged: string[] = [];
  const pauses: number[] = [];
  const note = (fields: object, message: string) => void logged.push(JSON.stringify({ ...fields, message }));
  const log: Log = { debug: note, info: note, warn: note, error: note };
  const transport = toLoopback(url);
  const wait = async (ms: number, signal: AbortSignal) => {
    signal.throwIfAborted();
    pauses.push(ms);
  };
  const credentials = () => ({ clientId: 'app-1', credentials: [{ kind: 'secret' as const, secret: 'hush' }] });
  const pretend: Pretend = {
    asked: [],
    tokenScopes: [],
    pauses,
    logged,
    answer: () => ({ json: { value: [] } }),
    options: (more = {}) => ({
      tokens: createTokens({ cloud, credentials, transport, log }),
      retry: { ...defaultRetryPolicy, wait, random: () => 0 },
      ...{ transport, cloud, log },
      ...more,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return pretend;
}

function toLoopback(url: string): Transport {
  return (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    const headers = new Headers(init?.headers);
    headers.set(askedHost, asked.host);
    return fetch(new URL(asked.pathname + asked.search, url), { ...init, headers });
  };
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback');
  return {
    host: String(request.headers[askedHost]),
    method: request.method ?? '',
    path: pathname,
    query: searchParams,
    authorization: request.headers.authorization,
    prefer: [request.headers['prefer']].flat()[0],
    body: await text(request),
  };
}

function write(response: ServerResponse, reply: Reply): void {
  if (reply.fails === 'hang') return;
  if (reply.fails === 'reset') return void response.destroy();
  const body = reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json));
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(body);
}

export async function pagesOf<Item>(pages: AsyncIterable<SourcePage<Item>>): Promise<SourcePage<Item>[]> {
  const all: SourcePage<Item>[] = [];
  for await (const page of pages) all.push(page);
  return all;
}

export async function itemsOf<Item>(pages: AsyncIterable<SourcePage<Item>>): Promise<Item[]> {
  return (await pagesOf(pages)).flatMap((page) => page.items);
}

export const never = () => new AbortController().signal;

/** The page of a list that $top and $skip ask for, without any link. */
export function slice(rows: readonly unknown[], { query }: Asked): Reply {
  const [top, skip] = [Number(query.get('$top')), Number(query.get('$skip'))];
  return { json: { value: rows.slice(skip, skip + top) } };
}
