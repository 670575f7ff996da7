import { z } from 'zod';
import type { AlertBook } from './alert-book.js';
import type { MeetableFaults } from './faults.js';
import { parseFilter, parseOrder, parseSkip, parseTop } from './odata.js';
import type { Order } from './odata.js';
import { graphError, json } from './reply.js';
import type { Reply } from './reply.js';
import type { GraphAlert } from './tenants.js';
import { knownToOldClients } from './unknown-members.js';

export interface AlertsEndpoint {
  readonly book: AlertBook;
  readonly faults: MeetableFaults;
}

export interface ListRequest {
  readonly tenant: string;
  readonly query: URLSearchParams;
  /** The Prefer header names include-unknown-enum-members. */
  readonly wantsUnknownMembers: boolean;
}

const root = 'https://graph.microsoft.com/v1.0';

/** GET /security/alerts_v2. Throws ODataError. */
export function listAlerts({ book, faults }: AlertsEndpoint, request: ListRequest): Reply {
  const { tenant, query, wantsUnknownMembers } = request;
  const matching = inOrder(
    book.list(tenant).filter(parseFilter(query.get('$filter'))),
    parseOrder(query.get('$orderby')),
  );
  const top = parseTop(query.get('$top'));
  const rest = matching.slice(startOf(matching, query));
  const lastKey = rest.length > top ? rest[top - 1]?.key : undefined;
  const link = nextLink(faults, tenant, query, lastKey);
  const broken = faults.meet(tenant, 'malformed_record') ? [{ id: 'da-broken', severity: 7, evidence: 'none' }] : [];
  const rows = rest.slice(0, top).map(({ alert }) => (wantsUnknownMembers ? alert : knownToOldClients(alert)));
  const page = {
    '@odata.context': `${root}/$metadata#security/alerts_v2`,
    ...(query.get('$count') === 'true' ? { '@odata.count': matching.length } : {}),
    ...(link === undefined ? {} : { '@odata.nextLink': link }),
    value: [...broken, ...rows],
  };
  if (!faults.meet(tenant, 'partial')) return json(200, page);
  return json(206, page, { warning: '199 - "Microsoft/microsoftDefenderForIdentity/504/10000"' });
}

interface Placed {
  readonly alert: GraphAlert;
  readonly key: string;
}

function inOrder(alerts: readonly GraphAlert[], { keyOf, descending }: Order): Placed[] {
  const placed = alerts.map((alert) => ({ alert, key: keyOf(alert) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  return descending ? placed.reverse() : placed;
}

/** $skiptoken names the key of the last row sent, and stays right while alerts come and change. */
function startOf(placed: readonly Placed[], query: URLSearchParams): number {
  const token = query.get('$skiptoken');
  if (token === null) return parseSkip(query.get('$skip'));
  const key = Buffer.from(token, 'base64url').toString('utf8');
  const { descending } = parseOrder(query.get('$orderby'));
  const next = placed.findIndex((one) => (descending ? one.key < key : one.key > key));
  return next === -1 ? placed.length : next;
}

/** Graph names itself in the link, whatever host the request came through. */
function nextLink(faults: MeetableFaults, tenant: string, query: URLSearchParams, lastKey: string | undefined) {
  const fault = faults.meet(tenant, 'next_link');
  if (fault?.give === 'never' || (!fault && lastKey === undefined)) return undefined;
  const next = new URLSearchParams([...query].filter(([name]) => name !== '$skip' && name !== '$skiptoken'));
  if (lastKey !== undefined) next.set('$skiptoken', Buffer.from(lastKey).toString('base64url'));
  if (fault?.give === 'repeated') next.set('$skiptoken', '');
  if (fault?.give === 'endless') next.set('page', String(Number(query.get('page') ?? 0) + 1));
  const host = fault?.give === 'foreign' ? (fault.host ?? 'graph.microsoft.com.example') : 'graph.microsoft.com';
  return `https://${host}/v1.0/security/alerts_v2?${next.toString()}`;
}

export function getAlert({ book }: AlertsEndpoint, tenant: string, id: string): Reply {
  const alert = book.find(tenant, id);
  return alert
    ? json(200, { '@odata.context': `${root}/$metadata#security/alerts_v2/$entity`, ...alert })
    : notFound(id);
}

const edit = z
  .strictObject({
    status: z.enum(['new', 'inProgress', 'resolved']),
    classification: z.enum(['unknown', 'falsePositive', 'truePositive', 'informationalExpectedActivity']),
    determination: z.string(),
    assignedTo: z.string().nullable(),
  })
  .partial();

/** PATCH /security/alerts_v2/{id}: the answer holds the new last update time. */
export function patchAlert({ book }: AlertsEndpoint, tenant: string, id: string, body: string): Reply {
  const alert = book.find(tenant, id);
  if (!alert) return notFound(id);
  const parsed = edit.safeParse(parsedOrNull(body));
  if (!parsed.success) return graphError(400, 'BadRequest', 'The request body is not valid for this resource.');
  return json(200, book.change(tenant, id, parsed.data));
}

const notFound = (id: string) => graphError(404, 'ResourceNotFound', `Alert '${id}' was not found.`);

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
