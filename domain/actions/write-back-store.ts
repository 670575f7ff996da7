import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { boundedId } from '../text.js';
import type { AlertNow } from './write-back-rules.js';

/** An alert that can be resolved at Microsoft. */
export interface ResolvableAlert {
  readonly id: string;
  readonly deviceId: string | null;
}

/** The incident's alerts of Microsoft that are not resolved there yet, in the order of their numbers. */
export function resolvableOf(trx: Trx, incidentId: string): Promise<ResolvableAlert[]> {
  return query<ResolvableAlert>(
    trx,
    `select a.id, a.device_id as "deviceId" from incident_alert_links l
     join security_alerts a on a.tenant_id = l.tenant_id and a.id = l.alert_id
     where l.tenant_id = ? and l.incident_id = ? and a.source_system = 'edr' and a.defender_alert_id is not null
       and a.source_resolved_at is null order by a.number`,
    [trx.tenantId, incidentId],
  );
}

/** Null when the alert is gone or never was Microsoft's. */
export async function readAlertNow(trx: Trx, actionId: string): Promise<AlertNow | null> {
  const [row] = await query<AlertNow>(
    trx,
    `select s.defender_alert_id as "microsoftAlertId", s.number, s.status, i.status as "incidentStatus",
       exists (select from edr_actions later where later.tenant_id = a.tenant_id and later.alert_id = a.alert_id
         and later.action_type = 'resolve_alert' and later.number > a.number) as "isReplaced"
     from edr_actions a join security_alerts s on s.tenant_id = a.tenant_id and s.id = a.alert_id
     left join security_incidents i on i.tenant_id = a.tenant_id and i.id = a.incident_id
     where a.tenant_id = ? and a.id = ? and s.defender_alert_id is not null`,
    [trx.tenantId, actionId],
  );
  return row ?? null;
}

/** Microsoft's last update of the alert is our own, so that ingestion takes it for no observation. */
export async function noteOwnUpdate(trx: Trx, microsoftAlertId: string, lastUpdate: string): Promise<void> {
  await query(trx, 'update edr_alerts set own_update_raw = ? where tenant_id = ? and microsoft_alert_id = ?', [
    lastUpdate,
    trx.tenantId,
    boundedId(microsoftAlertId),
  ]);
}

/** Admins were told of a failure less than an hour ago. */
export async function wasToldLately(trx: Trx, key: string): Promise<boolean> {
  const found = await query(
    trx,
    `select 1 from outbox where tenant_id = ? and stale_key = ? and created_at > app.now() - interval '1 hour' limit 1`,
    [trx.tenantId, `notice:${key}`],
  );
  return found.length > 0;
}
