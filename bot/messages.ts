import type { IncomingHttpHeaders } from 'node:http';
import type { TurnContext } from 'botbuilder';
import { AuthenticationError } from 'botframework-connector';
import type { AuthenticateRequestResult } from 'botframework-connector';
import type { Activity } from 'botframework-schema';
import { z } from 'zod';
import type { TeamsAdapter } from './adapter.js';
import type { BotLog } from './log.js';

/** Less than this is no activity: who sent it and where an answer goes could not even be asked. */
const envelope = z.looseObject({
  type: z.string().min(1).max(100),
  channelId: z.literal('msteams'),
  serviceUrl: z.string().min(1).max(500),
  conversation: z.looseObject({ id: z.string().min(1).max(1000) }),
});

export interface MessagesRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  readonly correlationId: string;
}

export interface MessagesAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Milliseconds for fetching Microsoft's signing keys. */
const VERIFICATION_PATIENCE = 10_000;

/** Everything that Teams posts to us. Nothing runs before shape, address and token are found good. */
export function createMessages(
  adapter: TeamsAdapter,
  logic: (context: TurnContext, correlationId: string) => Promise<void>,
  log: BotLog,
): (request: MessagesRequest) => Promise<MessagesAnswer> {
  return async ({ headers, body, correlationId }) => {
    const shape = envelope.safeParse(body);
    if (!shape.success) return refusal(400, 'This is not an activity of Microsoft Teams.');
    if (!adapter.isAllowed(shape.data.serviceUrl)) {
      log.warn({ correlationId, reason: 'service URL' }, 'An activity was refused');
      return refusal(403, 'The service URL is not one of Microsoft Teams.');
    }
    const activity = withDates(shape.data);
    const verified = await verify(adapter, activity, headers.authorization ?? '');
    if ('status' in verified) {
      log.warn({ correlationId, reason: verified.reason }, 'An activity was refused');
      return refusal(verified.status, verified.sentence);
    }
    const response = await adapter.run(verified, activity, (context) => logic(context, correlationId));
    return { status: response?.status ?? 200, body: response?.body as unknown };
  };
}

interface Unverified {
  readonly status: number;
  readonly sentence: string;
  readonly reason: string;
}

/** Whatever the SDK throws here means that nobody vouches for the activity, unless the keys could not be read. */
async function verify(
  adapter: TeamsAdapter,
  activity: Activity,
  header: string,
): Promise<AuthenticateRequestResult | Unverified> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new AuthenticationError('Keys took too long.', 500)), VERIFICATION_PATIENCE);
    });
    const verified = await Promise.race([adapter.verify(activity, header), late]);
    const issuer = verified.claimsIdentity.getClaimValue('iss');
    if (adapter.issuer === null || issuer === adapter.issuer) return verified;
    return { status: 403, sentence: 'The token is not from Microsoft Teams.', reason: 'issuer' };
  } catch (error) {
    return unverified(error);
  } finally {
    clearTimeout(timer);
  }
}

function unverified(error: unknown): Unverified {
  const { name, message } = error instanceof Error ? error : { name: 'Error', message: 'unknown' };
  const keysMissing = name === 'FetchError' || (error instanceof AuthenticationError && error.statusCode >= 500);
  if (keysMissing) return { status: 503, sentence: 'The sender cannot be verified at the moment.', reason: message };
  return { status: 401, sentence: 'The request carries no valid token.', reason: message };
}

function refusal(status: number, sentence: string): MessagesAnswer {
  return { status, body: { error: sentence } };
}

/** As the SDK's own activity check does; a date that is none is left out. */
function withDates(activity: Record<string, unknown>): Activity {
  const dates = ['timestamp', 'localTimestamp', 'expiration'].map((key) => {
    const date = new Date(String(activity[key]));
    return [key, Number.isNaN(date.getTime()) ? undefined : date] as const;
  });
  return { ...activity, ...Object.fromEntries(dates) } as unknown as Activity;
}
