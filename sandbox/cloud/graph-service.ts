import type { AlertBook } from './alert-book.js';
import { getAlert, listAlerts, patchAlert } from './alerts-endpoint.js';
import type { Bearers, Claims } from './bearer.js';
import type { MeetableFaults } from './faults.js';
import { ODataError } from './odata.js';
import type { RateLimit } from './rate-limit.js';
import { graphError, html, retryAfter } from './reply.js';
import type { Reply } from './reply.js';

export interface GraphService {
  readonly book: AlertBook;
  readonly faults: MeetableFaults;
  readonly bearers: Bearers;
  readonly limit: RateLimit;
  readonly clock: () => Date;
}

export interface GraphCall {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly prefer: string;
  readonly body: string;
}

export interface GraphOutcome {
  readonly tenant: string | null;
  readonly reply: Reply;
}

const readRoles = ['SecurityAlert.Read.All', 'SecurityAlert.ReadWrite.All'];
const writeRoles = ['SecurityAlert.ReadWrite.All'];

/** Graph: first whose token it is, then what is broken today, then the quota, then the resource. */
export function answerGraph(graph: GraphService, call: GraphCall, authorization: string | undefined): GraphOutcome {
  const claims = graph.bearers.read(authorization);
  const refusal = refuseToken(graph, claims);
  if (refusal || !claims) return { tenant: claims?.tid ?? null, reply: refusal ?? 'reset' };
  const reply = faulty(graph.faults, claims.tid) ?? overQuota(graph, claims) ?? refuseRole(graph.faults, call, claims);
  return { tenant: claims.tid, reply: reply ?? malformed(graph.faults, claims.tid, resource(graph, call, claims.tid)) };
}

const challenge = {
  'www-authenticate':
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
};

function refuseToken(graph: GraphService, claims: Claims | null): Reply | undefined {
  const refuse = (why: string) => graphError(401, 'InvalidAuthenticationToken', why, challenge);
  if (!claims) return refuse('CompactToken parsing failed with error code: 80049217');
  if (claims.aud !== 'https://graph.microsoft.com') return refuse('Access token validation failure. Invalid audience.');
  if (claims.exp * 1000 <= graph.clock().getTime() || graph.faults.meet(claims.tid, 'token_refused')) {
    return refuse('Lifetime validation failed, the token is expired.');
  }
  if (!graph.faults.meet(claims.tid, 'consent_revoked')) return undefined;
  return graphError(
    401,
    'Authorization_IdentityNotFound',
    'The identity of the calling application could not be established.',
  );
}

function faulty(faults: MeetableFaults, tenant: string): Reply | undefined {
  if (faults.meet(tenant, 'hang')) return 'hang';
  if (faults.meet(tenant, 'reset')) return 'reset';
  const throttle = faults.meet(tenant, 'throttle');
  if (throttle) return tooMany(throttle.retryAfterSeconds);
  const error = faults.meet(tenant, 'server_error');
  if (error)
    return error.html
      ? html(error.status, 'Bad Gateway')
      : graphError(error.status, 'InternalServerError', 'Try again.');
  if (faults.meet(tenant, 'not_found')) return { status: 404, body: '' };
  if (faults.meet(tenant, 'not_licensed'))
    return graphError(400, 'BadRequest', 'Request not applicable to target tenant.');
  return undefined;
}

const tooMany = (seconds: number | null) =>
  graphError(429, 'TooManyRequests', 'Too many requests. Please retry after the indicated time.', retryAfter(seconds));

function overQuota(graph: GraphService, claims: Claims): Reply | undefined {
  const wait = graph.limit.check(`${claims.appid} ${claims.tid}`);
  return wait === null ? undefined : tooMany(wait);
}

function refuseRole(faults: MeetableFaults, call: GraphCall, claims: Claims): Reply | undefined {
  const needed = call.method === 'PATCH' ? writeRoles : readRoles;
  const isTakenAway = faults.meet(claims.tid, 'permission_missing') !== undefined;
  if (!isTakenAway && needed.some((role) => claims.roles.includes(role))) return undefined;
  return graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

function malformed(faults: MeetableFaults, tenant: string, reply: Reply): Reply {
  if (typeof reply === 'string' || !faults.meet(tenant, 'malformed_json')) return reply;
  return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
}

function resource(graph: GraphService, call: GraphCall, tenant: string): Reply {
  const [, id] = /^\/v1\.0\/security\/alerts_v2(?:\/([^/]+))?$/.exec(call.path) ?? [];
  const isList = call.path === '/v1.0/security/alerts_v2';
  if (isList && call.method === 'GET') return listOr400(graph, call, tenant);
  if (id !== undefined && call.method === 'GET') return getAlert(graph, tenant, decodeURIComponent(id));
  if (id !== undefined && call.method === 'PATCH') return patchAlert(graph, tenant, decodeURIComponent(id), call.body);
  return graphError(404, 'ResourceNotFound', 'Resource not found for the segment.');
}

function listOr400(graph: GraphService, call: GraphCall, tenant: string): Reply {
  const wantsUnknownMembers = call.prefer.includes('include-unknown-enum-members');
  try {
    return listAlerts(graph, { tenant, query: call.query, wantsUnknownMembers });
  } catch (error) {
    if (error instanceof ODataError) return graphError(400, 'BadRequest', error.message);
    throw error;
  }
}
