import { invokeActivity, messageActivity, newActivityId } from '../../sandbox/teams/activities.js';
import type { Activity, Sender } from '../../sandbox/teams/activities.js';
import { isRecord } from '../../sandbox/teams/message.js';
import { ana, bo, channels } from '../helpers/cast.js';
import { buttonsOf, cardsIn, verbsOf, wordsOf } from '../helpers/shown.js';
import type { Data, Shown } from '../helpers/shown.js';
import { deliver } from './ledger.js';
import type { Act, Delivered, Ledger } from './ledger.js';
import type { World } from './world.js';

const forms: Readonly<Record<string, Data>> = {
  'alert.close': { outcome: 'closed_benign', notes: 'checked, and it is the known scanner' },
  'alert.release': { notes: 'somebody else knows this better' },
  'alert.reopen': { reason: 'it came back' },
  'incident.resolve': { summary: 'all is clean again', reason: 'all is clean again', notes: 'all is clean again' },
};
const direct = ['alert.take', 'alert.investigate', 'alert.escalate', 'incident.start'];

const forward = ['alert.investigate', 'alert.escalate', 'incident.start', 'incident.resolve'];

/** One person does one thing: a button, a form or a command, delivered once or three times. */
export async function actOnce(world: World, ledger: Ledger): Promise<void> {
  const { random, teams, replicas } = world;
  if (replicas.every(({ address }) => address === null)) return;
  const channel = random.below(4) === 0 ? channels.contosoIncidents : channels.contosoAlerts;
  const cards = cardsIn(teams, channel);
  // Mostly what is under way, so that work comes to an end now and then.
  const begun = random.below(4) === 0 ? cards : cards.filter(isUnderWay);
  const newest = begun.slice(-12);
  const shown = newest[random.below(newest.length)] ?? cards.at(-1);
  if (!shown) return;
  const data = buttonsOf(shown.card).flatMap((button) => {
    const value = button['data'];
    return isRecord(value) && [...direct, ...Object.keys(forms)].includes(String(value['verb'])) ? [value] : [];
  });
  const onward = data.find((one) => forward.includes(String(one['verb'])));
  const chosen = onward && random.below(3) > 0 ? onward : data[random.below(data.length)];
  if (!chosen) return;
  await (random.below(5) === 0 ? say(world, ledger, shown, chosen) : press(world, ledger, shown, chosen));
}

const known = new WeakMap<object, boolean>();

/** Somebody has taken it, and there is something to do. Remembered, because there are many cards and each is large. */
function isUnderWay({ card }: Shown): boolean {
  const verbs = known.has(card) ? [] : verbsOf(card);
  const answer = known.get(card) ?? (!verbs.includes('alert.take') && verbs.some((verb) => forward.includes(verb)));
  known.set(card, answer);
  return answer;
}

