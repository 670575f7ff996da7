import { z } from 'zod';
import type { SystemTrx, Trx } from '../../database/transaction.js';
import { query } from '../query.js';

export type Pruned =
  | 'receipts'
  | 'outbox'
  | 'deliveryLog'
  | 'syncRuns'
  | 'closedAlerts'
  | 'posture'
  | 'seenDevices'
  | 'seenVulnerabilities';

const settings = z.object({ closedAlertDays: z.number().int().min(1).max(36_500).catch(400).default(400) });
const defaults = { closedAlertDays: 400 };

const ofDeadRun = `run_id in (select id from sync_runs r where r.tenant_id = :tenantId
  and (r.outcome is not null or r.started_at < app.now() - interval '1 day'))`;

/** Old rows of each kind, as a table, its key beside tenant_id, and a condition. Audit is never pruned. */
const rules: Readonly<Record<Pruned, { readonly table: string; readonly key: string; readonly old: string }>> = {
  receipts: { table: 'invoke_receipts', key: 'key', old: "created_at < app.now() - interval '7 days'" },
  outbox: { table: 'outbox', key: 'id', old: "state <> 'pending' and finished_at < app.now() - interval '30 days'" },
  deliveryLog: { table: 'delivery_log', key: 'id', old: "sent_at < now() - interval '2 days'" },
  // Of walks that were killed, and whose tenant is not synced any more; `ctid`, because a key of three columns is none here.
  seenDevices: { table: 'sync_seen_devices', key: 'ctid', old: ofDeadRun },
  seenVulnerabilities: { table: 'sync_seen_vulnerabilities', key: 'id', old: ofDeadRun },
  syncRuns: { table: 'sync_runs', key: 'id', old: "started_at < app.now() - interval '90 days'" },
  posture: { table: 'edr_posture_scores', key: 'id', old: "calculated_at < app.now() - interval '400 days'" },
  closedAlerts: {
    table: 'security_alerts',
    key: 'id',
    old: `status in ('closed_benign', 'closed_false_positive') and closed_at < app.now() - :days * interval '1 day'
      and not exists (select from incident_alert_links l where l.tenant_id = security_alerts.tenant_id
        and l.alert_id = security_alerts.id)`,
  },
};

export const prunedKinds = Object.keys(rules) as Pruned[];

/** Deletes at most `limit` old rows of one kind; resolves to their number. */
export async function prune(trx: Trx, kind: Pruned, limit: number): Promise<number> {
  const { table, key, old } = rules[kind];
  const days = kind === 'closedAlerts' ? await closedAlertDays(trx) : 0;
  const cards =
    kind === 'closedAlerts'
      ? `, cards as (delete from posted_cards p using doomed d
           where p.tenant_id = :tenantId and p.entity_type = 'alert' and p.entity_id = d.id)`
      : '';
  const found = await trx.sql.raw<{ rows: unknown[] }>(
    `with doomed as (
       select ${key} from ${table} where tenant_id = :tenantId and ${old} order by ${key} limit :limit for update skip locked)
       ${cards}
     delete from ${table} t using doomed d where t.tenant_id = :tenantId and t.${key} = d.${key} returning 1`,
    { tenantId: trx.tenantId, limit, days },
  );
  return found.rows.length;
}

async function closedAlertDays(trx: Trx): Promise<number> {
  const [row] = await query<{ settings: unknown }>(trx, 'select settings from tenants where id = ?', [trx.tenantId]);
  return settings.catch(defaults).parse(row?.settings ?? {}).closedAlertDays;
}

export async function allTenants({ system }: SystemTrx): Promise<string[]> {
  const found = await system.raw<{ rows: { id: string }[] }>('select id from tenants order by id');
  return found.rows.map((row) => row.id);
}
