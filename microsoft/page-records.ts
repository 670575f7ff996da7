import type { z } from 'zod';
import type { MalformedRecord, SourcePage } from '../domain/sync/source.js';
import type { RawPage } from './pages.js';
import { storable, storableOrNull } from './text.js';

/** Makes an item of one record, or null of one that is of no interest. */
export interface RecordParser<Sent, Item> {
  readonly record: z.ZodType<Sent>;
  readonly toItem: (record: Sent) => Item | null;
}

/** Records of one page; a malformed one is named and leaves the others alone. Never throws. */
export function parseRecords<Sent, Item>(page: RawPage, parser: RecordParser<Sent, Item>): SourcePage<Item> {
  const items: Item[] = [];
  const malformed: MalformedRecord[] = [];
  for (const [index, row] of page.rows.entries()) {
    const parsed = parser.record.safeParse(row);
    if (!parsed.success) {
      malformed.push({ which: nameOf(row) ?? placeOf(page, index), why: reasons(parsed.error.issues) });
      continue;
    }
    const item = parser.toItem(parsed.data);
    if (item !== null) items.push(item);
  }
  return { items, malformed, partial: page.partial };
}

export const placeOf = (page: RawPage, index: number) => `record ${index + 1} of page ${page.number}`;

/** The record's id if it has one. */
export function nameOf(row: unknown): string | null {
  if (typeof row !== 'object' || row === null || !('id' in row)) return null;
  return storableOrNull(row.id, 120);
}

/** Why a record could not be read, at most 300 characters. */
export const reasons = (issues: readonly { path: PropertyKey[]; message: string }[]) =>
  storable(
    issues.map((issue) => [issue.path.map(String).join('.'), issue.message].filter(Boolean).join(': ')).join('; '),
    300,
  );
