import { z } from 'zod';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { MicrosoftCloud } from './cloud.js';
import { retryAfterMs } from './retry-after.js';
import { storable } from './text.js';
import type { TransportFailure } from './transport-failure.js';

interface Refusal {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Asked {
  readonly permission: string;
  readonly connection: TenantConnection;
  readonly cloud: MicrosoftCloud;
}

const errorBody = z.object({
  error: z.object({ code: z.string().catch(''), message: z.string().catch('') }),
});

interface GraphErrorBody {
  readonly code: string;
  readonly message: string;
}

/** Bodies may be empty, HTML, or the recorded {error:{code,message}}. */
function bodyOf(text: string): GraphErrorBody {
  try {
    const parsed = errorBody.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data.error;
  } catch {
    // not JSON: the status alone must do
  }
  return { code: '', message: '' };
}

export function isBrokenToken(status: number, text: string): boolean {
  return status === 401 && bodyOf(text).code === 'InvalidAuthenticationToken';
}

export function transportFault(failure: TransportFailure): SourceError {
  return new SourceError(failure.kind === 'too_large' ? 'protocol' : 'unavailable', `${failure.message}.`);
}

/** What an answer of Graph means for the sync; null for success. */
export function graphFault(answer: Refusal, asked: Asked): SourceError | null {
  const { status } = answer;
  if (status >= 200 && status < 300) return null;
  const body = bodyOf(answer.text);
  const wait = retryAfterMs(answer.headers, new Date());
  const said = storable([body.code, body.message].filter(Boolean).join(': ') || 'no explanation', 300);
  if (status === 429) return new SourceError('throttled', 'Graph throttles this tenant.', wait);
  if (status >= 500) return new SourceError('unavailable', `Graph answered HTTP ${status} (${said}).`, wait);
  if (status === 401) return new SourceError('on_hold', unauthorized(body, asked, said));
  if (status === 403) return new SourceError('on_hold', forbidden(asked, said));
  if (status === 400 && /not applicable to target tenant/i.test(body.message)) {
    return new SourceError(
      'on_hold',
      `Entra tenant ${asked.connection.entraTenantId} has no licence for this (${said}).`,
    );
  }
  if (status === 404) {
    return new SourceError(
      'unavailable',
      `Graph does not find this in the ${asked.cloud.name} cloud (HTTP 404, ${said}).`,
    );
  }
  return new SourceError('protocol', `Graph answered HTTP ${status} (${said}).`);
}

function unauthorized(body: GraphErrorBody, { connection, permission }: Asked, said: string): string {
  const tenant = connection.entraTenantId;
  if (body.code === 'Authorization_IdentityNotFound') {
    return `The app has no consent in Entra tenant ${tenant}: an administrator must grant it ${permission} (${said}).`;
  }
  if (body.code === 'InvalidAuthenticationToken') {
    return `Graph refuses every token for Entra tenant ${tenant}: check the cloud and this machine's clock (${said}).`;
  }
  return `Graph refuses the app in Entra tenant ${tenant}: check its consent and ${permission} (${said}).`;
}

function forbidden({ connection, permission }: Asked, said: string): string {
  return (
    `The application permission ${permission} of Microsoft Graph is missing in Entra tenant ${connection.entraTenantId}. ` +
    `Add it to the app and let an administrator of that tenant consent (${said}).`
  );
}
