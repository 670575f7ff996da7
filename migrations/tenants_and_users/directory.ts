import type { Knex } from 'knex';
import { acrossTenants, currentTenant, describe, forceRowSecurity, grant, keepUpdatedAt } from '../support/tables.js';
import { createOrAdopt } from './adoption.js';
import { tenantColumns, tenantComments, userColumns, userComments } from './columns.js';
import { ensureConstraints } from './constraints.js';

/** tenants and users: created, or adopted from an AVIAN platform's database. */
export async function createDirectory(knex: Knex): Promise<void> {
  const adopted = {
    tenants: await createOrAdopt(knex, 'tenants', tenantColumns),
    users: await createOrAdopt(knex, 'users', userColumns),
  };
  await ensureConstraints(knex);
  await knex.raw('create index users_tenant_idx on users (tenant_id)');
  await describe(knex, 'tenants', 'Customer organisations; the MSSP itself is a row too', tenantComments);
  await describe(knex, 'users', 'Directory of people; deactivated, never deleted', userComments);
  for (const table of ['tenants', 'users'] as const) {
    await forceRowSecurity(knex, table);
    await keepUpdatedAt(knex, table);
    if (adopted[table]) await keepPlatformAccess(knex, table);
  }
}

/** Row security needs tenant_members, so it comes after that table. */
export async function isolateDirectory(knex: Knex): Promise<void> {
  await knex.raw(
    `create policy tenant_isolation on tenants to avian_app using (id = ${currentTenant}) with check (id = ${currentTenant})`,
  );
  await grant(knex, 'tenants', 'avian_app', ['SELECT', 'UPDATE']);
  await acrossTenants(knex, 'tenants', ['SELECT']);
  await isolateUsers(knex);
}

/** Visible are people whose home or membership is the current tenant; written are those whose home it is. */
async function isolateUsers(knex: Knex): Promise<void> {
  const atHome = `tenant_id = ${currentTenant}`;
  await knex.raw(`
    create policy tenant_isolation on users for select to avian_app using (${atHome} or exists (
      select from tenant_members m where m.tenant_id = ${currentTenant} and m.user_id = users.id))`);
  await knex.raw(`create policy home_insert on users for insert to avian_app with check (${atHome})`);
  await knex.raw(`create policy home_update on users for update to avian_app using (${atHome}) with check (${atHome})`);
  await grant(knex, 'users', 'avian_app', ['SELECT', 'INSERT', 'UPDATE']);
  await acrossTenants(knex, 'users', ['SELECT']);
}

/** FORCE binds a table's owner too; the platform whose table this is must go on seeing all of it. */
async function keepPlatformAccess(knex: Knex, table: string): Promise<void> {
  const others = "current_user not in ('avian_app', 'avian_system')";
  await knex.raw(`create policy platform_access on ${table} using (${others}) with check (${others})`);
}
