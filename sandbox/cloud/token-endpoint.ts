import type { Bearers } from './bearer.js';
import type { Meet, MeetableFaults } from './faults.js';
import { audienceOf, rolesFor } from './registrations.js';
import type { Registration } from './registrations.js';
import { entraError, html, json, retryAfter } from './reply.js';
import type { Reply } from './reply.js';

export interface TokenEndpoint {
  /** Known in every tenant that has not revoked its consent. */
  readonly registrations: readonly Registration[];
  readonly tenants: ReadonlySet<string>;
  readonly faults: MeetableFaults;
  readonly bearers: Bearers;
  readonly clock: () => Date;
}

interface TokenRequest {
  readonly tenant: string;
  readonly form: URLSearchParams;
  readonly registration: Registration | undefined;
  readonly meet: Meet;
  readonly now: Date;
}

const lifetimeSeconds = 3599;

/** POST /{tenant}/oauth2/v2.0/token for client credentials, with Entra's own refusals. */
export function issueToken(cloud: TokenEndpoint, tenant: string, form: URLSearchParams): Reply {
  const app = form.get('client_id');
  const meet = cloud.faults.at(tenant, { api: 'entra', app, method: 'POST', target: `/${tenant}/oauth2/v2.0/token` });
  const registration = cloud.registrations.find((one) => one.app.clientId === app);
  const request = { tenant, form, registration, meet, now: cloud.clock() };
  const refusal = entraIsDown(meet) ?? refuseRequest(cloud, request) ?? refuseCredential(request);
  if (refusal) return refusal;
  const lifetime = meet('short_token')?.lifetimeSeconds ?? lifetimeSeconds;
  const audience = audienceOf(scopeOf(form)) ?? '';
  const token = cloud.bearers.issue({
    aud: audience,
    tid: tenant,
    appid: registration?.app.clientId ?? '',
    roles: rolesFor(audience, registration?.roles ?? []),
    exp: Math.floor(request.now.getTime() / 1000) + lifetime,
  });
  return json(200, { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: token });
}

const scopeOf = (form: URLSearchParams) => form.get('scope') ?? '';

function entraIsDown(meet: Meet): Reply | undefined {
  if (meet('entra_hang')) return 'hang';
  const throttle = meet('entra_throttle');
  if (throttle) return json(429, { error: 'temporarily_unavailable' }, retryAfter(throttle.retryAfterSeconds));
  const error = meet('entra_error');
  if (!error) return undefined;
  return error.html ? html(error.status, 'Bad Gateway') : json(error.status, { error: 'server_error' });
}

function refuseRequest(cloud: TokenEndpoint, request: TokenRequest): Reply | undefined {
  const { tenant, form, now } = request;
  if (!cloud.tenants.has(tenant)) {
    return entraError(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
      now,
    );
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return entraError(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.', now);
  }
  if (!request.registration || request.meet('consent_revoked')) {
    const sentence = `Application with identifier '${form.get('client_id')}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`;
    return entraError(400, 'unauthorized_client', 700016, sentence, now);
  }
  if (!/^\S+\/\.default( |$)/.test(scopeOf(form))) {
    return entraError(
      400,
      'invalid_scope',
      1002012,
      'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
      now,
    );
  }
  if (audienceOf(scopeOf(form)) !== undefined) return undefined;
  return entraError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${scopeOf(form).replace(/\/\.default.*$/, '')} was not found in the tenant named ${tenant}.`,
    now,
  );
}

/** A secret is compared; of an assertion only the presence and its declared type are checked. */
function refuseCredential({ form, registration, meet, now }: TokenRequest): Reply | undefined {
  const clientId = registration?.app.clientId ?? '';
  const jwt = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
  if (form.get('client_assertion') && form.get('client_assertion_type') === jwt) return undefined;
  const secret = form.get('client_secret');
  if (!secret) {
    return entraError(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
      now,
    );
  }
  if (meet('secret_expired')) {
    return entraError(
      401,
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app.`,
      now,
    );
  }
  if (secret === registration?.app.secret && !meet('secret_wrong')) return undefined;
  return entraError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    now,
  );
}
