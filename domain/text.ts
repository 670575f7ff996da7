import { createHash } from 'node:crypto';
import { DomainError } from './errors.js';
import { sentences } from './sentences.js';

const loneSurrogates = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** Characters that show nothing: white space, controls, zero-width and bidirectional marks, fillers. */
const blank = /[\s\p{C}\p{Default_Ignorable_Code_Point}\u115F\u1160\u2800\u3164\uFFA0]/gu;

export const freeTextLimit = 4_000;

/** Text as PostgreSQL can hold it, at most `max` UTF-16 units long. */
export function storable(text: string, max: number): string {
  return text.slice(0, max).replaceAll('\u0000', '').replace(loneSurrogates, '\uFFFD');
}

export function storableOrNull(text: string | null, max: number): string | null {
  return text === null ? null : storable(text, max);
}

/** How many characters of a text can be seen. */
export function visibleLength(text: string): number {
  return [...text.replace(blank, '')].length;
}

/** What a person wrote, trimmed; throws when fewer than `least` characters of it can be seen, or it has more than `most`. */
export function written(what: string, text: string, least = 1, most = freeTextLimit): string {
  const trimmed = text.trim();
  if (visibleLength(trimmed) < least) throw new DomainError('invalid', sentences.tooShort(what, least));
  if (trimmed.length > most) throw new DomainError('invalid', sentences.tooLong(what, most));
  return storable(trimmed, most);
}

/** Ids that would not fit beside a recurrence's suffix are replaced by their hash. */
export function boundedId(id: string, max = 240): string {
  return id.length <= max ? id : `sha256:${createHash('sha256').update(id).digest('hex')}`;
}
