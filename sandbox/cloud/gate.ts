import type { Bearers, Claims } from './bearer.js';
import type { ApiCall, Visit } from './call.js';
import type { Api, Meet, MeetableFaults } from './faults.js';
import type { Quota, RateLimit } from './rate-limit.js';
import type { Registration } from './registrations.js';
import { html } from './reply.js';
import type { Reply } from './reply.js';

/** How one API says the things that all of them say. */
export interface Manners {
  readonly api: Api;
  readonly audience: string;
  refuseToken(why: 'unreadable' | 'audience' | 'expired'): Reply;
  noConsent(): Reply;
  tooMany(retryAfterSeconds: number | null, limit: Quota | null): Reply;
  serverError(status: number): Reply;
  notLicensed(): Reply;
  missingRole(): Reply;
}

/** A thing of an API that can be asked for; any one of `roles` opens it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Its groups are the arguments of `answer`. */
  readonly path: RegExp;
  readonly roles: readonly string[];
  /** Has a smaller quota of its own. */
  readonly isExport?: boolean;
  answer(visit: Visit, ...parts: string[]): Reply;
}

export interface Service {
  readonly manners: Manners;
  readonly routes: readonly Route[];
  readonly limit: RateLimit;
  readonly exportLimit?: RateLimit;
  /** No such path, or not with this method. */
  unknown(visit: Visit, isKnownPath: boolean): Reply;
}

export interface Gate {
  readonly registrations: readonly Registration[];
  readonly faults: MeetableFaults;
  readonly bearers: Bearers;
  readonly clock: () => Date;
}

export interface Outcome {
  readonly tenant: string | null;
  readonly clientId: string | null;
  readonly reply: Reply;
}

/** Every API: first whose token it is, then what is broken today, then the quota, then the permission, then the resource. */
export function passGate(gate: Gate, service: Service, call: ApiCall): Outcome {
  const claims = gate.bearers.read(call.authorization);
  const registration = gate.registrations.find(({ app }) => app.clientId === claims?.appid);
  if (!claims || !registration)
    return { tenant: null, clientId: null, reply: service.manners.refuseToken('unreadable') };
  const target = `${call.path}?${decoded(call.query)}`;
  const place = { api: service.manners.api, app: claims.appid, method: call.method, target };
  const visit: Visit = {
    ...call,
    tenant: claims.tid,
    app: registration.app,
    meet: gate.faults.at(claims.tid, place),
    now: gate.clock(),
  };
  const reply = refuseToken(service.manners, claims, visit) ?? faulty(service.manners, visit.meet);
  return { tenant: claims.tid, clientId: claims.appid, reply: reply ?? askService(service, claims, visit) };
}

const decoded = (query: URLSearchParams) => [...query].map(([name, value]) => `${name}=${value}`).join('&');

function refuseToken(manners: Manners, claims: Claims, { meet, now }: Visit): Reply | undefined {
  if (claims.aud !== manners.audience) return manners.refuseToken('audience');
  if (claims.exp * 1000 <= now.getTime() || meet('token_refused')) return manners.refuseToken('expired');
  return meet('consent_revoked') ? manners.noConsent() : undefined;
}

function faulty(manners: Manners, meet: Meet): Reply | undefined {
  if (meet('hang')) return 'hang';
  if (meet('reset')) return 'reset';
  const throttle = meet('throttle');
  if (throttle) return manners.tooMany(throttle.retryAfterSeconds, null);
  const error = meet('server_error');
  if (error) return error.html ? html(error.status, 'Bad Gateway') : manners.serverError(error.status);
  if (meet('not_found')) return { status: 404, body: '' };
  return meet('not_licensed') ? manners.notLicensed() : undefined;
}

function askService(service: Service, claims: Claims, visit: Visit): Reply {
  const { manners, routes } = service;
  const matching = routes.flatMap((route) => {
    const parts = route.path.exec(visit.path)?.slice(1);
    return parts ? [{ route, parts }] : [];
  });
  const found = matching.find(({ route }) => route.method === visit.method);
  const limit = found?.route.isExport ? (service.exportLimit ?? service.limit) : service.limit;
  const over = limit.check(`${claims.appid} ${claims.tid}`);
  if (over) return manners.tooMany(over.seconds, over.limit);
  if (!found) return service.unknown(visit, matching.length > 0);
  const isAllowed = found.route.roles.some((role) => claims.roles.includes(role));
  if (!isAllowed || visit.meet('permission_missing')) return manners.missingRole();
  return spoilt(visit, found.route, found.route.answer(visit, ...found.parts), manners);
}

/** What may still happen to an answer when the work is done. */
function spoilt({ meet }: Visit, route: Route, reply: Reply, manners: Manners): Reply {
  if (typeof reply === 'string') return reply;
  const lost = route.method === 'GET' || reply.status >= 300 ? undefined : meet('answer_lost');
  if (lost) return lost.how === 'server_error' ? manners.serverError(500) : lost.how;
  return meet('malformed_json') ? { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) } : reply;
}
