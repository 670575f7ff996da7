import type { IncomingMessage, ServerResponse } from 'node:http';

import type { InvokeResult } from '../teams/bot-client.js';
import type { Conversation, Person } from '../teams/directory.js';
import type { CardAction } from '../teams/invokes.js';
import { isRecord } from '../teams/message.js';
import type { PretendTeams } from '../teams/pretend-teams.js';
import { readBody } from '../teams/request-body.js';
import { rosterOf } from '../teams/world.js';
import { drawChat, drawFeed, drawMessages, drawPeople, drawPerson, drawTeams } from './draw.js';
import { streamEvents } from './live.js';
import { drawPanel, readValues } from './panel.js';
import type { PanelControl } from './panel.js';
import { addMentions } from './mentions.js';
import type { WireActed, WireCommand, WireResult, WireState } from './wire.js';

export interface ConsoleParts {
  readonly teams: PretendTeams;
  readonly panel: readonly PanelControl[];
  readonly title: string;
  readonly commands: readonly WireCommand[];
}

/** A request that makes no sense; the message is a sentence for people. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
}

type Body = Readonly<Record<string, unknown>>;

const pageSize = 25;

export async function handleApi(
  parts: ConsoleParts,
  req: IncomingMessage,
  res: ServerResponse,
  url: URL,
): Promise<void> {
  const name = url.pathname.slice('/console/api/'.length);
  if (req.method === 'GET' && name === 'events') {
    const person = personOf(parts.teams, url.searchParams.get('person'));
    return streamEvents(parts.teams.world, person, res, (listener) => parts.teams.subscribe(listener));
  }
  const answer = req.method === 'GET' ? reads.get(name) : writes.get(name);
  if (!answer) return answerJson(res, 404, { message: 'The console has nothing under this address.' });
  try {
    const given = req.method === 'GET' ? Object.fromEntries(url.searchParams) : await readJson(req);
    answerJson(res, 200, await answer(parts, given));
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error;
    answerJson(res, 400, { message: error.message });
  }
}

type Answer = (parts: ConsoleParts, given: Body) => unknown;

const reads: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['state', ({ teams, panel, title, commands }, given) => drawState(teams, panel, title, commands, given)],
  [
    'feed',
    ({ teams }, given) => {
      const { person, conversation } = placeOf(teams, given);
      const before = typeof given['before'] === 'string' && given['before'] !== '' ? given['before'] : null;
      return drawFeed(teams.world, person, conversation.id, { before, limit: pageSize, open: idsIn(given['open']) });
    },
  ],
  [
    'messages',
    ({ teams }, given) => {
      const { person, conversation } = placeOf(teams, given);
      const ids = [...idsIn(given['ids'])].filter((id) => teams.message(id)?.conversationId === conversation.id);
      return drawMessages(teams.world, person, ids, idsIn(given['open']));
    },
  ],
]);

const writes: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['say', say],
  ['click', click],
  ['refresh', refresh],
  ['look', look],
  ['dialog', submitDialog],
  ['read', markRead],
  ['panel', runControl],
]);

function drawState(
  { world }: PretendTeams,
  panel: readonly PanelControl[],
  title: string,
  commands: readonly WireCommand[],
  given: Body,
): WireState {
  const person = world.people.get(String(given['person'])) ?? [...world.people.values()][0];
  if (!person) throw new BadRequest('Nobody lives in this directory.');
  return {
    now: world.now().toISOString(),
    title,
    botName: world.bot.name,
    me: drawPerson(world, person),
    people: drawPeople(world),
    teams: drawTeams(world, person),
    chats: [drawChat(world, person)],
    commands,
    panel: drawPanel(panel),
  };
}

async function say({ teams }: ConsoleParts, given: Body): Promise<{ notice: string | null }> {
  const { person, conversation } = placeOf(teams, given);
  const text = string(given, 'text').trim();
  if (text === '') throw new BadRequest('Write something first.');
  const targeted = conversation.kind === 'channel' && text.startsWith('/');
  const known = [teams.world.bot, ...rosterOf(teams.world, conversation)].map((one) => one.name);
  const replyTo = typeof given['replyTo'] === 'string' ? { replyTo: given['replyTo'] } : {};
  const { answer } = await teams.say(person.id, conversation.id, addMentions(text, known), { targeted, ...replyTo });
  return {
    notice:
      answer === null || answer.status < 300
        ? null
        : `${teams.world.bot.name} did not take the message. Please try again.`,
  };
}

async function click({ teams }: ConsoleParts, given: Body): Promise<WireActed> {
  const action = given['action'];
  if (!isRecord(action) || (action['type'] !== 'Action.Execute' && action['type'] !== 'Action.Submit'))
    throw new BadRequest('This button does nothing here.');
  const { person, message } = messageOf(teams, given);
  return acted(
    teams,
    person,
    message.rootId,
    await teams.click(person.id, message.id, action as unknown as CardAction),
    given,
  );
}

async function refresh({ teams }: ConsoleParts, given: Body): Promise<WireActed> {
  const { person, message } = messageOf(teams, given);
  return acted(teams, person, message.rootId, await teams.refresh(person.id, message.id, 'manual'), given);
}

/** A failed automatic refresh stays silent, as in Teams: the card remains as it was. */
async function look({ teams }: ConsoleParts, given: Body): Promise<{ refreshed: number }> {
  const person = personOf(teams, given['person']);
  const ids = [...idsIn(given['ids'])].filter((id) => teams.message(id) !== null).slice(0, 50);
  const results = await Promise.all(ids.map((id) => teams.look(person.id, id)));
  return { refreshed: results.filter((one) => one?.outcome === 'card').length };
}

