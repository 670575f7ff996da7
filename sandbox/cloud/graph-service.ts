import type { AlertBook } from './alert-book.js';
import { commentAlert, getAlert, listAlerts, patchAlert } from './alerts-endpoint.js';
import type { Visit } from './call.js';
import type { Route, Service } from './gate.js';
import { graphManners } from './graph-manners.js';
import { ODataError } from './odata.js';
import type { RateLimit } from './rate-limit.js';
import { graphError } from './reply.js';
import type { Reply } from './reply.js';

const writers = ['SecurityAlert.ReadWrite.All'];
const readers = ['SecurityAlert.Read.All', ...writers];
const list = /^\/v1\.0\/security\/alerts_v2$/;
const one = /^\/v1\.0\/security\/alerts_v2\/([^/]+)$/;
const comments = /^\/v1\.0\/security\/alerts_v2\/([^/]+)\/comments$/;

/** Graph's /security: alerts. */
export function createGraphService(book: AlertBook, limit: RateLimit): Service {
  const routes: readonly Route[] = [
    { method: 'GET', path: list, roles: readers, answer: (visit) => orBadRequest(() => listAlerts(book, visit)) },
    { method: 'GET', path: one, roles: readers, answer: (visit, id = '') => getAlert(book, visit, id) },
    { method: 'PATCH', path: one, roles: writers, answer: (visit, id = '') => patchAlert(book, visit, id) },
    { method: 'POST', path: comments, roles: writers, answer: (visit, id = '') => commentAlert(book, visit, id) },
  ];
  return { manners: graphManners('graph'), routes, limit, unknown: unknownSegment };
}

/** Graph's answer to a path that it does not have. */
export function unknownSegment(_visit: Visit, isKnownPath: boolean): Reply {
  if (isKnownPath) return graphError(405, 'MethodNotAllowed', 'The method is not allowed here.');
  return graphError(404, 'ResourceNotFound', 'Resource not found for the segment.');
}

/** A query that Graph does not understand is a bad request. */
export function orBadRequest(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ODataError) return graphError(400, 'BadRequest', error.message);
    throw error;
  }
}
