import { z } from 'zod';
import { DomainError } from './errors.js';
import { sentences } from './sentences.js';

export const pageSize = 10;

/** A moment of the database to the microsecond, which a Date would cut: for the keys of pages. */
export const microseconds = (column: string) => `(extract(epoch from ${column}) * 1000000)::bigint::text`;
export const fromMicroseconds = "(timestamptz 'epoch' + ?::bigint * interval '1 microsecond')";

/** From 1970 on, and no later than PostgreSQL counts. */
const micros = z.string().regex(/^\d{1,18}$/);
const uuid = z.uuid();

/** Where a page ended: the list it belongs to and the key of its last row. */
const shapes = {
  queue: z.tuple([z.literal('queue'), z.int().min(0).max(9), micros, uuid]),
  mine: z.tuple([z.literal('mine'), micros, uuid]),
  open: z.tuple([z.literal('open'), z.int().min(0).max(9), micros, uuid]),
  all: z.tuple([z.literal('all'), micros, uuid]),
} as const;

type Shapes = typeof shapes;
export type ListName = keyof Shapes;
export type Cursor<Name extends ListName> = z.infer<Shapes[Name]>;

export function writeCursor(cursor: Cursor<ListName>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Null stays null: the first page. Throws for what no list of this name ever gave out. */
export function readCursor<Name extends ListName>(list: Name, text: string | null): Cursor<Name> | null {
  if (text === null) return null;
  const parsed = shapes[list].safeParse(parseJson(text.slice(0, 400)));
  if (!parsed.success) throw new DomainError('invalid', sentences.badCursor);
  return parsed.data as Cursor<Name>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Splits one row more than a page into the page and the key of the next one. */
export function pageOf<Row, Item>(
  rows: readonly Row[],
  toItem: (row: Row) => Item,
  cursorOf: (last: Row) => Cursor<ListName>,
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, pageSize);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: rows.length > pageSize && last ? writeCursor(cursorOf(last)) : null };
}
