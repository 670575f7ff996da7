import type { Manners } from './gate.js';
import { graphAudience } from './registrations.js';
import { graphError, retryAfter } from './reply.js';

const challenge = {
  'www-authenticate':
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
};

const refusals = {
  unreadable: 'CompactToken parsing failed with error code: 80049217',
  audience: 'Access token validation failure. Invalid audience.',
  expired: 'Lifetime validation failed, the token is expired.',
};

/** Graph's own words, as recorded from live tenants. */
export function graphManners(api: 'graph' | 'intune'): Manners {
  return {
    api,
    audience: graphAudience,
    refuseToken: (why) => graphError(401, 'InvalidAuthenticationToken', refusals[why], challenge),
    noConsent: () =>
      graphError(
        401,
        'Authorization_IdentityNotFound',
        'The identity of the calling application could not be established.',
      ),
    tooMany: (seconds) =>
      graphError(
        429,
        'TooManyRequests',
        'Too many requests. Please retry after the indicated time.',
        retryAfter(seconds),
      ),
    serverError: (status) => graphError(status, 'InternalServerError', 'Try again.'),
    notLicensed: () => graphError(400, 'BadRequest', 'Request not applicable to target tenant.'),
    missingRole: () =>
      graphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'),
  };
}
