import type { Knex } from 'knex';
import { describe, installationTable, tenantOwned } from '../support/tables.js';

export async function createMembers(knex: Knex): Promise<void> {
  await knex.raw(`
    create table tenant_members (
      tenant_id uuid not null references tenants (id) on delete cascade,
      user_id uuid not null references users (id),
      role text not null check (role in
        ('super_admin', 'tenant_admin', 'security_analyst', 'it_helpdesk_analyst', 'user')),
      display_name varchar(255) not null,
      is_active boolean not null default true,
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, user_id)
    )`);
  await knex.raw('create index tenant_members_user_idx on tenant_members (user_id, tenant_id)');
  await describe(knex, 'tenant_members', 'Who may act in which tenant; deactivated, never deleted', {
    role: 'Grants the rights of domain/access; an unknown role has none',
    display_name: 'As cards of this tenant show the person',
    is_active: 'False revokes every right in this tenant',
  });
  await tenantOwned(knex, 'tenant_members', {
    updatedAt: true,
    app: ['SELECT', 'INSERT', 'UPDATE'],
    system: ['SELECT'],
  });
}

export async function createInstallationTables(knex: Knex): Promise<void> {
  await knex.raw(`
    create table installation_admins (
      user_id uuid primary key references users (id) on delete cascade,
      created_at timestamptz not null default app.now()
    )`);
  await describe(knex, 'installation_admins', 'People who are super_admin in every tenant; granted by CLI', {
    user_id: 'The first act in a tenant adds a tenant_members row of role super_admin',
  });
  await installationTable(knex, 'installation_admins');

  await knex.raw(`
    create table accepted_entra_tenants (
      entra_tenant_id uuid primary key,
      note text,
      created_at timestamptz not null default app.now()
    )`);
  await describe(knex, 'accepted_entra_tenants', 'Entra tenants whose Teams activities are accepted at all', {
    note: 'Whose it is, for the next administrator',
  });
  await installationTable(knex, 'accepted_entra_tenants', { system: ['SELECT'] });
}
