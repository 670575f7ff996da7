import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAlertBook } from './alert-book.js';
import { createBearers } from './bearer.js';
import { createFaults } from './faults.js';
import type { Faults } from './faults.js';
import { answerGraph } from './graph-service.js';
import { createRateLimit } from './rate-limit.js';
import { graphError } from './reply.js';
import type { Reply } from './reply.js';
import { bodyOf } from './request-body.js';
import { remember } from './request-log.js';
import type { LoggedRequest } from './request-log.js';
import { sandboxApp, sandboxTenants } from './tenants.js';
import type { GraphAlert, SandboxApp, SandboxTenant } from './tenants.js';
import { issueToken } from './token-endpoint.js';
import { hostHeader } from './transport.js';

export interface SandboxCloudOptions {
  /** Default: Contoso and Fabrikam with generated alerts. */
  readonly tenants?: readonly SandboxTenant[];
  readonly app?: SandboxApp;
  readonly clock?: () => Date;
  readonly seed?: number;
  /** Where raised and changed alerts are kept over a restart; without it they are forgotten. */
  readonly stateFile?: string;
  /** Application permissions granted to the app, default reading and writing alerts. */
  readonly roles?: readonly string[];
  readonly requestsPerMinute?: number;
}

/** A pretend Entra and Graph. Tenants are named by their Entra id. */
export interface SandboxCloud {
  readonly tenants: readonly SandboxTenant[];
  readonly faults: Faults;
  /** The last 2000 requests, oldest first. */
  readonly requestLog: readonly LoggedRequest[];
  /** Answers one request; for mounting in another server. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** On loopback; port 0 takes a free one. */
  listen(port?: number): Promise<{ readonly url: string; readonly close: () => Promise<void> }>;
  alerts(tenant: string): readonly GraphAlert[];
  raiseAlert(tenant: string, changes?: GraphAlert): GraphAlert;
  /** The same alert is seen again: its activity and last update move. Without an id the newest one. */
  repeatAlert(tenant: string, id?: string): GraphAlert;
  updateAlert(tenant: string, id: string, changes: GraphAlert): GraphAlert;
  burst(tenant: string, count: number, changes?: GraphAlert): readonly GraphAlert[];
}

export function createSandboxCloud(options: SandboxCloudOptions = {}): SandboxCloud {
  const { tenants = sandboxTenants, app = sandboxApp, clock = () => new Date(), seed = 1, stateFile } = options;
  const faults = createFaults();
  const bearers = createBearers();
  const book = createAlertBook({ tenants, clock, seed, stateFile });
  const limit = createRateLimit(options.requestsPerMinute ?? 150, 60_000, clock);
  const requestLog: LoggedRequest[] = [];
  const known = new Set(tenants.map((tenant) => tenant.entraTenantId));
  const roles = options.roles ?? ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All'];
  const entra = { app, tenants: known, faults, bearers, clock, roles };
  const graph = { book, faults, bearers, limit, clock };

  function answer(request: IncomingMessage, url: URL, body: string): { tenant: string | null; reply: Reply } {
    const tenant = /^\/([^/]+)\/oauth2\/v2\.0\/token$/.exec(url.pathname)?.[1];
    if (tenant !== undefined && request.method === 'POST') {
      return { tenant, reply: issueToken(entra, tenant, new URLSearchParams(body)) };
    }
    const { method = 'GET', headers } = request;
    if (!url.pathname.startsWith('/v1.0/'))
      return { tenant: null, reply: graphError(404, 'NotFound', 'Nothing here.') };
    const prefer = String(headers['prefer'] ?? '');
    return answerGraph(
      graph,
      { method, path: url.pathname, query: url.searchParams, prefer, body },
      headers.authorization,
    );
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const { tenant, reply } = answer(request, url, await bodyOf(request));
    const { method = 'GET', headers } = request;
    remember(requestLog, {
      at: clock(),
      method,
      host: String(headers[hostHeader] ?? headers.host ?? ''),
      path: url.pathname,
      query: url.search,
      tenant,
      hadToken: headers.authorization !== undefined,
      prefer: headers['prefer'] === undefined ? null : String(headers['prefer']),
      status: typeof reply === 'string' ? 0 : reply.status,
    });
    send(response, reply);
  }

  const newest = (tenant: string) =>
    book.list(tenant).reduce((a, b) => (String(a.lastUpdateDateTime) > String(b.lastUpdateDateTime) ? a : b)).id ?? '';
  const raise = (tenant: string, count: number, changes?: GraphAlert) => book.raise(tenant, count, changes);

  return {
    tenants,
    faults,
    requestLog,
    handle,
    listen: (port = 0) => listen(handle, port),
    alerts: (tenant) => book.list(tenant),
    raiseAlert: (tenant, changes) => raise(tenant, 1, changes)[0] ?? {},
    repeatAlert: (tenant, id = newest(tenant)) => {
      const status = book.find(tenant, id)?.status === 'resolved' ? { status: 'new' } : {};
      return book.change(tenant, id, { lastActivityDateTime: clock().toISOString(), ...status });
    },
    updateAlert: (tenant, id, changes) => book.change(tenant, id, changes),
    burst: raise,
  };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  if (reply === 'reset') {
    response.destroy();
    return;
  }
  // Not chained: restify replaces writeHead of every server in the process by one that returns nothing.
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}

async function listen(handle: SandboxCloud['handle'], port: number) {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      send(response, graphError(500, 'SandboxError', error instanceof Error ? error.message : String(error)));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url, close };
}
