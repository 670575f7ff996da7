import { z } from 'zod';
import { drawMention } from '../../cards/mention-card.js';
import { drawNotice } from '../../cards/message-card.js';
import { asPlain } from '../../cards/text.js';
import { historyAction } from '../../cards/words.js';
import type { HistoryEntry } from '../../domain/audit/history.js';
import type { OutgoingContent } from '../../domain/channels/teams-gateway.js';

const noticePayload = z.object({
  title: z.string().optional(),
  text: z.string(),
  mentions: z.array(z.object({ aadObjectId: z.guid(), name: z.string() })).default([]),
});
const askPayload = z.object({
  asksFor: z.object({ entity: z.enum(['action', 'policy_change']), id: z.guid() }),
});
const threadPayload = z.object({ auditId: z.string().regex(/^\d{1,19}$/) });

/** Null for a payload of another shape. */
export function auditIdOf(payload: unknown): string | null {
  return threadPayload.safeParse(payload).data?.auditId ?? null;
}

/** What the message asks people to decide; null when it asks for nothing. */
export function askedFor(payload: unknown): { entity: 'action' | 'policy_change'; id: string } | null {
  return askPayload.safeParse(payload).data?.asksFor ?? null;
}

/** A message of its own: a small card when it has a title or names people, who are notified, else text. Throws ZodError. */
export function noticeContent(payload: unknown): OutgoingContent {
  const { title, text, mentions } = noticePayload.parse(payload);
  if (mentions.length > 0) {
    const { content, summary } = drawMention(mentions, text);
    return { card: content, summary, notify: true };
  }
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
