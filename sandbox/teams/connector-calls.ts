import { at, readAttachments, readContent } from './connector-content.js';
import { activityNotFound, badArgument, ConnectorFault, conversationNotFound, notInRoster } from './connector-reply.js';
import type { Conversation, Person } from './directory.js';
import { isRecord, splitConversationId } from './message.js';
import type { Message } from './message.js';
import { hasBot, personalChatOf, rosterOf } from './world.js';
import type { World } from './world.js';

/** What a call came to; activityId goes into the log. */
export interface CallResult {
  readonly status: number;
  readonly body: unknown;
  readonly activityId?: string;
  readonly rootId?: string;
}

/** The conversation that the bot may write to. Throws as Teams answers. */
export function openConversation(world: World, id: string): { conversation: Conversation; rootId: string | null } {
  const { conversationId, rootId } = splitConversationId(id);
  const conversation = world.conversations.get(conversationId);
  if (!conversation || conversation.deleted) throw conversationNotFound();
  if (!hasBot(world, conversation)) throw notInRoster();
  return { conversation, rootId };
}

export function createConversation(world: World, body: unknown): CallResult {
  if (!isRecord(body)) throw badArgument('Invalid conversation parameters.');
  const channel = at(body, 'channelData', 'channel', 'id');
  if (typeof channel === 'string') {
    if (!isRecord(body['activity'])) throw badArgument('Incorrect conversation creation parameters: no activity.');
    const { conversation } = openConversation(world, channel);
    const id = send(world, conversation, null, body['activity'], null);
    return { status: 201, body: { id: `${conversation.id};messageid=${id}`, activityId: id }, activityId: id };
  }
  return createPersonalChat(world, body);
}

function createPersonalChat(world: World, body: Record<string, unknown>): CallResult {
  const members: unknown[] = Array.isArray(body['members']) ? body['members'] : [];
  const tenantId = body['tenantId'] ?? at(body, 'channelData', 'tenant', 'id');
  const [member] = members;
  if (members.length !== 1 || !isRecord(member)) throw badArgument('Exactly one member is needed.');
  const person = world.people.get(String(member['id']));
  if (!person) throw badArgument('Failed to decrypt pairwise id.');
  if (tenantId !== person.entraTenantId) throw badArgument('The tenant of the member does not match.');
  const chat = personalChatOf(world, person);
  if (!chat.installed && !sharesTeam(world, person)) throw forbidden();
  if (!isRecord(body['activity'])) return { status: 201, body: { id: chat.id } };
  const id = send(world, chat, null, body['activity'], null);
  return { status: 201, body: { id: chat.id, activityId: id }, activityId: id };
}

const forbidden = () =>
  new ConnectorFault(
    403,
    'ForbiddenOperationException',
    'The app is not installed in the personal scope of this user.',
  );

function sharesTeam(world: World, person: Person): boolean {
  return [...world.teams.values()].some((team) => team.installed && team.memberIds.has(person.id));
}

export function postActivity(
  world: World,
  id: string,
  replyTo: string | null,
  body: unknown,
  targeted: boolean,
): CallResult {
  const { conversation, rootId } = openConversation(world, id);
  if (!isRecord(body)) throw badArgument('The activity is not an object.');
  const root = conversation.kind === 'personal' ? null : rootFor(world, conversation, rootId, replyTo);
  if (body['type'] === 'typing') {
    world.events.emit({ type: 'typing', conversationId: conversation.id, rootId: root });
    return { status: 201, body: { id: '' } };
  }
  const target = targeted ? targetOf(world, conversation, body) : null;
  const activityId = send(world, conversation, root, body, target);
  const both = typeof body['text'] === 'string' && body['text'] !== '' && readAttachments(body).length > 0;
  // Teams splits text and card into two messages and then names neither.
  return { status: 201, body: both ? {} : { id: activityId }, activityId, ...(root === null ? {} : { rootId: root }) };
}

function rootFor(world: World, conversation: Conversation, rootId: string | null, replyTo: string | null) {
  // The thread in the conversation id counts. The SDK also names the activity it answers, which need not be a message.
  const named = rootId ?? (replyTo !== null && /^\d+$/.test(replyTo) ? replyTo : null);
  if (named === null) return null;
  const message = world.memory.message(named);
  if (message?.conversationId !== conversation.id) throw rootId === null ? activityNotFound() : conversationNotFound();
  return message.rootId;
}

function targetOf(world: World, conversation: Conversation, body: Record<string, unknown>): string {
  const id = at(body, 'recipient', 'id');
  const person = rosterOf(world, conversation).find((one) => one.id === id || one.aadObjectId === id);
  if (!person) throw badArgument('A targeted activity needs a recipient of the conversation.');
  return person.id;
}

function send(
  world: World,
  conversation: Conversation,
  rootId: string | null,
  body: Record<string, unknown>,
  targetId: string | null,
): string {
  const content = readContent(body);
  const parts =
    content.text !== '' && content.attachments.length > 0
      ? [
          { ...content, attachments: [] },
          { ...content, text: '' },
        ]
      : [content];
  const sent = parts.map((part) =>
    world.memory.add({ ...part, conversationId: conversation.id, rootId, fromId: world.bot.id, targetId }),
  );
  for (const message of sent) world.events.emit({ type: 'message', message });
  return sent.at(-1)?.id ?? '';
}

export function updateActivity(world: World, id: string, activityId: string, body: unknown): CallResult {
  const message = ownMessage(world, id, activityId);
  if (!isRecord(body)) throw badArgument('The activity is not an object.');
  const edited = world.memory.edit(message.id, readContent(body));
  if (!edited) throw activityNotFound();
  world.events.emit({ type: 'edited', message: edited });
  return { status: 200, body: { id: activityId }, activityId };
}

export function deleteActivity(world: World, id: string, activityId: string): CallResult {
  const removed = world.memory.remove(ownMessage(world, id, activityId).id);
  if (!removed) throw activityNotFound();
  world.events.emit({ type: 'deleted', message: removed });
  return { status: 200, body: {}, activityId };
}

function ownMessage(world: World, id: string, activityId: string): Message {
  const { conversation } = openConversation(world, id);
  const message = world.memory.message(activityId);
  if (message?.conversationId !== conversation.id || message.deletedAt !== null) throw activityNotFound();
  if (message.fromId !== world.bot.id)
    throw new ConnectorFault(403, 'NotEnoughPermissions', 'A bot changes its own messages only.');
  return message;
}
