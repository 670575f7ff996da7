import type { Trx } from '../../../database/transaction.js';
import type { DeviceIds } from '../../devices/stub-store.js';
import { deviceKey } from '../../devices/stub-store.js';
import { query } from '../../query.js';
import { storable, storableOrNull } from '../../text.js';
import type { EdrGroup, Prior } from './edr-batch.js';

const input = `json_to_recordset(?::json) as x(id text, severity text, threat_type text, threat_name text, status text,
  description text, detected_at timestamptz, raw text, at timestamptz, device_id uuid)`;

const columns = `tenant_id, device_id, microsoft_alert_id, severity, threat_type, threat_name, status, description,
  detected_at, last_update_raw, last_update_at, created_at, updated_at`;

const values = `?::uuid, x.device_id, x.id, x.severity, x.threat_type, x.threat_name, x.status, x.description,
  x.detected_at, x.raw, x.at, t.now, t.now`;

/**
 * Inserts alerts that the mirror lacks, sorted by key; resolves to their ids. Known ones are left out by an index probe each,
 * since ON CONFLICT would wait for whoever is updating them.
 */
export async function insertUnknown(trx: Trx, groups: readonly EdrGroup[], devices: DeviceIds): Promise<string[]> {
  const rows = await query<{ id: string }>(
    trx,
    `insert into edr_alerts (${columns})
     select ${values} from (select ?::timestamptz as now) t, ${input}
     where (select true from edr_alerts e where e.tenant_id = ? and e.microsoft_alert_id = x.id) is null
     order by x.id
     on conflict (tenant_id, microsoft_alert_id) do nothing
     returning microsoft_alert_id as id`,
    [trx.tenantId, trx.now, toJson(groups, devices), trx.tenantId],
  );
  return rows.map((row) => row.id);
}

/**
 * Locks known alerts, sorted by key, that the batch has a newer state of; resolves to what they were. An older state that
 * arrives late finds nothing, and what has not changed is not even locked. Microseconds decide first, then all digits.
 */
export async function lockOutdated(trx: Trx, groups: readonly EdrGroup[]): Promise<Map<string, Prior>> {
  if (groups.length === 0) return new Map();
  const rows = await query<Prior & { id: string }>(
    trx,
    `select x.id, e.status, e.last_update_raw as "lastUpdateRaw", e.own_update_raw as "ownUpdateRaw"
     from (select * from json_to_recordset(?::json) as x(id text, at timestamptz, fraction text) order by x.id) x
     cross join lateral (
       select * from edr_alerts e where e.tenant_id = ? and e.microsoft_alert_id = x.id
         and (e.last_update_at is null or e.last_update_at < x.at or (e.last_update_at = x.at
           and rpad(coalesce(substring(e.last_update_raw from '[.]([0-9]+)'), ''), 9, '0') collate "C" < x.fraction collate "C"))
       for update of e) e`,
    [toKeys(groups), trx.tenantId],
  );
  return new Map(rows.map(({ id, ...prior }) => [id, prior]));
}

/** Brings locked alerts forward. By ON CONFLICT, which finds each by its key whatever the planner believes of the tenant. */
export async function updateLocked(trx: Trx, groups: readonly EdrGroup[], devices: DeviceIds): Promise<void> {
  if (groups.length === 0) return;
  await query(
    trx,
    `insert into edr_alerts as e (${columns})
     select ${values} from (select ?::timestamptz as now) t, ${input}
     on conflict (tenant_id, microsoft_alert_id) do update set severity = excluded.severity,
       threat_type = excluded.threat_type, threat_name = excluded.threat_name, status = excluded.status,
       description = excluded.description, detected_at = excluded.detected_at, last_update_raw = excluded.last_update_raw,
       last_update_at = excluded.last_update_at, device_id = coalesce(e.device_id, excluded.device_id)`,
    [trx.tenantId, trx.now, toJson(groups, devices)],
  );
}

function toKeys(groups: readonly EdrGroup[]): string {
  return JSON.stringify(
    groups.map(({ microsoftAlertId: id, newest: { moment } }) => ({ id, at: moment.at, fraction: moment.fraction })),
  );
}

function toJson(groups: readonly EdrGroup[], devices: DeviceIds): string {
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
      device_id: devices.get(deviceKey(alert.device) ?? '') ?? null,
    })),
  );
}
