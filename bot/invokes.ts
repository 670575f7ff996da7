import type { Card } from '../cards/card.js';
import type { Dialog } from '../cards/dialog.js';
import { filled } from './actions/filled.js';
import { open, perform } from './actions/perform.js';
import type { ActionResult, Performance } from './actions/perform.js';
import type { Fault } from './faults.js';
import { sentences } from './sentences.js';

const CARD = 'application/vnd.microsoft.card.adaptive';

/** The body of an answer to adaptiveCard/action. Teams looks at statusCode; HTTP is 200 always. */
export interface CardActionAnswer {
  readonly statusCode: number;
  readonly type: string;
  readonly value: unknown;
}

export interface TaskAnswer {
  readonly task: { readonly type: 'message' | 'continue'; readonly value: unknown };
}

export type InvokeName = 'adaptiveCard/action' | 'task/fetch' | 'task/submit';

export function isInvokeName(name: unknown): name is InvokeName {
  return name === 'adaptiveCard/action' || name === 'task/fetch' || name === 'task/submit';
}

/** A sentence in the form that the invoke wants. */
export function say(name: InvokeName, sentence: string): CardActionAnswer | TaskAnswer {
  if (name === 'adaptiveCard/action') {
    return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: sentence };
  }
  return { task: { type: 'message', value: sentence } };
}

export function cardError(statusCode: 400 | 500, message: string): CardActionAnswer {
  const code = statusCode === 400 ? 'BadRequest' : 'InternalServerError';
  return { statusCode, type: 'application/vnd.microsoft.error', value: { code, message } };
}

/** `value` is the activity's, untrusted. */
export async function answerInvoke(
  on: Performance,
  name: InvokeName,
  value: unknown,
): Promise<CardActionAnswer | TaskAnswer> {
  if (name === 'adaptiveCard/action') {
    const action = member(value, 'action');
    if (typeof action !== 'object' || action === null) return cardError(400, sentences.brokenButton);
    return cardActionAnswer(await perform(on, member(action, 'data')));
  }
  const raw = member(value, 'data');
  return name === 'task/fetch' ? openForm(on, raw) : submitForm(on, raw);
}

function cardActionAnswer(result: ActionResult): CardActionAnswer {
  if (result.kind === 'failed') return failedAction(result.fault);
  return { statusCode: 200, type: CARD, value: result.drawn.card.content satisfies Card['content'] };
}

function failedAction({ code, sentence }: Fault): CardActionAnswer {
  if (code === 'bug') return cardError(500, sentence);
  return say('adaptiveCard/action', sentence) as CardActionAnswer;
}

async function openForm(on: Performance, raw: unknown): Promise<TaskAnswer> {
  const result = await open(on, raw);
  return result.kind === 'open' ? showForm(result.dialog) : closeForm(result.fault.sentence);
}

/** What can be mended in the form keeps it open; what has been overtaken closes it. */
async function submitForm(on: Performance, raw: unknown): Promise<TaskAnswer> {
  const result = await perform(on, raw);
  if (result.kind === 'done') return closeForm(result.drawn.sentence);
  const { code, sentence } = result.fault;
  if (result.kind === 'fresh' || code === 'not_found' || code === 'refused' || code === 'conflict') {
    return closeForm(sentence);
  }
  const again = await open(on, raw);
  return again.kind === 'open' ? showForm(filled(again.dialog, sentence, raw)) : closeForm(sentence);
}

function showForm({ title, height, width, card }: Dialog): TaskAnswer {
  return { task: { type: 'continue', value: { title, height, width, card: { contentType: CARD, content: card } } } };
}

function closeForm(sentence: string): TaskAnswer {
  return { task: { type: 'message', value: sentence } };
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
