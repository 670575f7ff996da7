import type { Trx } from '../../database/transaction.js';
import { openActionsColumn } from '../actions/open-actions.js';
import { historyWhere, toHistory } from '../audit/history-queries.js';
import type { HistoryJson } from '../audit/history-queries.js';
import { query } from '../query.js';
import { deviceColumns } from './device-columns.js';
import type { Device, DeviceView } from './device.js';
import { isSensitive } from './sensitive.js';

interface ViewRow extends Device {
  readonly view: Omit<DeviceView, 'device' | 'isSensitive' | 'history' | 'now'> & {
    readonly history: readonly HistoryJson[];
  };
}

const openAlerts = `(select count(*) from security_alerts s where s.tenant_id = d.tenant_id and s.device_id = d.id
  and s.status in ('open', 'assigned', 'investigating'))`;

const vulnerabilities = (more = '') => `(select count(*) from edr_device_vulnerabilities l
  join edr_vulnerabilities v on v.tenant_id = l.tenant_id and v.id = l.vulnerability_id
  where l.tenant_id = d.tenant_id and l.device_id = d.id ${more})`;

/** Each is a text, or an object that names its rule. */
const failedRules = `(select coalesce(jsonb_agg(f.rule order by f.rule), '[]') from (
    select distinct case jsonb_typeof(r.value) when 'string' then r.value #>> '{}' else r.value ->> 'rule' end as rule
    from edr_compliance c cross join lateral jsonb_array_elements(
      case jsonb_typeof(c.failed_rules) when 'array' then c.failed_rules else '[]' end) r (value)
    where c.tenant_id = d.tenant_id and c.device_id = d.id order by 1 limit 10) f where f.rule is not null)`;

/** Names and serial numbers are shared, copied and left blank by makers, so they are worth a hint and nothing more. */
const lookalikes = `(select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'name', o.device_name, 'why',
      case when o.by_serial then 'serial number' else 'name' end) order by o.by_serial desc, o.device_name, o.id), '[]')
    from (select x.*, coalesce(x.serial_number = d.serial_number, false) as by_serial from edr_devices x
      where x.tenant_id = d.tenant_id and x.id <> d.id and x.gone_at is null and x.superseded_by is null
        and (x.serial_number = nullif(btrim(d.serial_number), '') or lower(x.device_name) = nullif(lower(d.device_name), ''))
      order by by_serial desc, x.last_seen_at desc nulls last, x.id limit 5) o)`;

const deeds = `(l.entity_type = 'device' and l.entity_id = d.id::text or l.entity_type = 'action' and l.entity_id in (
    select k.id::text from edr_actions k where k.tenant_id = d.tenant_id and k.device_id = d.id
    order by k.initiated_at desc limit 5))`;

const viewSql = `select ${deviceColumns('d')}, (select jsonb_build_object('tenantName', t.name,
    'entraTenantId', t.entra_tenant_id, 'openAlertCount', ${openAlerts},
    'severeVulnerabilityCount', ${vulnerabilities('and v.cvss_score >= 7.0')}, 'vulnerabilityCount', ${vulnerabilities()},
    'failedRules', ${failedRules}, 'openActions', ${openActionsColumn('d.tenant_id', 'd.id')},
    'lookalikes', ${lookalikes}, 'history', ${historyWhere(deeds)})
    from tenants t where t.id = d.tenant_id) as view
  from edr_devices d where d.tenant_id = ? and d.id = ?`;

/** Everything the card of a device shows, in one statement; null when this tenant has no such device. */
export async function readDeviceView(trx: Trx, id: string): Promise<DeviceView | null> {
  const [row] = await query<ViewRow>(trx, viewSql, [trx.tenantId, id]);
  if (!row) return null;
  const { view, ...device } = row;
  return { ...view, device, isSensitive: isSensitive(device), history: toHistory(view.history), now: trx.now };
}

export async function readDevice(trx: Trx, id: string): Promise<Device | null> {
  const [row] = await query<Device>(
    trx,
    `select ${deviceColumns('d')} from edr_devices d where d.tenant_id = ? and d.id = ?`,
    [trx.tenantId, id],
  );
  return row ?? null;
}
