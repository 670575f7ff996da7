import type { InvokeResult } from '../teams/bot-client.js';
import type { Person } from '../teams/directory.js';
import type { CardAction } from '../teams/invokes.js';
import { isRecord } from '../teams/message.js';
import type { PretendTeams } from '../teams/pretend-teams.js';
import { rosterOf } from '../teams/world.js';
import { drawMessages } from './draw.js';
import { addMentions } from './mentions.js';
import { readValues } from './panel.js';
import { BadRequest, idsIn, messageOf, personOf, placeOf, textIn } from './request.js';
import type { Answer, Body, ConsoleParts } from './request.js';
import type { WireActed, WireResult } from './wire.js';

export const writes: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['say', say],
  ['click', click],
  ['refresh', refresh],
  ['look', look],
  ['dialog', submitDialog],
  ['read', markRead],
  ['panel', runControl],
]);

async function say({ teams }: ConsoleParts, given: Body): Promise<{ notice: string | null }> {
  const { person, conversation } = placeOf(teams, given);
  const text = textIn(given, 'text').trim();
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
  const upTo = textIn(given, 'upTo');
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
