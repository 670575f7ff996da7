import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Trx } from '../database/transaction.js';

export type Bindings = readonly (string | number | boolean | Date | null | readonly string[])[];

/** Rows of one statement with `?` placeholders, inside the tenant's transaction. */
export async function query<Row>(trx: Trx, sql: string, bindings: Bindings = []): Promise<Row[]> {
  const statement = trx.sql.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[]);
  const { rows } = await statement.options({ name: nameOf(sql) });
  return rows;
}

/**
 * The same for a statement over many rows, planned each time for its bindings and for how large its tables are by now: a plan
 * made for an empty table is a disaster on one that has just been filled.
 */
export async function queryMany<Row>(trx: Trx, sql: string, bindings: Bindings = []): Promise<Row[]> {
  const { rows } = await trx.sql.raw<{ rows: Row[] }>(sql, bindings as Knex.RawBinding[]);
  return rows;
}

const names = new Map<string, string>();

/** A named statement is parsed and rewritten once for each connection; planning was most of the time of small ones. */
function nameOf(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(sql).digest('base64url').slice(0, 24);
  names.set(sql, name);
  return name;
}

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Ids from cards are untrusted; what is no uuid would be an error of the database instead of "not found here". */
export function isUuid(text: string): boolean {
  return uuidShape.test(text);
}

/** Numbers that people say are positive and fit the column. */
export function isNumber(number: number): boolean {
  return Number.isInteger(number) && number > 0 && number <= 2_147_483_647;
}
