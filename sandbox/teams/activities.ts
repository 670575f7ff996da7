import { randomUUID } from 'node:crypto';

import type { Conversation, Person } from './directory.js';
import type { MentionEntity, Message } from './message.js';
import { teamOf } from './world.js';
import type { World } from './world.js';

/** An activity as Teams sends it to a bot. */
export type Activity = Readonly<Record<string, unknown>>;

export interface Sender {
  readonly world: World;
  readonly serviceUrl: string;
}

/** What every activity from a person in a conversation has in common. */
function envelope({ world, serviceUrl }: Sender, person: Person, conversation: Conversation, rootId: string | null) {
  const isChannel = conversation.kind === 'channel';
  return {
    timestamp: world.now().toISOString(),
    localTimestamp: world.now().toISOString(),
    channelId: 'msteams',
    serviceUrl,
    from: { id: person.id, name: person.name, aadObjectId: person.aadObjectId },
    conversation: {
      ...(isChannel ? { isGroup: true } : {}),
      conversationType: conversation.kind,
      tenantId: conversation.entraTenantId,
      id: rootId !== null && isChannel ? `${conversation.id};messageid=${rootId}` : conversation.id,
    },
    recipient: world.bot,
    locale: 'en-GB',
    entities: [{ locale: 'en-GB', country: 'GB', platform: 'Web', timezone: 'Europe/London', type: 'clientInfo' }],
    channelData: { ...placeData(world, conversation), tenant: { id: person.entraTenantId } },
  };
}

function placeData(world: World, conversation: Conversation): Record<string, unknown> {
  const team = teamOf(world, conversation);
  if (!team) return {};
  return {
    teamsChannelId: conversation.id,
    teamsTeamId: team.id,
    channel: { id: conversation.id, name: conversation.name },
    team: { id: team.id, name: team.name, aadGroupId: team.aadGroupId },
  };
}

export function messageActivity(
  sender: Sender,
  person: Person,
  conversation: Conversation,
  message: Message,
  targeted: boolean,
): Activity {
  const base = envelope(sender, person, conversation, message.rootId);
  return {
    ...base,
    type: 'message',
    id: message.id,
    text: message.text,
    textFormat: 'plain',
    attachments: [{ contentType: 'text/html', content: `<p>${message.text}</p>` }],
    entities: [...message.mentions, ...base.entities],
    ...(targeted ? { recipient: { ...base.recipient, isTargeted: true } } : {}),
  };
}

/** The message that Action.Submit sends: it has a value and no text. */
export function submitActivity(
  sender: Sender,
  person: Person,
  conversation: Conversation,
  card: Message,
  value: unknown,
): Activity {
  return {
    ...envelope(sender, person, conversation, card.rootId),
    type: 'message',
    id: newActivityId(),
    replyToId: card.id,
    value,
  };
}

export function invokeActivity(
  sender: Sender,
  person: Person,
  conversation: Conversation,
  invoke: { name: string; value: unknown; rootId: string | null; replyToId: string | null },
): Activity {
  return {
    ...envelope(sender, person, conversation, invoke.rootId),
    type: 'invoke',
    id: newActivityId(),
    name: invoke.name,
    value: invoke.value,
    ...(invoke.replyToId === null ? {} : { replyToId: invoke.replyToId }),
  };
}

export function installationActivities(
  sender: Sender,
  person: Person,
  conversation: Conversation,
  added: boolean,
): Activity[] {
  const base = { ...envelope(sender, person, conversation, null) };
  const team = teamOf(sender.world, conversation);
  const settings = { settings: { selectedChannel: { id: conversation.id } } };
  const members = [{ id: sender.world.bot.id }];
  const update = {
    ...base,
    type: 'conversationUpdate',
    id: newActivityId(),
    ...(added ? { membersAdded: members } : { membersRemoved: members }),
    channelData: {
      ...base.channelData,
      ...(team ? { eventType: added ? 'teamMemberAdded' : 'teamMemberRemoved', ...settings } : {}),
    },
  };
  const installation = {
    ...base,
    type: 'installationUpdate',
    id: newActivityId(),
    action: added ? 'add' : 'remove',
    channelData: { ...base.channelData, ...(team ? settings : {}) },
  };
  return [installation, update];
}

export function channelActivity(
  sender: Sender,
  person: Person,
  conversation: Conversation,
  eventType: 'channelDeleted' | 'channelRestored',
): Activity {
  const base = envelope(sender, person, conversation, null);
  return { ...base, type: 'conversationUpdate', id: newActivityId(), channelData: { ...base.channelData, eventType } };
}

export function newActivityId(): string {
  return `f:${randomUUID()}`;
}

/** Every <at>Name</at> in the text that names the bot or somebody of the conversation. */
export function mentionsIn(text: string, known: readonly { id: string; name: string }[]): MentionEntity[] {
  return [...text.matchAll(/<at>([^<]+)<\/at>/g)].flatMap(([whole, name]) => {
    const mentioned = known.find((one) => one.name === name);
    return mentioned
      ? [{ type: 'mention' as const, text: whole, mentioned: { id: mentioned.id, name: mentioned.name } }]
      : [];
  });
}
