import type { Trx } from '../../../database/transaction.js';
import { query } from '../../query.js';
import { storable, storableOrNull } from '../../text.js';
import type { EdrGroup, Prior } from './edr-batch.js';

export interface Mirrored {
  readonly microsoftAlertId: string;
  readonly deviceId: string | null;
  /** Null for an alert that was new to us. */
  readonly prior: Prior | null;
}

const input = `json_to_recordset(?::json) as x(id text, severity text, threat_type text, threat_name text, status text,
  description text, detected_at timestamptz, raw text, at timestamptz, fraction text, device text, aad_device text)`;

/** A device of the alert: by its Defender id, else by its Entra id; never by name. */
const deviceOf = `case when x.device is not null
    then (select d.id from edr_devices d where d.tenant_id = ? and d.microsoft_device_id = x.device)
    else (select d.id from edr_devices d where d.tenant_id = ? and d.aad_device_id = x.aad_device
      and d.superseded_by is null order by d.id limit 1) end`;

/**
 * Inserts alerts that the mirror lacks, sorted by key; resolves to those. Known ones are left out, since ON CONFLICT would
 * wait for whoever is updating them.
 */
export async function insertUnknown(trx: Trx, groups: readonly EdrGroup[]): Promise<Mirrored[]> {
  const rows = await query<{ id: string; deviceId: string | null }>(
    trx,
    `insert into edr_alerts (tenant_id, device_id, microsoft_alert_id, severity, threat_type, threat_name, status,
       description, detected_at, last_update_raw, last_update_at)
     select ?::uuid, ${deviceOf}, x.id, x.severity, x.threat_type, x.threat_name, x.status, x.description, x.detected_at,
       x.raw, x.at
     from ${input}
     where not exists (select from edr_alerts e where e.tenant_id = ? and e.microsoft_alert_id = x.id)
     order by x.id
     on conflict (tenant_id, microsoft_alert_id) do nothing
     returning microsoft_alert_id as id, device_id as "deviceId"`,
    [trx.tenantId, trx.tenantId, trx.tenantId, toJson(groups), trx.tenantId],
  );
  return rows.map(({ id, deviceId }) => ({ microsoftAlertId: id, deviceId, prior: null }));
}

/**
 * Brings known alerts forward to newer states and resolves to those, with what they were. An older state that arrives late
 * changes nothing, and what has not changed is not even locked. Microseconds decide first, then all digits.
 */
export async function updateChanged(trx: Trx, groups: readonly EdrGroup[]): Promise<Mirrored[]> {
  if (groups.length === 0) return [];
  const rows = await query<Prior & { id: string; deviceId: string | null }>(
    trx,
    `with prior as materialized (
       select e.id as row_id, e.status as old_status, e.last_update_raw as old_raw, e.own_update_raw as own_raw, x.*
       from edr_alerts e join ${input} on x.id = e.microsoft_alert_id
       where e.tenant_id = ? and (e.last_update_at is null or e.last_update_at < x.at or (e.last_update_at = x.at
         and rpad(coalesce(substring(e.last_update_raw from '[.]([0-9]+)'), ''), 9, '0') collate "C" < x.fraction collate "C"))
       order by e.microsoft_alert_id for update of e)
     update edr_alerts e set severity = x.severity, threat_type = x.threat_type, threat_name = x.threat_name,
       status = x.status, description = x.description, detected_at = x.detected_at, last_update_raw = x.raw,
       last_update_at = x.at, device_id = coalesce(e.device_id, ${deviceOf})
     from prior x where e.tenant_id = ? and e.id = x.row_id
     returning x.id, e.device_id as "deviceId", x.old_status as status, x.old_raw as "lastUpdateRaw",
       x.own_raw as "ownUpdateRaw"`,
    [toJson(groups), trx.tenantId, trx.tenantId, trx.tenantId, trx.tenantId],
  );
  return rows.map(({ id, deviceId, ...prior }) => ({ microsoftAlertId: id, deviceId, prior }));
}

function toJson(groups: readonly EdrGroup[]): string {
  return JSON.stringify(
    groups.map(({ microsoftAlertId, newest: { alert, moment } }) => ({
      id: microsoftAlertId,
      severity: storable(alert.severity, 50),
      threat_type: storableOrNull(alert.category, 100),
      threat_name: storableOrNull(alert.threatName, 255),
      status: storable(alert.status, 50),
      description: storableOrNull(alert.description, 20_000),
      detected_at: alert.createdAt,
      raw: moment.raw,
      at: moment.at,
      fraction: moment.fraction,
      device: alert.device?.microsoftDeviceId ?? null,
      aad_device: alert.device?.aadDeviceId?.toLowerCase() ?? null,
    })),
  );
}
