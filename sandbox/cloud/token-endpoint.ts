import type { Bearers } from './bearer.js';
import type { MeetableFaults } from './faults.js';
import { entraError, html, json, retryAfter } from './reply.js';
import type { Reply } from './reply.js';
import type { SandboxApp } from './tenants.js';

export interface TokenEndpoint {
  readonly app: SandboxApp;
  readonly tenants: ReadonlySet<string>;
  readonly faults: MeetableFaults;
  readonly bearers: Bearers;
  readonly clock: () => Date;
  /** Granted to the app in every tenant that has not revoked its consent. */
  readonly roles: readonly string[];
}

const resources = new Set(['https://graph.microsoft.com']);
const lifetimeSeconds = 3599;

/** POST /{tenant}/oauth2/v2.0/token for client credentials, with Entra's own refusals. */
export function issueToken(cloud: TokenEndpoint, tenant: string, form: URLSearchParams): Reply {
  const down = entraIsDown(cloud.faults, tenant);
  if (down) return down;
  const refusal = refuseRequest(cloud, tenant, form) ?? refuseCredential(cloud, tenant, form);
  if (refusal) return refusal;
  const lifetime = cloud.faults.meet(tenant, 'short_token')?.lifetimeSeconds ?? lifetimeSeconds;
  const token = cloud.bearers.issue({
    aud: audience(form),
    tid: tenant,
    appid: cloud.app.clientId,
    roles: cloud.roles,
    exp: Math.floor(cloud.clock().getTime() / 1000) + lifetime,
  });
  return json(200, { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: token });
}

const audience = (form: URLSearchParams) => (form.get('scope') ?? '').split(' ')[0]?.replace(/\/\.default$/, '') ?? '';

function entraIsDown(faults: MeetableFaults, tenant: string): Reply | undefined {
  if (faults.meet(tenant, 'entra_hang')) return 'hang';
  const throttle = faults.meet(tenant, 'entra_throttle');
  if (throttle) return json(429, { error: 'temporarily_unavailable' }, retryAfter(throttle.retryAfterSeconds));
  const error = faults.meet(tenant, 'entra_error');
  if (!error) return undefined;
  return error.html ? html(error.status, 'Bad Gateway') : json(error.status, { error: 'server_error' });
}

function refuseRequest(cloud: TokenEndpoint, tenant: string, form: URLSearchParams): Reply | undefined {
  const now = cloud.clock();
  const { clientId } = cloud.app;
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
  if (form.get('client_id') !== clientId || cloud.faults.meet(tenant, 'consent_revoked')) {
    const sentence = `Application with identifier '${form.get('client_id')}' was not found in the directory '${tenant}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`;
    return entraError(400, 'unauthorized_client', 700016, sentence, now);
  }
  if (!/^\S+\/\.default( |$)/.test(form.get('scope') ?? '')) {
    return entraError(
      400,
      'invalid_scope',
      1002012,
      'The provided value for scope is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier.',
      now,
    );
  }
  if (resources.has(audience(form))) return undefined;
  return entraError(
    400,
    'invalid_resource',
    500011,
    `The resource principal named ${audience(form)} was not found in the tenant named ${tenant}.`,
    now,
  );
}

/** A secret is compared; of an assertion only the presence and its declared type are checked. */
function refuseCredential(cloud: TokenEndpoint, tenant: string, form: URLSearchParams): Reply | undefined {
  const now = cloud.clock();
  const { clientId } = cloud.app;
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
  if (cloud.faults.meet(tenant, 'secret_expired')) {
    return entraError(
      401,
      'invalid_client',
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app.`,
      now,
    );
  }
  if (secret === cloud.app.secret && !cloud.faults.meet(tenant, 'secret_wrong')) return undefined;
  return entraError(
    401,
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    now,
  );
}
