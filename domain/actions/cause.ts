import type { Trx } from '../../database/transaction.js';
import type { Device } from '../devices/device.js';
import { deviceColumns } from '../devices/device-columns.js';
import { isUuid, query } from '../query.js';
import type { ActionCause } from '../services.js';

/** What of the cause stands in the action. */
export interface Caused {
  readonly alertId: string | null;
  readonly incidentId: string | null;
}

/** Ids of the devices that the cause names, in the order in which they are offered, and what it is. `?` is the cause's id. */
const named: Readonly<Record<ActionCause['entity'], string>> = {
  alert: `select a.device_id, a.id as alert_id, null::uuid as incident_id, 0 as place
    from security_alerts a where a.tenant_id = ? and a.id = ?`,
  incident: `select a.device_id, null::uuid, i.id, min(case when l.is_primary then 0 else a.number end)
    from security_incidents i join incident_alert_links l on l.tenant_id = i.tenant_id and l.incident_id = i.id
    join security_alerts a on a.tenant_id = l.tenant_id and a.id = l.alert_id
    where i.tenant_id = ? and i.id = ? group by a.device_id, i.id`,
  device: 'select d.id, null::uuid, null::uuid, 0 from edr_devices d where d.tenant_id = ? and d.id = ?',
  action: `select k.device_id, k.alert_id, k.incident_id, 0 from edr_actions k
    where k.tenant_id = ? and k.id = ?`,
};

const most = 10;

function namedBy({ entity }: ActionCause): string {
  return `(with n (device_id, alert_id, incident_id, place) as (${named[entity]}) select * from n)`;
}

/** Null when there is no such cause in this tenant, or it does not name this device. */
export async function readCause(trx: Trx, cause: ActionCause, deviceId: string): Promise<Caused | null> {
  if (!isUuid(cause.entityId)) return null;
  const [row] = await query<Caused>(
    trx,
    `select n.alert_id as "alertId", n.incident_id as "incidentId" from ${namedBy(cause)} n where n.device_id = ?`,
    [trx.tenantId, cause.entityId, deviceId],
  );
  return row ?? null;
}

/** Devices that the cause names, at most 10; null when there is no such cause in this tenant. */
export async function devicesOfCause(trx: Trx, cause: ActionCause): Promise<Device[] | null> {
  if (!isUuid(cause.entityId)) return null;
  const rows = await query<{ [Field in keyof Device]: Device[Field] | null }>(
    trx,
    `select ${deviceColumns('d')} from ${namedBy(cause)} n
     left join edr_devices d on d.tenant_id = ? and d.id = n.device_id order by n.place, d.id limit ${most}`,
    [trx.tenantId, cause.entityId, trx.tenantId],
  );
  return rows.length === 0 ? null : rows.filter((row): row is Device => row.id !== null);
}
