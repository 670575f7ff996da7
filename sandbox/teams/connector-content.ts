import { faultOfCards } from './card-check.js';
import { badArgument } from './connector-reply.js';
import { isRecord } from './message.js';
import type { Attachment, MentionEntity, MessageContent } from './message.js';

/** Throws 400 for what Teams would refuse. */
export function readContent(body: Record<string, unknown>): MessageContent {
  const attachments = readAttachments(body);
  const fault = faultOfCards(attachments);
  if (fault !== null) throw badArgument(`Invalid adaptive card: ${fault}`);
  const text = typeof body['text'] === 'string' ? body['text'] : '';
  if (text === '' && attachments.length === 0) throw badArgument('Activity has neither text nor attachments.');
  const mentions = (Array.isArray(body['entities']) ? body['entities'] : []).filter(isMention);
  return { text, attachments, mentions, summary: string(body['summary']), importance: string(body['importance']) };
}

export function readAttachments(body: Record<string, unknown>): Attachment[] {
  const list: unknown[] = Array.isArray(body['attachments']) ? body['attachments'] : [];
  return list.flatMap((one) =>
    isRecord(one) && typeof one['contentType'] === 'string'
      ? [{ contentType: one['contentType'], content: one['content'] }]
      : [],
  );
}

function isMention(value: unknown): value is MentionEntity {
  return (
    isRecord(value) && value['type'] === 'mention' && typeof value['text'] === 'string' && isRecord(value['mentioned'])
  );
}

function string(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** What lies under these names; undefined when nothing does. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), value);
}
