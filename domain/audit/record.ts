import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

export interface AuditEntry {
  readonly by: { readonly kind: 'person' | 'system' | 'job'; readonly id: string };
  readonly action: string;
  readonly outcome?: 'done' | 'refused' | 'failed';
  readonly entity?: { readonly type: string; readonly id: string };
  readonly before?: unknown;
  readonly after?: unknown;
  readonly reason?: string | null;
  readonly activityId?: string | null;
}

/** Appends one row to the tenant's trail, in the transaction of what it tells; resolves to its id. */
export async function recordAudit(trx: Trx, entry: AuditEntry): Promise<string> {
  const [row] = await query<{ id: string }>(
    trx,
    `insert into audit_log (tenant_id, at, actor_kind, actor, action, outcome, entity_type, entity_id, before, after,
       reason, activity_id)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id`,
    [trx.tenantId, trx.now, ...auditValues(entry)],
  );
  if (!row) throw new Error('the audit row was not written');
  return row.id;
}

/** The columns from actor_kind to activity_id. */
export function auditValues(entry: AuditEntry): (string | null)[] {
  return [
    entry.by.kind,
    entry.by.id,
    entry.action,
    entry.outcome ?? 'done',
    entry.entity?.type ?? null,
    entry.entity?.id ?? null,
    json(entry.before),
    json(entry.after),
    entry.reason ?? null,
    entry.activityId ?? null,
  ];
}

function json(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}
