import type { Activity } from './activities.js';
import { isRecord } from './message.js';

/** The bot's answer to one activity; status 0 when none came within the deadline. */
export interface BotAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface BotClient {
  send(activity: Activity): Promise<BotAnswer>;
}

/** deadlineMs: how long Teams waits for a bot (10 to 15 s in the documents). */
export function createBotClient(endpoint: string | (() => string), deadlineMs: number): BotClient {
  return {
    send: async (activity) => {
      const signal = AbortSignal.timeout(deadlineMs);
      const headers = { 'content-type': 'application/json; charset=utf-8' };
      const url = typeof endpoint === 'string' ? endpoint : endpoint();
      try {
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(activity), signal });
        return { status: response.status, body: parse(await response.text()) };
      } catch (error) {
        return { status: 0, body: { error: error instanceof Error ? error.name : 'unreachable' } };
      }
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export interface Dialog {
  readonly title: string;
  readonly card: Readonly<Record<string, unknown>> | null;
  /** Pixels, or small, medium, large. */
  readonly width: number | string | null;
  readonly height: number | string | null;
}

/** What a person sees after an invoke; answer is what came over the wire. */
export type InvokeResult = { readonly answer: BotAnswer } & (
  | { readonly outcome: 'card'; readonly card: Readonly<Record<string, unknown>> }
  | { readonly outcome: 'message'; readonly text: string }
  | { readonly outcome: 'dialog'; readonly dialog: Dialog }
  | { readonly outcome: 'done' }
  | { readonly outcome: 'failed'; readonly text: string }
);

const unreachable = 'Unable to reach app. Please try again.';
const wentWrong = 'Something went wrong. Please try again.';

export function readCardAnswer(answer: BotAnswer): InvokeResult {
  const { status, body } = answer;
  if (status === 0) return { outcome: 'failed', text: unreachable, answer };
  if (status !== 200 || !isRecord(body)) return { outcome: 'failed', text: wentWrong, answer };
  const { type, value } = body as { type?: unknown; value?: unknown };
  if (body['statusCode'] !== 200) return { outcome: 'failed', text: errorText(value), answer };
  if (type === 'application/vnd.microsoft.card.adaptive' && isRecord(value))
    return { outcome: 'card', card: value, answer };
  if (type === 'application/vnd.microsoft.activity.message') return { outcome: 'message', text: String(value), answer };
  return { outcome: 'failed', text: wentWrong, answer };
}

function errorText(value: unknown): string {
  const message = isRecord(value) ? value['message'] : null;
  return typeof message === 'string' && message !== '' ? message : wentWrong;
}

export function readDialogAnswer(answer: BotAnswer): InvokeResult {
  const { status, body } = answer;
  if (status === 0) return { outcome: 'failed', text: unreachable, answer };
  if (status < 200 || status >= 300) return { outcome: 'failed', text: wentWrong, answer };
  const task = isRecord(body) ? body['task'] : null;
  if (!isRecord(task)) return { outcome: 'done', answer };
  if (task['type'] === 'message') return { outcome: 'message', text: String(task['value']), answer };
  const value = task['value'];
  if (task['type'] !== 'continue' || !isRecord(value)) return { outcome: 'failed', text: wentWrong, answer };
  return { outcome: 'dialog', dialog: readDialog(value), answer };
}

function readDialog(value: Record<string, unknown>): Dialog {
  const card = value['card'];
  const content = isRecord(card) && isRecord(card['content']) ? card['content'] : card;
  return {
    title: typeof value['title'] === 'string' ? value['title'] : '',
    card: isRecord(content) ? content : null,
    width: measure(value['width']),
    height: measure(value['height']),
  };
}

function measure(value: unknown): number | string | null {
  return typeof value === 'number' || typeof value === 'string' ? value : null;
}
