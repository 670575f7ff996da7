import { cardContentType, isRecord } from './message.js';
import type { Attachment } from './message.js';

/** What makes Teams refuse a card; null when it takes it. Depth of nesting is unlimited, size is checked elsewhere. */
export function faultOfCards(attachments: readonly Attachment[]): string | null {
  const cards = attachments.filter((one) => one.contentType === cardContentType);
  return cards.map((one) => faultOfCard(one.content)).find((fault) => fault !== null) ?? null;
}

export function faultOfCard(card: unknown): string | null {
  if (!isRecord(card)) return 'The card is not an object.';
  if (card['type'] !== 'AdaptiveCard') return 'type is not AdaptiveCard.';
  const version = typeof card['version'] === 'string' ? /^1\.(\d+)$/.exec(card['version']) : null;
  if (!version || Number(version[1]) > 5) return 'version is not one of 1.0 to 1.5.';
  for (const list of ['body', 'actions']) {
    const value = card[list];
    if (value !== undefined && !Array.isArray(value)) return `${list} is not an array.`;
  }
  return faultOfParts(card['body'] ?? [], 'body') ?? faultOfParts(card['actions'] ?? [], 'actions');
}

function faultOfParts(value: unknown, path: string): string | null {
  if (!Array.isArray(value)) return null;
  for (const [index, part] of (value as unknown[]).entries()) {
    const fault = faultOfPart(part, `${path}[${index}]`);
    if (fault !== null) return fault;
  }
  return null;
}

function faultOfPart(part: unknown, path: string): string | null {
  if (!isRecord(part)) return `${path} is not an object.`;
  const type = part['type'];
  if (typeof type !== 'string') return `${path} has no type.`;
  if (type.startsWith('Input.') && typeof part['id'] !== 'string') return `${path} is an input without an id.`;
  if (type === 'TextBlock' && typeof part['text'] !== 'string') return `${path} is a TextBlock without text.`;
  const lists = ['items', 'actions', 'columns'].filter((name) => part[name] !== undefined && type !== 'Table');
  return lists.map((name) => faultOfParts(part[name], `${path}.${name}`)).find((fault) => fault !== null) ?? null;
}
