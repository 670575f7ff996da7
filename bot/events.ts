import type { IncomingActivity } from './activity.js';
import { entraTenantOf } from './caller.js';
import type { ConversationBook } from './conversations.js';
import { bareId } from './delivery/activities.js';

/** Why a conversation no longer takes our messages. */
const endings: ReadonlyMap<string, string> = new Map([
  ['channelDeleted', 'The channel was deleted.'],
  ['teamDeleted', 'The team was deleted.'],
  ['teamHardDeleted', 'The team was deleted for good.'],
  ['teamArchived', 'The team was archived.'],
]);
const APP_REMOVED = 'The app was removed.';

/** Installation and removal, and what happens to teams, channels and members. */
export async function onEvent(activity: IncomingActivity, book: ConversationBook): Promise<void> {
  const gone = goneConversation(activity);
  const entraTenantId = entraTenantOf(activity);
  if (gone && entraTenantId !== null) await book.strike(gone.conversationId, gone.why, entraTenantId);
  // A channel nobody has spoken in is noted when somebody does.
  else if (!gone && activity.channelData?.eventType !== 'channelCreated') await book.note(activity);
}

function goneConversation(activity: IncomingActivity): { conversationId: string; why: string } | null {
  const conversationId = bareId(activity.conversation.id);
  if (activity.type === 'installationUpdate') {
    return activity.action === 'remove' ? { conversationId, why: APP_REMOVED } : null;
  }
  const { eventType, channel } = activity.channelData ?? {};
  const why = eventType === undefined ? undefined : endings.get(eventType);
  if (why) return { conversationId: eventType === 'channelDeleted' && channel ? channel.id : conversationId, why };
  const botId = activity.recipient?.id;
  const removed = activity.membersRemoved?.some((member) => member.id === botId) ?? false;
  return removed ? { conversationId, why: APP_REMOVED } : null;
}
