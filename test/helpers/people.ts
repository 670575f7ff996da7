import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Role } from '../../domain/access/actor.js';

export interface NewTenant {
  readonly name?: string;
  readonly entraTenantId?: string;
}

export interface TestTenant {
  readonly tenantId: string;
  readonly entraTenantId: string;
}

/** A tenant whose Entra tenant is accepted; `admin` must bypass row security. */
export async function insertTenant(admin: Knex, given: NewTenant = {}): Promise<TestTenant> {
  const entraTenantId = given.entraTenantId ?? randomUUID();
  const tenantId = randomUUID();
  const domain = `${tenantId}.example`;
  await admin('tenants').insert({
    id: tenantId,
    name: given.name ?? 'Contoso',
    domain,
    entra_tenant_id: entraTenantId,
  });
  await admin('accepted_entra_tenants').insert({ entra_tenant_id: entraTenantId }).onConflict().ignore();
  return { tenantId, entraTenantId };
}

export interface NewMember {
  readonly role: Role;
  readonly displayName?: string;
  readonly entraTenantId?: string;
  readonly aadObjectId?: string;
}

export interface TestMember {
  readonly userId: string;
  readonly entraTenantId: string;
  readonly aadObjectId: string;
}

/** A person whose home is the tenant, and a member of it. */
export async function insertMember(admin: Knex, tenantId: string, given: NewMember): Promise<TestMember> {
  const tenant = await admin<{ id: string; entra_tenant_id: string }>('tenants').where({ id: tenantId }).first();
  const entraTenantId = given.entraTenantId ?? tenant?.entra_tenant_id ?? randomUUID();
  const aadObjectId = given.aadObjectId ?? randomUUID();
  const userId = randomUUID();
  const displayName = given.displayName ?? 'Ada Analyst';
  await admin('users').insert({
    id: userId,
    tenant_id: tenantId,
    email: `${userId}@example.com`,
    first_name: displayName,
    last_name: '',
    role: given.role,
    entra_tenant_id: entraTenantId,
    aad_object_id: aadObjectId,
  });
  await admin('tenant_members').insert({
    tenant_id: tenantId,
    user_id: userId,
    role: given.role,
    display_name: displayName,
  });
  return { userId, entraTenantId, aadObjectId };
}
