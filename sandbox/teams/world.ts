import { readDirectory } from './directory.js';
import type { Conversation, Directory, Person, Places, Team } from './directory.js';
import { createEvents } from './events.js';
import type { Events } from './events.js';
import { createMemory } from './memory.js';
import type { Memory } from './memory.js';
import { createViews } from './views.js';
import type { Views } from './views.js';

/** The state that the connector (bot to Teams) and the people (Teams to bot) share. */
export interface World extends Places {
  readonly directory: Directory;
  readonly bot: { readonly id: string; readonly name: string };
  readonly memory: Memory;
  readonly events: Events;
  readonly views: Views;
  readonly now: () => Date;
}

export function createWorld(directory: Directory, now: () => Date, stateFile?: string): World {
  const places = readDirectory(directory);
  const events = createEvents();
  return {
    ...places,
    directory,
    bot: { id: `28:${directory.appId}`, name: directory.botName },
    memory: createMemory(places, now, stateFile),
    events,
    views: createViews(now),
    now,
  };
}

export function teamOf(world: World, conversation: Conversation): Team | null {
  return conversation.teamId === null ? null : (world.teams.get(conversation.teamId) ?? null);
}

/** Whether the bot is in the roster of this conversation. */
export function hasBot(world: World, conversation: Conversation): boolean {
  return teamOf(world, conversation)?.installed ?? conversation.installed;
}

export function rosterOf(world: World, conversation: Conversation): Person[] {
  const members = teamOf(world, conversation)?.memberIds;
  return [...world.people.values()].filter((person) => members?.has(person.id) ?? person.id === conversation.personId);
}

/** A person by 29: id, Entra object id or name. Throws when there is none. */
export function personOf(world: World, ref: string): Person {
  const people = [...world.people.values()];
  const person = world.people.get(ref) ?? people.find((one) => one.aadObjectId === ref || one.name === ref);
  if (!person) throw new Error(`Nobody here is called ${ref}.`);
  return person;
}

/** A conversation by id or by channel name. Throws when there is none. */
export function conversationOf(world: World, ref: string): Conversation {
  const channels = [...world.conversations.values()].filter((one) => one.kind === 'channel');
  const conversation = world.conversations.get(ref) ?? channels.find((one) => one.name === ref);
  if (!conversation) throw new Error(`There is no conversation ${ref}.`);
  return conversation;
}

export function personalChatOf(world: World, person: Person): Conversation {
  const chat = [...world.conversations.values()].find((one) => one.personId === person.id);
  if (!chat) throw new Error(`${person.name} has no personal chat.`);
  return chat;
}
