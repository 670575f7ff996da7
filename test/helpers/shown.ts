import type { InvokeResult } from '../../sandbox/teams/bot-client.js';
import { cardOf, isRecord } from '../../sandbox/teams/message.js';
import type { Card, Message } from '../../sandbox/teams/message.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';

export type Data = Readonly<Record<string, unknown>>;

/** A card about an alert, incident or action, as it stands in a conversation. */
export interface Shown {
  readonly message: Message;
  readonly card: Card;
  /** A-12, INC-3 or ACT-7. */
  readonly name: string;
}

/** Root posts with a card about an alert, an incident or an action that nobody deleted, oldest first. */
export function cardsIn(teams: PretendTeams, conversation: string): Shown[] {
  return teams.messages(conversation).flatMap((message) => {
    const card = message.deletedAt === null ? cardOf(message) : null;
    const name = /^(?:\w+ (?:alert|incident) |[\w ]+ )(A-\d+|INC-\d+|ACT-\d+):/.exec(
      String(card?.['fallbackText']),
    )?.[1];
    return card && name ? [{ message, card, name }] : [];
  });
}

/** The one card of an alert or incident in a conversation; throws when there is none or more than one. */
export function cardOn(teams: PretendTeams, conversation: string, name: string): Shown {
  const [card, ...others] = cardsIn(teams, conversation).filter((one) => one.name === name);
  if (!card || others.length > 0) throw new Error(`${others.length + (card ? 1 : 0)} cards of ${name}`);
  return card;
}

/** Every action of a card, those inside its body too. */
export function buttonsOf(card: unknown): Data[] {
  if (Array.isArray(card)) return card.flatMap(buttonsOf);
  if (!isRecord(card)) return [];
  const own = typeof card['type'] === 'string' && card['type'].startsWith('Action.') ? [card] : [];
  return [...own, ...Object.entries(card).flatMap(([key, value]) => (key === 'fallback' ? [] : buttonsOf(value)))];
}

/** What the buttons of a card do, in their order. */
export function verbsOf(card: Card): string[] {
  return buttonsOf(card).flatMap(({ data }) =>
    isRecord(data) && typeof data['verb'] === 'string' ? [data['verb']] : [],
  );
}

export function dataOf(card: Card, verb: string): Data {
  const data = buttonsOf(card)
    .map((one) => one['data'])
    .find((one) => isRecord(one) && one['verb'] === verb);
  if (!isRecord(data)) throw new Error(`the card has no button ${verb}; it has ${verbsOf(card).join(', ')}`);
  return data;
}

/** All words on a card, in reading order. */
export function wordsOf(card: unknown): string {
  return texts(card).join(' | ');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (!isRecord(value)) return [];
  const own = typeof value['text'] === 'string' ? [value['text']] : [];
  return [...own, ...Object.values(value).flatMap((one) => (typeof one === 'object' ? texts(one) : []))];
}

/** What the person reads: the words of a card or dialog, or the sentence. */
export function readOf(result: InvokeResult): string {
  if (result.outcome === 'card') return wordsOf(result.card);
  if (result.outcome === 'dialog') return wordsOf(result.dialog.card);
  return result.outcome === 'done' ? '' : result.text;
}

/** Presses a button as it stands on the card. */
export function press(teams: PretendTeams, person: string, shown: Shown, verb: string): Promise<InvokeResult> {
  return pressWith(teams, person, shown.message, dataOf(shown.card, verb));
}

/** Presses a button that carries these data, whatever the card says. */
export function pressWith(teams: PretendTeams, person: string, message: Message, data: Data): Promise<InvokeResult> {
  return teams.click(person, message.id, { type: 'Action.Execute', verb: String(data['verb']), data });
}

/** Opens the form of a button, fills it in and sends it. */
export async function fillIn(
  teams: PretendTeams,
  person: string,
  shown: Shown,
  verb: string,
  inputs: Data,
): Promise<InvokeResult> {
  const opened = await teams.openDialog(person, shown.message.id, dataOf(shown.card, verb));
  if (opened.outcome !== 'dialog' || !opened.dialog.card) return opened;
  const data = dataOf(opened.dialog.card, verb);
  return teams.submitDialog(person, shown.message.conversationId, { ...data, ...inputs });
}

/** What the bot said last in a thread or chat. */
export function repliesTo(teams: PretendTeams, rootId: string): string[] {
  return teams.replies(rootId).map((one) => one.text || wordsOf(cardOf(one)));
}
