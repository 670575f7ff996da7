import { z } from 'zod';
import type { AlertBook } from './alert-book.js';
import { jsonBody } from './call.js';
import type { Visit } from './call.js';
import { parseFilter } from './odata-filter.js';
import { alertProperties, parseOrder, parseSkip, parseTop } from './odata.js';
import type { Order } from './odata.js';
import { linkTo, listReply } from './paging.js';
import { graphError, json } from './reply.js';
import type { Reply } from './reply.js';
import type { GraphAlert } from './tenants.js';
import { knownToOldClients } from './unknown-members.js';

const root = 'https://graph.microsoft.com/v1.0';

/** GET /security/alerts_v2. Throws ODataError. */
export function listAlerts(book: AlertBook, visit: Visit): Reply {
  const { query } = visit;
  const matching = inOrder(
    book.list(visit.tenant).filter(parseFilter(query.get('$filter'), alertProperties)),
    parseOrder(query.get('$orderby')),
  );
  const top = parseTop(query.get('$top'));
  const rest = matching.slice(startOf(matching, query));
  const lastKey = rest.length > top ? rest[top - 1]?.key : undefined;
  const next = lastKey === undefined ? undefined : { $skiptoken: Buffer.from(lastKey).toString('base64url') };
  const wantsUnknownMembers = visit.prefer.includes('include-unknown-enum-members');
  const rows = rest.slice(0, top).map(({ alert }) => (wantsUnknownMembers ? alert : knownToOldClients(alert)));
  return listReply(visit, {
    context: `${root}/$metadata#security/alerts_v2`,
    count: query.get('$count') === 'true' ? matching.length : undefined,
    link: linkTo(visit, 'graph.microsoft.com', next),
    rows,
    broken: { id: 'da-broken', severity: 7, evidence: 'none' },
  });
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

export function getAlert(book: AlertBook, visit: Visit, id: string): Reply {
  const alert = book.find(visit.tenant, id);
  return alert
    ? json(200, { '@odata.context': `${root}/$metadata#security/alerts_v2/$entity`, ...alert })
    : notFound(id);
}

/** Names of the CSDL (v1.0); those of the documentation page, such as clean and compromisedUser, are refused. */
const determinations = [
  'unknown',
  'apt',
  'malware',
  'securityPersonnel',
  'securityTesting',
  'unwantedSoftware',
  'other',
  'multiStagedAttack',
  'compromisedAccount',
  'phishing',
  'maliciousUserActivity',
  'notMalicious',
  'notEnoughDataToValidate',
  'confirmedActivity',
  'lineOfBusinessApplication',
] as const;

const edit = z
  .strictObject({
    status: z.enum(['new', 'inProgress', 'resolved']),
    classification: z.enum(['unknown', 'falsePositive', 'truePositive', 'informationalExpectedActivity']),
    determination: z.enum(determinations),
    assignedTo: z.string().nullable(),
  })
  .partial();

/** PATCH /security/alerts_v2/{id}: the answer holds the new last update time. */
export function patchAlert(book: AlertBook, visit: Visit, id: string): Reply {
  if (!book.find(visit.tenant, id)) return notFound(id);
  const parsed = edit.safeParse(jsonBody(visit));
  if (!parsed.success) return badBody();
  return json(200, book.change(visit.tenant, id, parsed.data));
}

const comment = z.strictObject({
  '@odata.type': z.literal(['microsoft.graph.security.alertComment', '#microsoft.graph.security.alertComment']),
  comment: z.string().min(1).max(30_000),
});

/** POST /security/alerts_v2/{id}/comments: the answer holds all comments. A comment is an update of the alert too. */
export function commentAlert(book: AlertBook, visit: Visit, id: string): Reply {
  const alert = book.find(visit.tenant, id);
  if (!alert) return notFound(id);
  const parsed = comment.safeParse(jsonBody(visit));
  if (!parsed.success) return badBody();
  const written = {
    comment: parsed.data.comment,
    createdByDisplayName: visit.app.name ?? visit.app.clientId,
    createdDateTime: visit.now.toISOString(),
  };
  const known = Array.isArray(alert['comments']) ? (alert['comments'] as unknown[]) : [];
  const comments = [...known, written];
  book.change(visit.tenant, id, { comments });
  return json(200, { '@odata.context': `${root}/$metadata#security/alerts_v2('${id}')/comments`, value: comments });
}

const notFound = (id: string) => graphError(404, 'ResourceNotFound', `Alert '${id}' was not found.`);
const badBody = () => graphError(400, 'BadRequest', 'The request body is not valid for this resource.');