async function press(world: World, ledger: Ledger, shown: Shown, data: Data): Promise<void> {
  const { random, teams } = world;
  const person = random.below(4) === 0 ? bo : ana;
  const verb = String(data['verb']);
  const form = forms[verb];
  const value = form
    ? { data: { ...data, ...form } }
    : { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' };
  const sender: Sender = { world: teams.world, serviceUrl: world.serviceUrl };
  const { message } = shown;
  const activity = invokeActivity(sender, personOf(world, person.name), conversationOf(world, message.conversationId), {
    name: form ? 'task/submit' : 'adaptiveCard/action',
    value,
    rootId: message.rootId,
    replyToId: form ? null : message.id,
  });
  const key = [verb, data['entityId'], data['version'], person.name].join(' ');
  const act = ledger.act(key, person.aadObjectId, verb, String(data['entityId']));
  const answers = await deliverAll(world, ledger, act, activity);
  judge(
    ledger,
    act,
    answers.map((one) => (form ? formSaysDone(one) : cardSaysDone(one))),
  );
}

/** true: done; false: refused; null: we were not told. */
type Verdict = boolean | null;

function cardSaysDone(answer: Delivered | null): Verdict {
  if (!isRecord(answer?.body) || answer.body['type'] !== 'application/vnd.microsoft.card.adaptive') return null;
  return !wordsOf(answer.body['value']).includes('ℹ');
}

function formSaysDone(answer: Delivered | null): Verdict {
  const task = isRecord(answer?.body) ? answer.body['task'] : null;
  if (!isRecord(task) || task['type'] !== 'message') return null;
  const text = String(task['value']);
  if (/background|cannot be reached|went wrong/.test(text)) return null;
  return /^(A|INC)-\d+: /.test(text);
}

const commands: Readonly<Record<string, (name: string) => string>> = {
  'alert.take': (name) => `assign ${name}`,
  'alert.investigate': (name) => `investigate ${name}`,
  'alert.escalate': (name) => `escalate ${name}`,
  'alert.close': (name) => `close ${name} benign checked, and it is the known scanner`,
  'alert.release': (name) => `unassign ${name} somebody else knows this better`,
  'alert.reopen': (name) => `reopen ${name} it came back`,
  'incident.start': (name) => `start ${name}`,
  'incident.resolve': (name) => `resolve ${name} all is clean again`,
};

async function say(world: World, ledger: Ledger, shown: Shown, data: Data): Promise<void> {
  const { random, teams } = world;
  const person = personOf(world, (random.below(4) === 0 ? bo : ana).name);
  const conversation = conversationOf(world, shown.message.conversationId);
  const verb = String(data['verb']);
  const text = `<at>AVIAN</at> ${commands[verb]?.(shown.name) ?? 'queue'}`;
  const mentions = [{ type: 'mention' as const, text: '<at>AVIAN</at>', mentioned: teams.world.bot }];
  const place = { conversationId: conversation.id, rootId: null, fromId: person.id, targetId: null };
  const message = teams.world.memory.add({
    text,
    attachments: [],
    mentions,
    summary: null,
    importance: null,
    ...place,
  });
  const sender: Sender = { world: teams.world, serviceUrl: world.serviceUrl };
  const act = ledger.act(message.id, person.aadObjectId, verb, String(data['entityId']));
  await deliverAll(world, ledger, act, messageActivity(sender, person, conversation, message, false), false);
  const said = teams.replies(message.id).map((one) => one.text);
  judge(
    ledger,
    act,
    said.map((one) => one.startsWith(`${shown.name}: `)),
  );
}

/** Sometimes three times at once, as Teams does when an answer is late; with new ids where it gives new ones. */
async function deliverAll(
  world: World,
  ledger: Ledger,
  act: Act,
  activity: Activity,
  mayRename = true,
): Promise<(Delivered | null)[]> {
  const { random, replicas } = world;
  const times = random.below(3) === 0 ? 3 : 1;
  const renamed = mayRename && random.below(2) === 0;
  const copies = Array.from({ length: times }, (_, copy) =>
    copy > 0 && renamed ? { ...activity, id: newActivityId() } : activity,
  );
  for (const { id } of copies) act.activityIds.add(String(id));
  ledger.deliveries += times;
  return Promise.all(
    copies.map((copy) => {
      const up = replicas.flatMap(({ address }) => address ?? []);
      return deliver(up[random.below(up.length)] ?? null, copy);
    }),
  );
}

function judge(ledger: Ledger, act: Act, verdicts: readonly Verdict[]): void {
  act.acknowledged ||= verdicts.includes(true);
  ledger.refused += verdicts.filter((one) => one === false).length;
  ledger.unanswered += verdicts.filter((one) => one === null).length;
}

function personOf({ teams }: World, name: string) {
  const person = [...teams.people.values()].find((one) => one.name === name);
  if (!person) throw new Error(`nobody is called ${name}`);
  return person;
}

function conversationOf({ teams }: World, id: string) {
  const conversation = teams.conversations.get(id);
  if (!conversation) throw new Error(`there is no conversation ${id}`);
  return conversation;
}
