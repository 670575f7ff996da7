import { z } from 'zod';
import { drawNotice } from '../../cards/message-card.js';
import { asPlain } from '../../cards/text.js';
import { historyAction } from '../../cards/words.js';
import type { HistoryEntry } from '../../domain/audit/history.js';
import type { OutgoingContent } from '../../domain/channels/teams-gateway.js';

const noticePayload = z.object({ title: z.string().optional(), text: z.string() });
const threadPayload = z.object({ auditId: z.string().regex(/^\d{1,19}$/) });

/** Null for a payload of another shape. */
export function auditIdOf(payload: unknown): string | null {
  return threadPayload.safeParse(payload).data?.auditId ?? null;
}

/** A message of its own: a small card when it has a title, else text. Throws ZodError. */
export function noticeContent(payload: unknown): OutgoingContent {
  const { title, text } = noticePayload.parse(payload);
  if (title === undefined) return { text: asPlain(text, 2_000) };
  const { content, summary } = drawNotice(title, text);
  return { card: content, summary, notify: false };
}

/** "Ann Analyst closed it: Known scanner". Nobody is mentioned, so that nobody is notified by history. */
export function historyLine(entry: HistoryEntry): OutgoingContent {
  const did = `${asPlain(entry.by, 80)} ${historyAction(entry.action)}`;
  const reason = entry.reason === null ? '' : asPlain(entry.reason, 1_000);
  return { text: reason === '' ? `${did}.` : `${did}: ${reason}` };
}
