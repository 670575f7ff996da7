import type { Knex } from 'knex';
import { DomainError } from '../errors.js';
import type { Role } from './actor.js';

/**
 * What a command line does before anybody has rights: tenants, their people, the first admin. Runs as the migration login,
 * which no running process uses; each function is one transaction, audited, and repeating it changes nothing.
 */
export interface NewTenant {
  readonly name: string;
  /** Unique; what people type to name the tenant. */
  readonly domain: string;
  /** The Microsoft tenant whose alerts are read; null for an MSSP without a tenant of its own to watch. */
  readonly entraTenantId: string | null;
}

export interface NewMember {
  readonly displayName: string;
  readonly email: string | null;
  readonly role: Role;
  /** The only identity that a Teams activity is trusted for. */
  readonly entraTenantId: string;
  readonly aadObjectId: string;
}

/** Creates or renames the tenant of a domain and accepts Teams activities from its Entra tenant. Returns its id. */
export function addTenant(admin: Knex, tenant: NewTenant): Promise<string> {
  return admin.transaction(async (sql) => {
    const known = await sql<{ id: string; domain: string; entra_tenant_id: string | null }>('tenants')
      .where({ domain: tenant.domain })
      .first();
    if (known && known.entra_tenant_id !== tenant.entraTenantId) {
      throw new DomainError(
        'conflict',
        `The domain ${tenant.domain} belongs to a tenant with another Entra tenant id. Nothing was changed.`,
      );
    }
    const id = known?.id ?? (await insertTenant(sql, tenant));
    if (known) await sql('tenants').where({ id }).update({ name: tenant.name });
    if (tenant.entraTenantId) await acceptEntra(sql, tenant.entraTenantId, tenant.name);
    await audit(sql, id, known ? 'tenant.update' : 'tenant.add', 'tenant', id, { ...tenant });
    return id;
  });
}

/** Accepts Teams activities from an Entra tenant that is no customer, e.g. the MSSP's own. */
export function acceptEntraTenant(admin: Knex, entraTenantId: string, note: string): Promise<void> {
  return admin.transaction(async (sql) => {
    await acceptEntra(sql, entraTenantId, note);
    await audit(sql, installation, 'entra_tenant.accept', 'entra_tenant', entraTenantId, { note });
  });
}

/** Adds a person to a tenant, or changes the role and revives the membership. Returns the user id. */
export function addMember(admin: Knex, tenantId: string, member: NewMember): Promise<string> {
  return admin.transaction(async (sql) => {
    const userId = await upsertUser(sql, tenantId, member);
    await sql('tenant_members')
      .insert({
        tenant_id: tenantId,
        user_id: userId,
        role: member.role,
        display_name: member.displayName,
        is_active: true,
      })
      .onConflict(['tenant_id', 'user_id'])
      .merge(['role', 'display_name', 'is_active']);
    await audit(sql, tenantId, 'member.add', 'user', userId, { role: member.role });
    return userId;
  });
}

/** Makes a known person super_admin of the whole installation; how the first admin comes to be. */
export function grantInstallationAdmin(admin: Knex, entraTenantId: string, aadObjectId: string): Promise<void> {
  return admin.transaction(async (sql) => {
    const user = await sql<{ id: string; entra_tenant_id: string; aad_object_id: string }>('users')
      .where({ entra_tenant_id: entraTenantId, aad_object_id: aadObjectId })
      .first();
    if (!user)
      throw new DomainError(
        'not_found',
        'This person is unknown. Add them to a tenant first: npm run cli -- member add',
      );
    await sql('installation_admins').insert({ user_id: user.id }).onConflict(['user_id']).ignore();
    await audit(sql, installation, 'installation_admin.grant', 'user', user.id, {});
  });
}

/**
 * Takes the grant back, and with it the memberships as super_admin: the first act in a tenant made the grant a row there.
 * Throws when there is no such admin.
 */
export function revokeInstallationAdmin(admin: Knex, entraTenantId: string, aadObjectId: string): Promise<void> {
  return admin.transaction(async (sql) => {
    const person = sql('users').where({ entra_tenant_id: entraTenantId, aad_object_id: aadObjectId }).select('id');
    const [revoked] = await sql('installation_admins')
      .whereIn('user_id', person)
      .delete()
      .returning<{ user_id: string }[]>('user_id');
    if (!revoked)
      throw new DomainError('not_found', 'This person is no admin of the installation. Nothing was changed.');
    const ended = await sql('tenant_members')
      .where({ user_id: revoked.user_id, role: 'super_admin', is_active: true })
      .update({ is_active: false })
      .returning<{ tenant_id: string }[]>('tenant_id');
    for (const { tenant_id } of ended)
      await audit(sql, tenant_id, 'member.remove', 'user', revoked.user_id, { role: 'super_admin' });
    await audit(sql, installation, 'installation_admin.revoke', 'user', revoked.user_id, {});
  });
}

const installation = '00000000-0000-0000-0000-000000000000';

async function insertTenant(sql: Knex.Transaction, tenant: NewTenant): Promise<string> {
  const rows = await sql('tenants')
    .insert({ name: tenant.name, domain: tenant.domain, entra_tenant_id: tenant.entraTenantId })
    .returning<{ id: string }[]>('id');
  const [row] = rows;
  if (!row) throw new Error('tenants returned no row');
  return row.id;
}

async function acceptEntra(sql: Knex.Transaction, entraTenantId: string, note: string): Promise<void> {
  await sql('accepted_entra_tenants')
    .insert({ entra_tenant_id: entraTenantId, note })
    .onConflict(['entra_tenant_id'])
    .ignore();
}

async function upsertUser(sql: Knex.Transaction, tenantId: string, member: NewMember): Promise<string> {
  const [first = '', ...rest] = member.displayName.split(' ');
  const rows = await sql('users')
    .insert({
      tenant_id: tenantId,
      email: member.email,
      first_name: first,
      last_name: rest.join(' '),
      role: member.role,
      entra_tenant_id: member.entraTenantId,
      aad_object_id: member.aadObjectId,
    })
    .onConflict(['entra_tenant_id', 'aad_object_id'])
    .merge(['email', 'first_name', 'last_name'])
    .returning<{ id: string }[]>('id');
  const [row] = rows;
  if (!row) throw new Error('users returned no row');
  return row.id;
}

async function audit(
  sql: Knex.Transaction,
  tenantId: string,
  action: string,
  entityType: string,
  entityId: string,
  after: object,
): Promise<void> {
  await sql('audit_log').insert({
    tenant_id: tenantId,
    actor_kind: 'system',
    actor: 'cli',
    action,
    entity_type: entityType,
    entity_id: entityId,
    after: JSON.stringify(after),
  });
}
