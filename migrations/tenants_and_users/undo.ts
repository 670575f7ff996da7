import type { Knex } from 'knex';
import { dropAll } from '../support/tables.js';

interface Adopted {
  readonly table_name: string;
  readonly added_columns: readonly string[];
  readonly added_constraints: readonly string[];
  readonly had_row_security: boolean;
}

/** Drops tenants and users, or gives them back as they were when they had been adopted. */
export async function dropDirectory(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: Adopted[] }>('select * from app.adopted_tables');
  const adopted = new Map(rows.map((row) => [row.table_name, row]));
  for (const table of ['users', 'tenants']) {
    const record = adopted.get(table);
    if (record) await giveBack(knex, record);
    else await dropAll(knex, [table]);
  }
}

async function giveBack(knex: Knex, record: Adopted): Promise<void> {
  const table = record.table_name;
  await dropPolicies(knex, table);
  await knex.raw(`drop trigger ${table}_updated_at on ${table}`);
  if (table === 'users') await knex.raw('drop index users_tenant_idx');
  for (const name of record.added_constraints) await knex.raw(`alter table ${table} drop constraint ${name}`);
  for (const name of record.added_columns) await knex.raw(`alter table ${table} drop column ${name}`);
  await knex.raw(`revoke all on ${table} from avian_app, avian_system`);
  const enabled = record.had_row_security ? 'enable' : 'disable';
  await knex.raw(`alter table ${table} no force row level security, ${enabled} row level security`);
}

async function dropPolicies(knex: Knex, table: string): Promise<void> {
  for (const policy of ['tenant_isolation', 'across_tenants', 'platform_access', 'home_insert', 'home_update']) {
    await knex.raw(`drop policy if exists ${policy} on ${table}`);
  }
}
