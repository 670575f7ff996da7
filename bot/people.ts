import { z } from 'zod';
import type { RosterMember } from '../domain/services.js';
import type { Mention } from './activity.js';
import type { Connectors } from './delivery/connectors.js';
import type { BotLog } from './log.js';

/** Whom a mention means, as an Entra object id; null when Teams does not say. */
export type FindMentioned = (mention: Mention) => Promise<string | null>;

/** Who is in one conversation. */
export interface People {
  readonly mentioned: FindMentioned;
  /** Everybody, 5,000 at most; null when Teams does not say. */
  readonly everybody: () => Promise<readonly RosterMember[] | null>;
}

/** Milliseconds that a look-up in the roster is believed. */
const BELIEVED = 15 * 60_000;
const KNOWN = 5_000;

const guid = z.guid();

/** Teams' own directory of a conversation: maps the id of a mention, 29:.., to a person. */
export interface Roster {
  /** The people of one conversation. */
  of(serviceUrl: string, conversationId: string): People;
}

export function createRoster(connectors: Connectors, log: BotLog, now: () => number = Date.now): Roster {
  const known = new Map<string, { readonly objectId: string; readonly at: number }>();
  const ask = async (serviceUrl: string, conversationId: string, memberId: string): Promise<string | null> => {
    const client = await connectors.reach(serviceUrl);
    const member: unknown = await client.conversations.getConversationMember(conversationId, memberId);
    const { aadObjectId, objectId } = member as { aadObjectId?: unknown; objectId?: unknown };
    const found = guid.safeParse(aadObjectId ?? objectId);
    return found.success ? found.data.toLowerCase() : null;
  };
  const look = async (serviceUrl: string, conversationId: string, memberId: string): Promise<string | null> => {
    const key = `${conversationId} ${memberId}`;
    const cached = known.get(key);
    if (cached && now() - cached.at < BELIEVED) return cached.objectId;
    try {
      const objectId = await ask(serviceUrl, conversationId, memberId);
      if (known.size > KNOWN) known.clear();
      if (objectId !== null) known.set(key, { objectId, at: now() });
      return objectId;
    } catch (error) {
      log.warn({ err: error, conversationId }, 'The roster could not be read');
      return null;
    }
  };
  return {
    of: (serviceUrl, conversationId) => ({
      mentioned: async (mention) => ownId(mention) ?? look(serviceUrl, conversationId, mention.mentioned.id),
      everybody: () => everybody(connectors, log, serviceUrl, conversationId),
    }),
  };
}

const account = z.object({
  name: z.string().max(300).optional(),
  aadObjectId: guid.optional(),
  objectId: guid.optional(),
  tenantId: guid,
});
const pageSize = 500;
const pages = 10;
type PageOptions = { pageSize: number; continuationToken: string };

async function everybody(
  connectors: Connectors,
  log: BotLog,
  serviceUrl: string,
  conversationId: string,
): Promise<readonly RosterMember[] | null> {
  const found: RosterMember[] = [];
  try {
    const client = await connectors.reach(serviceUrl);
    let continuationToken = '';
    for (let page = 0; page < pages; page += 1) {
      // The first page has no token, whatever the SDK's types say.
      const options = continuationToken === '' ? { pageSize } : { pageSize, continuationToken };
      const answer = await client.conversations.getConversationPagedMembers(conversationId, options as PageOptions);
      found.push(...answer.members.flatMap(memberOf));
      continuationToken = answer.continuationToken ?? '';
      if (continuationToken === '') break;
    }
    return found;
  } catch (error) {
    log.warn({ err: error, conversationId }, 'The roster could not be read');
    return null;
  }
}

/** None for an account that names no person, such as another bot. */
function memberOf(given: unknown): RosterMember[] {
  const { success, data } = account.safeParse(given);
  const aadObjectId = data?.aadObjectId ?? data?.objectId;
  if (!success || !aadObjectId) return [];
  return [{ entraTenantId: data.tenantId, aadObjectId, displayName: data.name ?? 'Somebody without a name' }];
}

/** Some clients send the object id itself, bare or as 8:orgid:<id>. */
function ownId({ mentioned }: Mention): string | null {
  const candidate = mentioned.aadObjectId ?? mentioned.id.replace(/^8:orgid:/, '');
  const found = guid.safeParse(candidate);
  return found.success ? found.data.toLowerCase() : null;
}