async function submitDialog({ teams }: ConsoleParts, given: Body): Promise<WireActed> {
  const { person, conversation } = placeOf(teams, given);
  return { result: toWire(await teams.submitDialog(person.id, conversation.id, given['data'])), message: null };
}

function markRead({ teams }: ConsoleParts, given: Body): Record<string, never> {
  const { person, conversation } = placeOf(teams, given);
  const upTo = string(given, 'upTo');
  if (/^\d+$/.test(upTo) && upTo > teams.world.memory.readUpTo(person.id, conversation.id)) {
    teams.world.memory.markRead(person.id, conversation.id, upTo);
    teams.world.events.emit({ type: 'read', personId: person.id, conversationId: conversation.id });
  }
  return {};
}

async function runControl({ panel, teams }: ConsoleParts, given: Body): Promise<{ notice: string | null }> {
  const control = panel.find((one) => one.id === given['control']);
  if (!control) throw new BadRequest('The panel has no such control.');
  const { person, conversation } = placeOf(teams, given);
  const context = { personId: person.id, conversationId: conversation.id };
  const values = isRecord(given['values']) ? given['values'] : {};
  const notice =
    control.kind === 'toggle'
      ? await control.run(given['on'] === true, context)
      : await control.run(readValues(control.fields ?? [], values), context);
  teams.world.events.emit({ type: 'places' });
  return { notice: notice ?? null };
}

function acted(teams: PretendTeams, person: Person, rootId: string, result: InvokeResult, given: Body): WireActed {
  const [message] = drawMessages(teams.world, person, [rootId], idsIn(given['open']));
  return { result: toWire(result), message: message ?? null };
}

function toWire(result: InvokeResult): WireResult {
  if (result.outcome === 'message' || result.outcome === 'failed')
    return { outcome: result.outcome, text: result.text };
  if (result.outcome === 'dialog') return { outcome: 'dialog', dialog: result.dialog };
  return { outcome: result.outcome };
}

function personOf(teams: PretendTeams, id: unknown): Person {
  const person = teams.people.get(String(id));
  if (!person) throw new BadRequest('This person does not live here any more. Choose another one.');
  return person;
}

/** The person and a conversation that they are in. */
function placeOf(teams: PretendTeams, given: Body): { person: Person; conversation: Conversation } {
  const person = personOf(teams, given['person']);
  const conversation = teams.conversations.get(String(given['conversation']));
  if (!conversation || conversation.deleted || !rosterOf(teams.world, conversation).includes(person))
    throw new BadRequest('This conversation is not here any more. Choose another one.');
  return { person, conversation };
}

function messageOf(teams: PretendTeams, given: Body) {
  const message = teams.message(String(given['message']));
  if (!message || message.deletedAt !== null) throw new BadRequest('This message was deleted.');
  return { ...placeOf(teams, { ...given, conversation: message.conversationId }), message };
}

function idsIn(value: unknown): ReadonlySet<string> {
  return new Set(typeof value === 'string' ? value.split(',').filter(Boolean).slice(0, 200) : []);
}

function string(given: Body, name: string): string {
  const value = given[name];
  if (typeof value !== 'string') throw new BadRequest(`${name} is missing.`);
  return value;
}

async function readJson(req: IncomingMessage): Promise<Body> {
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
