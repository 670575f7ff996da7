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
  const teamId = wholeTeam(activity);
  if (gone) {
    if (entraTenantId === null) return;
    await book.strike(gone.conversationId, gone.why, entraTenantId);
    if (teamId !== null) await book.strikeTeam(teamId, gone.why, entraTenantId);
    return;
  }
  // A channel nobody has spoken in is noted when somebody does.
  if (activity.channelData?.eventType !== 'channelCreated') await book.note(activity);
  if (teamId !== null && entraTenantId !== null && isReturn(activity)) await book.reviveTeam(teamId, entraTenantId);
}

/** The team that an event concerns with all its channels: it names one of them at most. */
function wholeTeam({ channelData }: IncomingActivity): string | null {
  return channelData?.eventType?.startsWith('channel') ? null : (channelData?.team?.id ?? null);
}

const returns: ReadonlySet<string> = new Set(['teamRestored', 'teamUnarchived']);

function isReturn({ type, action, channelData, membersAdded, recipient }: IncomingActivity): boolean {
  if (type === 'installationUpdate') return action?.startsWith('add') ?? false;
  if (returns.has(channelData?.eventType ?? '')) return true;
  return membersAdded?.some((member) => member.id === recipient?.id) ?? false;
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
