import type { Knex } from 'knex';
import type { Column } from './columns.js';

/** What `down` needs to know about a table that was here before us. */
export async function createAdoptionRecord(knex: Knex): Promise<void> {
  await knex.raw(`
    create table app.adopted_tables (
      table_name text primary key,
      added_columns text[] not null,
      added_constraints text[] not null default '{}',
      had_row_security boolean not null
    )`);
  await knex.raw(
    `comment on table app.adopted_tables is 'Tables that existed before migration 0001, and what it added to them'`,
  );
}

/** Creates the table, or adopts the one that exists. Returns true for adopted. Throws where it cannot be adopted. */
export async function createOrAdopt(knex: Knex, table: string, columns: readonly Column[]): Promise<boolean> {
  const existing = await columnTypes(knex, table);
  if (existing.size === 0) {
    await knex.raw(`create table ${table} (${columns.map((c) => `${c.name} ${c.definition}`).join(', ')})`);
    return false;
  }
  refuseOtherTypes(table, columns, existing);
  await refuseOtherOwner(knex, table);
  await refuseForeignPolicies(knex, table);
  await refuseWithoutKey(knex, table);
  await adopt(
    knex,
    table,
    columns.filter((column) => !existing.has(column.name)),
  );
  return true;
}

async function adopt(knex: Knex, table: string, missing: readonly Column[]): Promise<void> {
  await knex.raw(
    `insert into app.adopted_tables (table_name, added_columns, had_row_security)
     select '${table}', ?, relrowsecurity from pg_class where oid = 'public.${table}'::regclass`,
    [missing.map((column) => column.name)],
  );
  for (const column of missing) {
    await knex.raw(`alter table ${table} add column ${column.name} ${column.whenAdded ?? column.definition}`);
  }
}

/** Names of columns to their types; empty when there is no such table. */
async function columnTypes(knex: Knex, table: string): Promise<Map<string, string>> {
  const { rows } = await knex.raw<{ rows: { name: string; type: string }[] }>(
    `select attname as name, format_type(atttypid, null) as type from pg_attribute
     where attrelid = to_regclass('public.${table}') and attnum > 0 and not attisdropped`,
  );
  return new Map(rows.map((row) => [row.name, row.type]));
}

function refuseOtherTypes(table: string, columns: readonly Column[], existing: ReadonlyMap<string, string>): void {
  for (const column of columns) {
    const type = existing.get(column.name);
    if (column.name === 'id' && !type) refuse(table, 'it has no column id of type uuid');
    if (type && !column.types.includes(type)) {
      refuse(table, `its column ${column.name} is of type ${type}, needed is ${column.types.join(' or ')}`);
    }
  }
}

async function refuseOtherOwner(knex: Knex, table: string): Promise<void> {
  const { rows } = await knex.raw<{ rows: { owner: string; login: string }[] }>(
    `select relowner::regrole::text as owner, current_user as login from pg_class
     where oid = 'public.${table}'::regclass and not pg_has_role(current_user, relowner, 'usage')`,
  );
  const [other] = rows;
  if (other) refuse(table, `it belongs to ${other.owner}; GRANT ${other.owner} TO ${other.login} for the migration`);
}

/** References need a key on id alone. */
async function refuseWithoutKey(knex: Knex, table: string): Promise<void> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `select from pg_index where indrelid = 'public.${table}'::regclass and indisunique and indpred is null and indnkeyatts = 1
       and indkey[0] = (select attnum from pg_attribute where attrelid = indrelid and attname = 'id')`,
  );
  if (rows.length === 0) refuse(table, 'its column id has no unique key');
}

/** Policies add up: one that lets everybody read would let avian_app read other tenants. */
async function refuseForeignPolicies(knex: Knex, table: string): Promise<void> {
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(
    `select polname as name from pg_policy where polrelid = 'public.${table}'::regclass and polpermissive
       and polroles && (array[0::oid] || array(select oid from pg_roles where rolname in ('avian_app', 'avian_system')))`,
  );
  if (rows[0]) refuse(table, `its policy ${rows[0].name} would apply to the login avian_app as well`);
}

function refuse(table: string, why: string): never {
  throw new Error(`The existing table ${table} cannot be adopted: ${why}. Nothing was changed.`);
}
