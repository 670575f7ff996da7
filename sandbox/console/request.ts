import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Conversation, Person } from '../teams/directory.js';
import { isRecord } from '../teams/message.js';
import type { PretendTeams } from '../teams/pretend-teams.js';
import { readBody } from '../teams/request-body.js';
import { rosterOf } from '../teams/world.js';
import type { PanelControl } from './panel.js';
import type { WireCommand } from './wire.js';

export interface ConsoleParts {
  readonly teams: PretendTeams;
  readonly panel: readonly PanelControl[];
  readonly title: string;
  readonly commands: readonly WireCommand[];
}

/** Answers one name under /console/api/; what it throws as BadRequest is shown to people. */
export type Answer = (parts: ConsoleParts, given: Body) => unknown;

/** A request that makes no sense; the message is a sentence for people. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

export type Body = Readonly<Record<string, unknown>>;

export function personOf(teams: PretendTeams, id: unknown): Person {
  const person = teams.people.get(String(id));
  if (!person) throw new BadRequest('This person does not live here any more. Choose another one.');
  return person;
}

/** The person and a conversation that they are in. */
export function placeOf(teams: PretendTeams, given: Body): { person: Person; conversation: Conversation } {
  const person = personOf(teams, given['person']);
  const conversation = teams.conversations.get(String(given['conversation']));
  if (!conversation || conversation.deleted || !rosterOf(teams.world, conversation).includes(person))
    throw new BadRequest('This conversation is not here any more. Choose another one.');
  return { person, conversation };
}

export function messageOf(teams: PretendTeams, given: Body) {
  const message = teams.message(String(given['message']));
  if (!message || message.deletedAt !== null) throw new BadRequest('This message was deleted.');
  return { ...placeOf(teams, { ...given, conversation: message.conversationId }), message };
}

export function idsIn(value: unknown): ReadonlySet<string> {
  return new Set(typeof value === 'string' ? value.split(',').filter(Boolean).slice(0, 200) : []);
}

export function textIn(given: Body, name: string): string {
  const value = given[name];
  if (typeof value !== 'string') throw new BadRequest(`${name} is missing.`);
  return value;
}

export async function readJson(req: IncomingMessage): Promise<Body> {
  const text = await readBody(req, 256 * 1024);
  if (text === null) throw new BadRequest('This is too long.');
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    throw new BadRequest('This is not JSON.');
  }
  throw new BadRequest('This is not a JSON object.');
}

export function answerJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify(body));
}
