import type { Person } from '../teams/directory.js';
import { cardOf, isRecord } from '../teams/message.js';
import type { Message } from '../teams/message.js';
import type { World } from '../teams/world.js';
import type { WireFeed, WireMention, WireMessage, WireThread } from './wire.js';

export function isVisibleTo(person: Person, message: Message): boolean {
  return message.targetId === null || message.targetId === person.id;
}

/** A page of root posts, oldest first; before is the id of the oldest one already shown. */
export function drawFeed(
  world: World,
  person: Person,
  conversationId: string,
  page: { before: string | null; limit: number; open: ReadonlySet<string> },
): WireFeed {
  const ids = world.memory.roots(conversationId);
  const end = page.before === null ? ids.length : ids.indexOf(page.before);
  const start = Math.max(0, end - page.limit);
  return {
    messages: drawMessages(world, person, ids.slice(start, Math.max(start, end)), page.open),
    hasMore: start > 0,
    readUpTo: world.memory.readUpTo(person.id, conversationId),
  };
}

export function drawMessages(
  world: World,
  person: Person,
  ids: readonly string[],
  open: ReadonlySet<string>,
): WireMessage[] {
  return ids
    .flatMap((id) => world.memory.message(id) ?? [])
    .filter((message) => isVisibleTo(person, message))
    .map((message) => ({ ...drawMessage(world, person, message), replies: drawThread(world, person, message, open) }));
}

function drawThread(world: World, person: Person, root: Message, open: ReadonlySet<string>): WireThread | null {
  const replies = world.memory
    .replies(root.id)
    .flatMap((id) => world.memory.message(id) ?? [])
    .filter((reply) => isVisibleTo(person, reply) && reply.deletedAt === null);
  if (replies.length === 0) return null;
  const authors = [...new Set(replies.toReversed().map((reply) => senderOf(world, reply).name))];
  const shown = open.has(root.id) ? replies : replies.slice(-1);
  return {
    total: replies.length,
    authors: authors.slice(0, 3),
    messages: shown.map((reply) => drawMessage(world, person, reply)),
  };
}

function drawMessage(world: World, person: Person, message: Message): WireMessage {
  const card = world.views.cardFor(person.id, message);
  return {
    id: message.id,
    conversationId: message.conversationId,
    rootId: message.rootId,
    from: senderOf(world, message),
    isMine: message.fromId === person.id,
    sentAt: message.sentAt,
    editedAt: message.editedAt,
    isDeleted: message.deletedAt !== null,
    text: message.text,
    mentions: drawMentions(person, message, card),
    card,
    canRefresh: isRecord(cardOf(message)?.['refresh']),
    onlyMe: message.targetId !== null,
    isImportant: message.importance === 'high' || message.importance === 'urgent',
    replies: null,
  };
}

function senderOf(world: World, message: Message): WireMessage['from'] {
  const person = world.people.get(message.fromId);
  return person
    ? { id: person.id, name: person.name, kind: 'person' }
    : { id: world.bot.id, name: world.bot.name, kind: 'bot' };
}

/** Mentions of the text and of the card; a person is known by address, object id or sign-in name there. */
export function drawMentions(person: Person, message: Message, card: unknown): WireMention[] {
  const names = new Set([person.id, person.aadObjectId, person.email]);
  return [...message.mentions, ...cardMentions(card)].map(({ text, mentioned }) => ({
    text,
    name: mentioned.name,
    isMe: names.has(mentioned.id),
  }));
}

function cardMentions(card: unknown): { text: string; mentioned: { id: string; name: string } }[] {
  const msteams = isRecord(card) ? card['msteams'] : null;
  const entities: unknown[] = isRecord(msteams) && Array.isArray(msteams['entities']) ? msteams['entities'] : [];
  return entities.flatMap((entity) => {
    if (!isRecord(entity) || entity['type'] !== 'mention' || typeof entity['text'] !== 'string') return [];
    const mentioned = entity['mentioned'];
    if (!isRecord(mentioned)) return [];
    return [{ text: entity['text'], mentioned: { id: String(mentioned['id']), name: String(mentioned['name']) } }];
  });
}
