import type { Knex } from 'knex';
import { rolesFor } from '../access/capabilities.js';
import { DomainError } from '../errors.js';
import { tenantSettings } from '../tenants/settings.js';
import type { ActionPolicy } from './policy.js';
import { mergedActions } from './policy-merge.js';
import { pick, policyDifference } from './policy-rules.js';
import { policySentences } from './policy-sentences.js';

/**
 * What whoever runs the installation sets without a second admin, on the command line: runs as the migration login, in one
 * transaction, audited. Resolves to the rules as they are then. Throws DomainError when nothing differs.
 */
export function setActionPolicy(admin: Knex, tenantId: string, wanted: Partial<ActionPolicy>): Promise<ActionPolicy> {
  return admin.transaction(async (sql) => {
    const before = await lockPolicy(sql, tenantId);
    const change = policyDifference(before, wanted);
    if (change.breakGlass) await checkPeople(sql, tenantId, change.breakGlass);
    await sql.raw(`update tenants set settings = ${mergedActions} where id = ?`, [JSON.stringify(change), tenantId]);
    await sql('audit_log').insert({
      tenant_id: tenantId,
      actor_kind: 'system',
      actor: 'cli',
      action: 'policy.change',
      entity_type: 'tenant',
      entity_id: tenantId,
      before: JSON.stringify(pick(before, change)),
      after: JSON.stringify(change),
    });
    return { ...before, ...change };
  });
}

export async function readActionPolicy(admin: Knex, tenantId: string): Promise<ActionPolicy> {
  const row = await admin<{ id: string; settings: unknown }>('tenants').where({ id: tenantId }).first('settings');
  return tenantSettings(row?.settings).actions;
}

async function lockPolicy(sql: Knex.Transaction, tenantId: string): Promise<ActionPolicy> {
  const tenants = sql<{ id: string; settings: unknown }>('tenants').where({ id: tenantId });
  const row = await tenants.forNoKeyUpdate().first('settings');
  if (!row) throw new DomainError('not_found', 'There is no such tenant. Nothing was changed.');
  return tenantSettings(row.settings).actions;
}

async function checkPeople(sql: Knex.Transaction, tenantId: string, userIds: readonly string[]): Promise<void> {
  const fit: unknown[] = await sql('tenant_members')
    .join('users', 'users.id', 'tenant_members.user_id')
    .where({ 'tenant_members.tenant_id': tenantId, 'tenant_members.is_active': true, 'users.is_active': true })
    .whereIn('tenant_members.user_id', userIds)
    .whereIn('tenant_members.role', rolesFor('action.request'))
    .select('tenant_members.user_id');
  if (fit.length !== userIds.length) throw new DomainError('invalid', policySentences.notBreakGlass);
}
