import { INVOKE_RESPONSE_KEY } from 'botbuilder';
import type { TurnContext } from 'botbuilder';
import type { TeamsGateway } from '../domain/channels/teams-gateway.js';
import type { Services } from '../domain/services.js';
import type { ActionCall } from './actions/action.js';
import { perform } from './actions/perform.js';
import type { Performance } from './actions/perform.js';
import { mentionsOf, readActivity } from './activity.js';
import type { IncomingActivity } from './activity.js';
import { createAnswers } from './answers.js';
import { callerOf, kindOf } from './caller.js';
import { runCommand } from './commands/run.js';
import { createConversationBook } from './conversations.js';
import type { ConversationBook } from './conversations.js';
import { onEvent } from './events.js';
import { toFault } from './faults.js';
import { answerInvoke, cardError, isInvokeName, say } from './invokes.js';
import type { InvokeName } from './invokes.js';
import type { BotLog } from './log.js';
import { createCardNotice } from './noticed-cards.js';
import { withPatience } from './patience.js';
import type { Roster } from './people.js';
import { rootOf } from './delivery/activities.js';
import { sentences } from './sentences.js';

export interface BotParts {
  readonly services: Services;
  readonly gateway: TeamsGateway;
  readonly roster: Roster;
  readonly log: BotLog;
  /** Milliseconds after which a sentence is answered while the work goes on; Teams gives up at about 10 s. */
  readonly patienceMs?: number;
}

/** Handles one verified activity. */
export type Bot = (context: TurnContext, correlationId: string) => Promise<void>;

export function createBot(parts: BotParts): Bot {
  const { services, log, patienceMs = 8_000 } = parts;
  const book = createConversationBook(services.channels);
  const answers = createAnswers(parts.gateway, log);
  const noticeCard = createCardNotice(log);

  const performanceOf = (activity: IncomingActivity, correlationId: string): Performance | null => {
    const caller = callerOf(activity);
    if (!caller) return null;
    const call: ActionCall = { services, caller, ...addressesOf(activity), actors: new Map() };
    return { call, log, fields: fieldsOf(activity, correlationId), noticeCard };
  };

  const onMessage = async (activity: IncomingActivity, correlationId: string): Promise<void> => {
    const on = performanceOf(activity, correlationId);
    if (!on) return answers.reply(activity, { text: sentences.noIdentity });
    await noted(book, activity, log);
    if (isButton(activity.value)) {
      return answers.result(activity, await perform(on, activity.value));
    }
    try {
      const said = { text: activity.text ?? '', mentions: mentionsOf(activity), botId: activity.recipient?.id };
      const people = parts.roster.of(activity.serviceUrl, activity.conversation.id);
      await answers.reply(activity, await runCommand(on.call, said, people));
    } catch (error) {
      await answers.reply(activity, { text: toFault(error, log, on.fields).sentence });
    }
  };

  const onInvoke = async (activity: IncomingActivity, name: InvokeName, correlationId: string): Promise<unknown> => {
    const on = performanceOf(activity, correlationId);
    if (!on) return say(name, sentences.noIdentity);
    await noted(book, activity, log);
    return answerInvoke(on, name, activity.value);
  };

  return async (context, correlationId) => {
    const activity = readActivity(context.activity);
    const fields = fieldsOf(activity, correlationId);
    if (activity.type === 'invoke') {
      const { name } = activity;
      const work = isInvokeName(name)
        ? onInvoke(activity, name, correlationId).catch((error: unknown) => invokeFault(error, name, log, fields))
        : Promise.resolve(cardError(400, sentences.unknownInvoke));
      const late = () => say(isInvokeName(name) ? name : 'adaptiveCard/action', sentences.slow);
      const body = await withPatience<unknown>(work, patienceMs, late);
      context.turnState.set(INVOKE_RESPONSE_KEY, { value: { status: 200, body } });
    } else if (activity.type === 'message') {
      const work = onMessage(activity, correlationId).catch((error: unknown) => void toFault(error, log, fields));
      await withPatience(work, patienceMs, () => undefined);
    } else if (activity.type === 'installationUpdate' || activity.type === 'conversationUpdate') {
      await onEvent(activity, book).catch((error: unknown) => void toFault(error, log, fields));
    }
  };
}

function invokeFault(error: unknown, name: InvokeName, log: BotLog, fields: object): unknown {
  const { code, sentence } = toFault(error, log, fields);
  return code === 'bug' && name === 'adaptiveCard/action' ? cardError(500, sentence) : say(name, sentence);
}

/** A conversation that cannot be written down must not keep a person from being answered. */
async function noted(book: ConversationBook, activity: IncomingActivity, log: BotLog): Promise<void> {
  try {
    await book.note(activity);
  } catch (error) {
    log.warn({ err: error, conversationId: activity.conversation.id }, 'A conversation was not written down');
  }
}

function isButton(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

/** In a channel only the root post is the one card; lists and copies in threads carry buttons about the same entities. */
function addressesOf(activity: IncomingActivity): Pick<ActionCall, 'teamsId' | 'cardActivityId'> {
  const { from, replyToId, conversation } = activity;
  const isOwn = kindOf(activity) === 'personal' || rootOf(conversation.id) === replyToId;
  return { teamsId: from?.id ?? null, cardActivityId: isOwn ? (replyToId ?? null) : null };
}

function fieldsOf(activity: IncomingActivity, correlationId: string): object {
  return { correlationId, activityId: activity.id, conversationId: activity.conversation.id, type: activity.type };
}
