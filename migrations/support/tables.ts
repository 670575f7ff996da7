import type { Knex } from 'knex';

export type Right = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

export interface Access {
  /** The table has `updated_at`, kept by the trigger `<table>_updated_at`. Default false. */
  readonly updatedAt?: boolean;
  /** What the login avian_app may do. Default of a tenant-owned table: everything; of an installation table: nothing. */
  readonly app?: readonly Right[];
  /** What the login avian_system may do, over all tenants by the policy `across_tenants`. Default nothing. */
  readonly system?: readonly Right[];
}

const everything: readonly Right[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** The tenant of this transaction; the setting is '' after a committed transaction, and ''::uuid would be an error. */
export const currentTenant = "nullif(current_setting('app.tenant_id', true), '')::uuid";

/**
 * Makes a table tenant-owned: row security enabled and forced, policy `tenant_isolation` for avian_app, grants, trigger.
 * Call it after the table and its column `tenant_id` exist. Throws what PostgreSQL throws.
 */
export async function tenantOwned(knex: Knex, table: string, access: Access = {}): Promise<void> {
  await forceRowSecurity(knex, table);
  await knex.raw(
    `create policy tenant_isolation on ${table} to avian_app
       using (tenant_id = ${currentTenant}) with check (tenant_id = ${currentTenant})`,
  );
  await grant(knex, table, 'avian_app', access.app ?? everything);
  await acrossTenants(knex, table, access.system ?? []);
  if (access.updatedAt) await keepUpdatedAt(knex, table);
}

/** A table of the installation, not of a tenant: no row security, and no rights but those given. */
export async function installationTable(knex: Knex, table: string, access: Access = {}): Promise<void> {
  await grant(knex, table, 'avian_app', access.app ?? []);
  await grant(knex, table, 'avian_system', access.system ?? []);
  if (access.updatedAt) await keepUpdatedAt(knex, table);
}

/** ENABLE and FORCE: without FORCE the owner of the table would not be bound by the policies. */
export async function forceRowSecurity(knex: Knex, table: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security, force row level security`);
}

/** Gives avian_system rights over the rows of all tenants. */
export async function acrossTenants(knex: Knex, table: string, rights: readonly Right[]): Promise<void> {
  if (rights.length === 0) return;
  await knex.raw(`create policy across_tenants on ${table} to avian_system using (true) with check (true)`);
  await grant(knex, table, 'avian_system', rights);
}

export async function grant(knex: Knex, table: string, role: string, rights: readonly Right[]): Promise<void> {
  if (rights.length > 0) await knex.raw(`grant ${rights.join(', ')} on ${table} to ${role}`);
}

export async function keepUpdatedAt(knex: Knex, table: string): Promise<void> {
  await knex.raw(
    `create trigger ${table}_updated_at before update on ${table} for each row execute function app.set_updated_at()`,
  );
}

/** COMMENT ON TABLE, and on each column named. Every table has one, and every column that does not explain itself. */
export async function describe(
  knex: Knex,
  table: string,
  comment: string,
  columns: Readonly<Record<string, string>> = {},
): Promise<void> {
  await knex.raw(`comment on table ${table} is ${literal(comment)}`);
  for (const [column, text] of Object.entries(columns)) {
    await knex.raw(`comment on column ${table}.${column} is ${literal(text)}`);
  }
}

/** Drops the tables in the order given; their policies, grants, triggers and indexes go with them. */
export async function dropAll(knex: Knex, tables: readonly string[]): Promise<void> {
  for (const table of tables) await knex.raw(`drop table ${table}`);
}

/** Knex takes a bare question mark for a binding, so it is escaped as well. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''").replaceAll('?', '\\?')}'`;
}
