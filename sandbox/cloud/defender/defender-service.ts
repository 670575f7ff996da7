import type { Estate } from '../estate/estate.js';
import type { Manners, Service } from '../gate.js';
import type { Limits, Quota } from '../rate-limit.js';
import { defenderAudience } from '../registrations.js';
import { defenderError, emptyReply, retryAfter } from '../reply.js';
import { actionRoutes } from './machine-actions.js';
import { exportRoutes } from './exports.js';
import { machineRoutes } from './machines.js';
import { vulnerabilityRoutes } from './vulnerabilities.js';

/** Defender for Endpoint. `pageSize` is for tests that want pages of few rows; without it they are Microsoft's. */
export function createDefenderService(
  estateOf: (tenant: string) => Estate,
  limits: Limits,
  pageSize?: number,
): Service {
  return {
    manners: defenderManners,
    limit: limits.defender,
    exportLimit: limits.defenderExport,
    routes: [
      ...exportRoutes(estateOf, pageSize ?? 50_000),
      ...machineRoutes(estateOf, pageSize ?? 10_000),
      ...vulnerabilityRoutes(estateOf, { vulnerabilities: pageSize ?? 8_000, exposures: pageSize ?? 10_000 }),
      ...actionRoutes(estateOf, pageSize ?? 10_000),
    ],
    unknown: (_visit, isKnownPath) => emptyReply(isKnownPath ? 405 : 404),
  };
}

const unauthorized = () =>
  defenderError(401, 'Unauthorized', 'Authorization has been denied for this request.', {
    'www-authenticate': 'Bearer',
  });

const defenderManners: Manners = {
  api: 'defender',
  audience: defenderAudience,
  refuseToken: unauthorized,
  noConsent: unauthorized,
  tooMany: (seconds, limit) =>
    defenderError(
      429,
      '429',
      `API calls quota exceeded! maximum allowed ${quotaText(limit)} per tenant, you can send requests again in ${seconds ?? 'some'} seconds`,
      retryAfter(seconds),
    ),
  serverError: (status) => defenderError(status, 'InternalServerError', 'An error has occurred.'),
  notLicensed: () => defenderError(403, 'Forbidden', 'Tenant is not licensed for this API.'),
  missingRole: () =>
    defenderError(403, 'Forbidden', 'The application does not have any of the required application permissions.'),
};

function quotaText(limit: Quota | null): string {
  const { requests, windowMs } = limit ?? { requests: 100, windowMs: 60_000 };
  return `${requests} per ${new Date(windowMs).toISOString().slice(11, 19)}`;
}
