import type { IncomingMessage, ServerResponse } from 'node:http';
import { createAlertBook } from './alert-book.js';
import { createBearers } from './bearer.js';
import type { ApiCall } from './call.js';
import { createDefenderService } from './defender/defender-service.js';
import { apiOf } from './directions.js';
import { createEstateActs } from './estate/acts.js';
import type { EstateActs } from './estate/acts.js';
import { localDelays } from './estate/action-life.js';
import { openEstate } from './estate/estate.js';
import { createFaults } from './faults.js';
import type { Faults } from './faults.js';
import { passGate } from './gate.js';
import type { Outcome } from './gate.js';
import { createGraphService } from './graph-service.js';
import { createIntuneService } from './intune/intune-service.js';
import { registrationsOf } from './options.js';
import type { SandboxCloudOptions } from './options.js';
import { createLimits } from './rate-limit.js';
import { graphError } from './reply.js';
import { bodyOf } from './request-body.js';
import { remember } from './request-log.js';
import type { LoggedRequest } from './request-log.js';
import { listen, send } from './server.js';
import { openStateFile } from './state-file.js';
import { sandboxTenants } from './tenants.js';
import type { GraphAlert, SandboxTenant } from './tenants.js';
import { issueToken } from './token-endpoint.js';
import { hostHeader } from './transport.js';

export type { SandboxCloudOptions } from './options.js';

/** A pretend Entra, Graph, Intune and Defender for Endpoint. Tenants are named by their Entra id. */
export interface SandboxCloud extends EstateActs {
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
  const { tenants = sandboxTenants, clock = () => new Date(), seed = 1, pageSize, scale } = options;
  const state = openStateFile(options.stateFile);
  const book = createAlertBook({ tenants, clock, seed, state });
  const delays = { ...localDelays, ...options.actionDelays };
  const estates = new Map(
    tenants.map((tenant) => [tenant.entraTenantId, openEstate({ tenant, clock, delays, state, scale })]),
  );
  const estateOf = (tenant: string) => {
    const estate = estates.get(tenant);
    if (!estate) throw new Error(`the sandbox cloud has no tenant ${tenant}`);
    return estate;
  };
  const requestLog: LoggedRequest[] = [];
  const entra = {
    registrations: registrationsOf(options),
    tenants: new Set(tenants.map((tenant) => tenant.entraTenantId)),
    faults: createFaults(),
    bearers: createBearers(),
    clock,
  };
  const limits = createLimits(clock, options.requestsPerMinute);
  const services = {
    graph: createGraphService(book, limits.graph),
    intune: createIntuneService(estateOf, limits.intune, pageSize),
    defender: createDefenderService(estateOf, limits, pageSize),
  };

  function answer(host: string, call: ApiCall): Outcome {
    const api = apiOf(host, call.path);
    if (api === 'entra' && call.method === 'POST') {
      const [, tenant = ''] = call.path.split('/');
      const form = new URLSearchParams(call.body);
      return { tenant, clientId: form.get('client_id'), reply: issueToken(entra, tenant, form) };
    }
    if (api === undefined || api === 'entra')
      return { tenant: null, clientId: null, reply: graphError(404, 'NotFound', 'Nothing here.') };
    return passGate(entra, services[api], call);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const { method = 'GET', headers } = request;
    const prefer = headers['prefer'] === undefined ? null : String(headers['prefer']);
    const host = String(headers[hostHeader] ?? headers.host ?? '');
    const { tenant, clientId, reply } = answer(host, {
      method,
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      prefer: prefer ?? '',
      body: await bodyOf(request),
      authorization: headers.authorization,
    });
    remember(requestLog, {
      at: clock(),
      method,
      host,
      path: url.pathname,
      query: url.search,
      tenant,
      clientId,
      hadToken: headers.authorization !== undefined,
      prefer,
      status: typeof reply === 'string' ? 0 : reply.status,
    });
    send(response, reply);
  }

  const newest = (tenant: string) =>
    book.list(tenant).reduce((a, b) => (String(a.lastUpdateDateTime) > String(b.lastUpdateDateTime) ? a : b)).id ?? '';
  const raise = (tenant: string, count: number, changes?: GraphAlert) => book.raise(tenant, count, changes);

  return {
    ...createEstateActs(estateOf, tenants, clock),
    tenants,
    faults: entra.faults,
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
