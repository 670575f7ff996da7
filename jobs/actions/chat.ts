import { channelsNear, keepConversation } from '../../domain/channels/conversations.js';
import { DeliveryError } from '../../domain/channels/teams-gateway.js';
import type { ConversationReference, PersonToReach } from '../../domain/channels/teams-gateway.js';
import type { Ask } from '../../domain/actions/ask-store.js';
import type { AskContext } from './context.js';

export type Found =
  | { readonly is: 'chat'; readonly id: string }
  /** Teams does not say just now. */
  | { readonly is: 'later' }
  | { readonly is: 'none' };

const none: Found = { is: 'none' };

/** The person's chat with the bot: the known one, else one that is opened from a channel near the person. */
export async function findChat(context: AskContext, tenantId: string, ask: Ask): Promise<Found> {
  const { aadObjectId, entraTenantId, mayRead } = ask;
  const wasLost = ask.askedAt !== null;
  if (!mayRead || wasLost || aadObjectId === null || entraTenantId === null) return none;
  if (ask.chat !== null) return { is: 'chat', id: ask.chat };
  let found = none;
  for (const near of await channelsNear(context.db, tenantId, entraTenantId)) {
    const opened = await open(context, { entraTenantId, aadObjectId, near });
    if (opened.is === 'chat') return opened;
    if (opened.is === 'later') found = opened;
  }
  return found;
}

async function open(context: AskContext, person: PersonToReach): Promise<Found> {
  try {
    const chat = await context.gateway.openPersonal(person);
    return await keep(context, chat, person.aadObjectId);
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error;
    context.log.debug({ fault: error.fault }, `a personal chat was not opened: ${error.message}`);
    return ['throttled', 'retry', 'unknown'].includes(error.fault) ? { is: 'later' } : none;
  }
}

/** Remembered, so that the next card goes there at once. */
async function keep({ db }: AskContext, chat: ConversationReference, aadObjectId: string): Promise<Found> {
  const nameless = { team: null, channel: null, aadObjectId };
  const accepted = (await keepConversation(db, chat, nameless)) !== null;
  return accepted ? { is: 'chat', id: chat.conversationId } : none;
}
