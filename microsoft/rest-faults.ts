import { z } from 'zod';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { MicrosoftCloud } from './cloud.js';
import type { RestApi } from './rest-api.js';
import { retryAfterMs } from './retry-after.js';
import { storable } from './text.js';
import type { TransportFailure } from './transport-failure.js';

interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Asked {
  readonly api: RestApi;
  readonly permission: string;
  readonly connection: TenantConnection;
  readonly cloud: MicrosoftCloud;
}

const errorBody = z.object({
  error: z.object({ code: z.string().catch(''), message: z.string().catch(''), target: z.string().catch('') }),
});

export interface RestErrorBody {
  readonly code: string;
  readonly message: string;
  /** Defender's correlation id. */
  readonly target: string;
}

/** The recorded {error:{code,message}}; empty texts for bodies that are empty, HTML or anything else. Untrusted. */
export function errorBodyOf(text: string): RestErrorBody {
  try {
    const parsed = errorBody.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data.error;
  } catch {
    // not JSON: the status alone must do
  }
  return { code: '', message: '', target: '' };
}

/** What Microsoft said, for the end of a sentence: at most 300 characters. */
export function saidBy(text: string): string {
  const { code, message } = errorBodyOf(text);
  return storable([code, message].filter(Boolean).join(': ') || 'no explanation', 300);
}

/** True when a new token may pass. Defender says the same for an expired token as for one of the wrong audience. */
export function isBrokenToken(api: RestApi, status: number, text: string): boolean {
  return status === 401 && (api.name === 'Defender' || errorBodyOf(text).code === 'InvalidAuthenticationToken');
}

export function transportFault(failure: TransportFailure): SourceError {
  return new SourceError(failure.kind === 'too_large' ? 'protocol' : 'unavailable', `${failure.message}.`);
}

/** What an answer that is no success means. */
export function restFault(answer: Refusal, asked: Asked): SourceError {
  const { status, text } = answer;
  const { api, connection } = asked;
  const { message } = errorBodyOf(text);
  const wait = retryAfterMs(answer.headers, new Date());
  const said = saidBy(text);
  if (status === 429) return new SourceError('throttled', `${api.name} throttles this tenant.`, wait);
  if (status >= 500) return new SourceError('unavailable', `${api.name} answered HTTP ${status} (${said}).`, wait);
  if (isUnlicensed(api, status, message)) {
    const tenant = connection.entraTenantId;
    return new SourceError('not_licensed', `Entra tenant ${tenant} has no licence for ${productOf(api)} (${said}).`);
  }
  if (status === 401) return new SourceError('on_hold', unauthorized(text, asked));
  if (status === 403) return new SourceError('on_hold', forbidden(asked, said));
  if (status === 404) {
    const where = `in the ${asked.cloud.name} cloud (HTTP 404, ${said})`;
    return new SourceError('unavailable', `${api.name} does not find this ${where}.`);
  }
  return new SourceError('protocol', `${api.name} answered HTTP ${status} (${said}).`);
}

function isUnlicensed(api: RestApi, status: number, message: string): boolean {
  if (status === 400) return /not applicable to target tenant/i.test(message);
  return status === 403 && api.name === 'Defender' && /licen[cs]e/i.test(message);
}

const products = { graph_security: 'this', graph_intune: 'Intune', defender: 'Defender for Endpoint' } as const;
const productOf = (api: RestApi) => products[api.budget];

function unauthorized(text: string, { api, connection, permission }: Asked): string {
  const tenant = connection.entraTenantId;
  const { code } = errorBodyOf(text);
  const said = saidBy(text);
  if (code === 'Authorization_IdentityNotFound') {
    return `The app has no consent in Entra tenant ${tenant}: an administrator must grant it ${permission} (${said}).`;
  }
  if (code === 'InvalidAuthenticationToken') {
    return `${api.name} refuses every token for Entra tenant ${tenant}: check the cloud and this machine's clock (${said}).`;
  }
  const audience = api.name === 'Defender' ? `, and that the cloud is right (tokens are for ${api.scope})` : '';
  return `${api.name} refuses the app in Entra tenant ${tenant}: check its consent and ${permission}${audience} (${said}).`;
}

function forbidden({ api, connection, permission }: Asked, said: string): string {
  const named = `${permission} of ${api.consentName}`;
  return (
    `The application permission ${named} is missing in Entra tenant ${connection.entraTenantId}. ` +
    `Add it to the app and let an administrator of that tenant consent (${said}).`
  );
}
