import { invokeActivity, newActivityId, submitActivity } from './activities.js';
import type { Activity, Sender } from './activities.js';
import { readCardAnswer, readDialogAnswer } from './bot-client.js';
import type { BotAnswer, BotClient, InvokeResult } from './bot-client.js';
import type { Conversation, Person } from './directory.js';
import { cardOf, isRecord } from './message.js';
import type { Message } from './message.js';
import { conversationOf, personOf } from './world.js';

/** A button of a card, as the card renderer hands it over: data holds the inputs too. */
export interface CardAction {
  readonly type: 'Action.Execute' | 'Action.Submit';
  readonly id?: string;
  readonly verb?: string;
  readonly data?: unknown;
}

export interface Redelivery {
  readonly times: number;
  /** Teams repeats an invoke with the same id and, later, with a new one. */
  readonly ids: 'same' | 'new';
}

export interface Invokes {
  click(person: string, messageId: string, action: CardAction): Promise<InvokeResult>;
  /** One click, delivered several times at once, as Teams does when an answer is late. */
  clickRepeatedly(person: string, messageId: string, action: CardAction, how: Redelivery): Promise<InvokeResult[]>;
  refresh(person: string, messageId: string, trigger: 'automatic' | 'manual'): Promise<InvokeResult>;
  /** What looking at a message does: a refresh when one is due, else nothing. */
  look(person: string, messageId: string): Promise<InvokeResult | null>;
  openDialog(person: string, messageId: string, data: unknown): Promise<InvokeResult>;
  submitDialog(person: string, conversationId: string, data: unknown): Promise<InvokeResult>;
}

export function createInvokes(sender: Sender, bot: BotClient): Invokes {
  const { world } = sender;

  function target(ref: string, messageId: string): { person: Person; message: Message; conversation: Conversation } {
    const message = world.memory.message(messageId);
    if (!message) throw new Error(`There is no message ${messageId}.`);
    return { person: personOf(world, ref), message, conversation: conversationOf(world, message.conversationId) };
  }

  function executeActivity(ref: string, messageId: string, action: CardAction, trigger: string): Activity {
    const { person, message, conversation } = target(ref, messageId);
    const value = { action: { ...action, type: 'Action.Execute' }, trigger };
    const place = { rootId: message.rootId, replyToId: message.id };
    return invokeActivity(sender, person, conversation, { name: 'adaptiveCard/action', value, ...place });
  }

  function show(ref: string, messageId: string, answer: BotAnswer): InvokeResult {
    const result = readCardAnswer(answer);
    const { person, message } = target(ref, messageId);
    world.views.asked(person.id, message);
    if (result.outcome === 'card') {
      world.views.set(person.id, message, result.card);
      world.events.emit({ type: 'view', personId: person.id, message });
    }
    return result;
  }

  async function submit(ref: string, messageId: string, data: unknown): Promise<InvokeResult> {
    if (isTaskFetch(data)) return openDialog(ref, messageId, data);
    const { person, message, conversation } = target(ref, messageId);
    const answer = await bot.send(submitActivity(sender, person, conversation, message, data));
    if (answer.status >= 200 && answer.status < 300) return { outcome: 'done', answer };
    return { outcome: 'failed', text: 'Unable to reach app. Please try again.', answer };
  }

  async function openDialog(ref: string, messageId: string, data: unknown): Promise<InvokeResult> {
    const { person, message, conversation } = target(ref, messageId);
    const value = { data, context: { theme: 'default' } };
    const place = { rootId: message.rootId, replyToId: message.id };
    const activity = invokeActivity(sender, person, conversation, { name: 'task/fetch', value, ...place });
    return readDialogAnswer(await bot.send(activity));
  }

  async function click(ref: string, messageId: string, action: CardAction): Promise<InvokeResult> {
    if (action.type === 'Action.Submit') return submit(ref, messageId, action.data);
    return show(ref, messageId, await bot.send(executeActivity(ref, messageId, action, 'manual')));
  }

  async function refresh(ref: string, messageId: string, trigger: 'automatic' | 'manual'): Promise<InvokeResult> {
    const { person, message } = target(ref, messageId);
    const definition = cardOf(message)?.['refresh'];
    const action = isRecord(definition) ? definition['action'] : null;
    if (!isRecord(action)) throw new Error('The card on this message has no refresh.');
    world.views.asked(person.id, message);
    return show(
      ref,
      messageId,
      await bot.send(executeActivity(ref, messageId, action as unknown as CardAction, trigger)),
    );
  }

  return {
    click,
    clickRepeatedly: async (ref, messageId, action, { times, ids }) => {
      const first = executeActivity(ref, messageId, action, 'manual');
      const copies = Array.from({ length: times }, () => (ids === 'same' ? first : { ...first, id: newActivityId() }));
      const answers = await Promise.all(copies.map((copy) => bot.send(copy)));
      return answers.map((answer) => show(ref, messageId, answer));
    },
    refresh,
    look: async (ref, messageId) => {
      const { person, message } = target(ref, messageId);
      if (message.deletedAt !== null || !world.views.refreshIsDue(person.id, message)) return null;
      return refresh(ref, messageId, 'automatic');
    },
    openDialog,
    submitDialog: async (ref, conversationId, data) => {
      const [person, conversation] = [personOf(world, ref), conversationOf(world, conversationId)];
      const value = { data, context: { theme: 'default' } };
      // A dialog knows its conversation, not the card that opened it.
      const activity = invokeActivity(sender, person, conversation, {
        name: 'task/submit',
        value,
        rootId: null,
        replyToId: null,
      });
      return readDialogAnswer(await bot.send(activity));
    },
  };
}

function isTaskFetch(data: unknown): boolean {
  const msteams = isRecord(data) ? data['msteams'] : null;
  return isRecord(msteams) && msteams['type'] === 'task/fetch';
}
