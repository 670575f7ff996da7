import { DeliveryError } from '../../domain/channels/teams-gateway.js';
import type { DeliveryFault } from '../../domain/channels/teams-gateway.js';
import { BotTokenError } from './bot-token.js';
import { retryAfterMs } from './retry-after.js';

/** post and reply make something new, so that sending them twice shows; an update may be repeated, and so may opening a chat. */
export type Operation = 'post' | 'reply' | 'update' | 'open';

/** What the connector's errors have in common, whichever layer threw them. */
interface Failure {
  readonly statusCode?: unknown;
  readonly code?: unknown;
  readonly response?: { readonly bodyAsText?: unknown; readonly headers?: { get(name: string): string | undefined } };
}

/** The request cannot have left this machine. */
const neverSent: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * The reaction to a failed call, by the table "Status codes from bot conversational APIs" of
 * https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability .
 */
export function toDeliveryError(error: unknown, operation: Operation, now: Date): DeliveryError {
  if (error instanceof DeliveryError) return error;
  if (error instanceof BotTokenError) return new DeliveryError('retry', error.message);
  const failure = error as Failure;
  const status = typeof failure.statusCode === 'number' ? failure.statusCode : null;
  if (status === null) return withoutAnswer(failure);
  const code = errorCode(failure);
  const wait = retryAfterMs(failure.response?.headers?.get('retry-after') ?? null, now);
  const message = `Teams answered ${status}${code ? ` ${code}` : ''}.`;
  return new DeliveryError(faultOf(status, code, operation), message, wait ?? undefined);
}

function faultOf(status: number, code: string | null, operation: Operation): DeliveryFault {
  // Whatever Teams refuses there: this person cannot be reached from there.
  if (operation === 'open' && [400, 403, 404].includes(status)) return 'lost';
  if (status === 404) return code === 'ConversationNotFound' ? 'lost' : missing(code, operation);
  if (status === 403) return 'lost';
  if (status === 429) return 'throttled';
  if ([401, 408, 412, 502, 503, 504].includes(status)) return 'retry';
  if (status >= 500) return operation === 'update' || operation === 'open' ? 'retry' : 'unknown';
  // A 2xx or 3xx that the SDK could not read was an answer all the same.
  return status >= 400 ? 'invalid' : 'unknown';
}

/** A 404 that does not say what it misses: what we addressed by id, else the conversation. */
function missing(code: string | null, operation: Operation): DeliveryFault {
  if (code === 'ActivityNotFoundInConversation') return 'gone';
  return operation === 'post' ? 'lost' : 'gone';
}

function withoutAnswer(failure: Failure): DeliveryError {
  const code = typeof failure.code === 'string' ? ` (${failure.code})` : '';
  if (neverSent.has(failure.code)) return new DeliveryError('retry', `Teams could not be reached${code}.`);
  return new DeliveryError('unknown', `Teams gave no answer${code}.`);
}

function errorCode(failure: Failure): string | null {
  const text = failure.response?.bodyAsText;
  if (typeof text !== 'string') return null;
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown } };
    return typeof error?.code === 'string' ? error.code.slice(0, 80) : null;
  } catch {
    // Proxies answer in HTML; the status alone decides then.
    return null;
  }
}
