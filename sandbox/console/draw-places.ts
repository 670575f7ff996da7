import type { Person } from '../teams/directory.js';
import { cardOf } from '../teams/message.js';
import type { Message } from '../teams/message.js';
import { hasBot, personalChatOf } from '../teams/world.js';
import type { World } from '../teams/world.js';
import { drawMentions, isVisibleTo } from './draw.js';
import type { WirePerson, WirePlace, WireTeam } from './wire.js';

export function drawPeople(world: World): WirePerson[] {
  return [...world.people.values()].map((person) => drawPerson(world, person));
}

export function drawPerson(world: World, person: Person): WirePerson {
  const { id, name, title, tenantName, isGuest } = person;
  const places = [...drawTeams(world, person).flatMap((team) => team.channels), drawChat(world, person)];
  const unread = places.reduce((sum, place) => sum + place.unread, 0);
  return { id, name, title, tenantName, isGuest, unread };
}

export function drawTeams(world: World, person: Person): WireTeam[] {
  return [...world.teams.values()]
    .filter((team) => team.memberIds.has(person.id))
    .map(({ id, name, tenantName, channelIds }) => ({
      id,
      name,
      tenantName,
      channels: channelIds.flatMap((channelId) => drawPlace(world, person, channelId)),
    }));
}

export function drawChat(world: World, person: Person): WirePlace {
  const [place] = drawPlace(world, person, personalChatOf(world, person).id);
  if (!place) throw new Error(`${person.name} has no personal chat.`);
  return place;
}

function drawPlace(world: World, person: Person, id: string): WirePlace[] {
  const conversation = world.conversations.get(id);
  if (!conversation || conversation.deleted) return [];
  const { kind, name } = conversation;
  return [{ id, kind, name, installed: hasBot(world, conversation), ...unreadOf(world, person, id) }];
}

/** Counts at most 100: beyond that a person reads "99+". */
function unreadOf(world: World, person: Person, conversationId: string): { unread: number; mentions: number } {
  const readUpTo = world.memory.readUpTo(person.id, conversationId);
  const unread: Message[] = [];
  for (const rootId of world.memory.roots(conversationId).toReversed()) {
    for (const id of [rootId, ...world.memory.replies(rootId)]) {
      const message = world.memory.message(id);
      if (!message || message.id <= readUpTo || message.fromId === person.id || message.deletedAt !== null) continue;
      if (isVisibleTo(person, message)) unread.push(message);
    }
    if (unread.length >= 100) break;
  }
  const mentions = unread.filter((message) => drawMentions(person, message, cardOf(message)).some((one) => one.isMe));
  return { unread: Math.min(100, unread.length), mentions: mentions.length };
}
