import type { Card } from '../cards/card.js';
import type { ConversationReference, OutgoingContent, TeamsGateway } from '../domain/channels/teams-gateway.js';
import type { ActionResult } from './actions/perform.js';
import type { IncomingActivity } from './activity.js';
import { addressOf, kindOf } from './caller.js';
import type { Reply } from './commands/command.js';
import { rootOf } from './delivery/activities.js';
import type { BotLog } from './log.js';

/** Answers to messages: in a channel in the thread that was spoken in, elsewhere at the end of the chat. */
export interface Answers {
  reply(activity: IncomingActivity, answer: Reply): Promise<void>;
  /** After a button that arrived as a message. */
  result(activity: IncomingActivity, result: ActionResult): Promise<void>;
}

export function createAnswers(gateway: TeamsGateway, log: BotLog): Answers {
  const reply: Answers['reply'] = async (activity, answer) => {
    const to = addressOf(activity);
    if (!to) return;
    try {
      await send(gateway, to, activity, toContent(answer));
    } catch (error) {
      log.warn(
        { err: error, conversationId: to.conversationId, activityId: activity.id },
        'An answer was not delivered',
      );
    }
  };
  const redraw = async (activity: IncomingActivity, card: Card): Promise<boolean> => {
    const to = addressOf(activity);
    if (!to || activity.replyToId === undefined || !isOwnMessage(activity)) return false;
    try {
      await gateway.update(to, activity.replyToId, toContent({ card }));
      return true;
    } catch (error) {
      log.debug({ err: error, activityId: activity.replyToId }, 'A card was not redrawn in place');
      return false;
    }
  };
  return {
    reply,
    result: async (activity, result) => {
      if (result.kind === 'failed') return reply(activity, { text: result.fault.sentence });
      const { card, sentence } = result.drawn;
      // What concerns one person's click must not stand on a card that everybody sees.
      if (result.kind === 'fresh') return reply(activity, { text: result.fault.sentence });
      if (await redraw(activity, card)) return;
      await reply(activity, activity.replyToId === undefined || isOfList(activity) ? { card } : { text: sentence });
    },
  };
}

/**
 * A card that everybody sees is redrawn by the delivery; personal copies and lists are by nobody else. What calls itself a
 * list is believed only where no such card can stand: in a thread, below its root.
 */
function isOwnMessage(activity: IncomingActivity): boolean {
  const kind = kindOf(activity);
  const isBelowRoot = kind === 'channel' && rootOf(activity.conversation.id) !== activity.replyToId;
  return kind === 'personal' || (isOfList(activity) && isBelowRoot);
}

function isOfList({ value }: IncomingActivity): boolean {
  return ((value ?? {}) as { verb?: unknown }).verb === 'list.page';
}

function send(
  gateway: TeamsGateway,
  to: ConversationReference,
  activity: IncomingActivity,
  content: OutgoingContent,
): Promise<string> {
  const root = rootOf(activity.conversation.id) ?? activity.id;
  return to.kind === 'channel' && root !== undefined ? gateway.reply(to, root, content) : gateway.post(to, content);
}

function toContent(answer: Reply): OutgoingContent {
  if ('text' in answer) return answer;
  return { card: answer.card.content, summary: answer.card.summary, notify: false };
}
