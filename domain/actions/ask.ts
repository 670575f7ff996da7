import type { Trx } from '../../database/transaction.js';
import { channelForAdmins, channelOfAction } from '../channels/links.js';
import type { Mention } from '../channels/outbox.js';
import { enqueueNotices, markStale } from '../channels/outbox.js';
import { postPersonalCard } from '../channels/personal-cards.js';
import { actionName } from '../names.js';
import { query } from '../query.js';
import type { Ask, Asked } from './ask-store.js';
import { noteReached, noteReminded } from './ask-store.js';
import { askSentences as say } from './ask-sentences.js';

/** The card goes into the person's chat, once. */
export async function askInPerson(trx: Trx, asked: Asked, userId: string, chat: string): Promise<void> {
  if (!(await noteReached(trx, asked, userId, 'personal', chat))) return;
  await postPersonalCard(trx, { ...asked, userId, conversationId: chat });
  await redraw(trx, asked);
}

/** Names those who cannot be reached in person in the channel where they read, in one message; without a channel nowhere. */
export async function askInChannel(trx: Trx, asked: Asked, people: readonly Ask[]): Promise<void> {
  const channels = await channelOf(trx, asked);
  const named: Ask[] = [];
  for (const person of people) {
    const reached = channels.length > 0 && person.aadObjectId !== null && person.mayRead ? 'mention' : 'nowhere';
    if ((await noteReached(trx, asked, person.userId, reached, null)) && reached === 'mention') named.push(person);
  }
  const name = await nameOf(trx, asked);
  await mention(trx, asked, channels, named, name === null ? say.policyInChannel : say.actionInChannel(name));
  await redraw(trx, asked);
}

/** Once for each person, where the person was asked. */
export async function remind(trx: Trx, asked: Asked, people: readonly Ask[]): Promise<void> {
  const name = await nameOf(trx, asked);
  const left: Ask[] = [];
  for (const person of people) if (await noteReminded(trx, asked, person.userId)) left.push(person);
  const chats = left.flatMap(({ reached, chat }) => (reached === 'personal' ? (chat ?? []) : []));
  const text = name === null ? say.policyStillWaits : say.actionStillWaits(name);
  await enqueueNotices(trx, chats, `remind:${asked.id}`, text, { asksFor: asked });
  const there = name === null ? say.policyInChannel : say.actionStillWaitsInChannel(name);
  const named = left.filter(({ reached }) => reached === 'mention');
  await mention(trx, asked, await channelOf(trx, asked), named, there);
}

async function mention(
  trx: Trx,
  asked: Asked,
  channels: readonly string[],
  people: readonly Ask[],
  text: string,
): Promise<void> {
  const mentions = people.flatMap(({ aadObjectId, name }): Mention[] => (aadObjectId ? [{ aadObjectId, name }] : []));
  if (mentions.length === 0) return;
  const key = `ask:${asked.id}:${people[0]?.userId ?? ''}:${people.length}`;
  await enqueueNotices(trx, channels, key, text, { mentions, asksFor: asked });
}

/** Its card shows who was asked, and how. */
function redraw(trx: Trx, { entity, id }: Asked): Promise<void> {
  return markStale(trx, [{ entity, id, mode: 'refresh' }]);
}

interface ActionFacts {
  readonly number: number;
  readonly withIncidents: boolean;
}

async function actionFacts(trx: Trx, { entity, id }: Asked): Promise<ActionFacts | null> {
  if (entity !== 'action') return null;
  const [row] = await query<ActionFacts>(
    trx,
    'select number, incident_id is not null as "withIncidents" from edr_actions where tenant_id = ? and id = ?',
    [trx.tenantId, id],
  );
  return row ?? null;
}

/** Null for what has no name. */
async function nameOf(trx: Trx, asked: Asked): Promise<string | null> {
  const action = await actionFacts(trx, asked);
  return action && actionName(action.number);
}

/** Changes of the rules have no card in any channel; admins read in theirs. */
async function channelOf(trx: Trx, asked: Asked): Promise<string[]> {
  const action = await actionFacts(trx, asked);
  return action ? channelOfAction(trx, asked.id, action.withIncidents) : channelForAdmins(trx);
}
