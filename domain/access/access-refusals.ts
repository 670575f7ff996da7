import type { Database } from '../../database/transaction.js';
import { inSystem } from '../../database/transaction.js';
import { isUuid } from '../query.js';
import type { Caller } from '../services.js';
import type { AccessRefusal } from './choose-tenant.js';

/** The chain of the installation, for what concerns no tenant. */
export const installationChain = '00000000-0000-0000-0000-000000000000';

/**
 * Audits that somebody was turned away at the door. Without a tenant that is known it is at most one row a minute for each
 * person and kind, so that nobody can fill the installation's trail from outside.
 */
export async function recordAccessRefusal(db: Database, caller: Caller, refusal: AccessRefusal): Promise<void> {
  const tenantId = refusal.tenantId ?? installationChain;
  const actor = `${plain(caller.entraTenantId)}/${plain(caller.aadObjectId)}`;
  await inSystem(db, ({ system }) =>
    system.raw(
      `insert into audit_log (tenant_id, actor_kind, actor, action, outcome, entity_type, entity_id, after, activity_id)
       select ?::uuid, 'person', ?, 'access', 'refused', 'person', ?, jsonb_build_object('why', ?::text), ?
       where ?::uuid <> ?::uuid or not exists (select from audit_log where tenant_id = ?::uuid and entity_type = 'person' and entity_id = ?
         and at > app.now() - interval '1 minute' and after ->> 'why' = ?)`,
      [
        ...[tenantId, actor, actor, refusal.kind, caller.activityId],
        ...[tenantId, installationChain, tenantId, actor, refusal.kind],
      ],
    ),
  );
}

/** Whatever is no id is not written down: it could be anything. */
function plain(id: string): string {
  return isUuid(id) ? id.toLowerCase() : 'no id';
}
