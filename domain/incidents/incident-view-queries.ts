import type { Trx } from '../../database/transaction.js';
import type { Person } from '../access/actor.js';
import { historyColumn, toHistory } from '../audit/history-queries.js';
import type { HistoryJson } from '../audit/history-queries.js';
import { query } from '../query.js';
import type { DeviceFacts } from '../alerts/alert-view.js';
import { deviceFacts } from '../devices/device-facts.js';
import { incidentClocks } from './incident-clocks.js';
import type { Incident, IncidentView, LinkedAlert } from './incident.js';
import { incidentColumns } from './incident-store.js';

interface ViewRow extends Incident {
  readonly view: {
    readonly tenantName: string;
    readonly entraTenantId: string | null;
    readonly owner: Person;
    readonly alerts: readonly LinkedAlert[];
    readonly devices: readonly DeviceFacts[];
    readonly history: readonly HistoryJson[];
  };
}

const owner = `(select jsonb_build_object('userId', m.user_id, 'displayName', m.display_name,
    'aadObjectId', (select u.aad_object_id from users u where u.id = m.user_id))
  from tenant_members m where m.tenant_id = i.tenant_id and m.user_id = i.owner_id)`;

const alerts = `(select jsonb_agg(jsonb_build_object('id', a.id, 'number', a.number, 'title', a.title,
    'severity', a.severity, 'status', a.status, 'classification', a.classification, 'seenCount', a.seen_count,
    'isPrimary', l.is_primary) order by l.is_primary desc, l.created_at, a.number)
  from incident_alert_links l join security_alerts a on a.tenant_id = l.tenant_id and a.id = l.alert_id
  where l.tenant_id = i.tenant_id and l.incident_id = i.id)`;

const devices = `(select coalesce(jsonb_agg(${deviceFacts('d')} order by n.place), '[]')
  from (select a.device_id, min(case when l.is_primary then 0 else a.number end) as place
    from incident_alert_links l join security_alerts a on a.tenant_id = l.tenant_id and a.id = l.alert_id
    where l.tenant_id = i.tenant_id and l.incident_id = i.id and a.device_id is not null
    group by a.device_id order by 2 limit 10) n
  join edr_devices d on d.tenant_id = i.tenant_id and d.id = n.device_id)`;

const viewSql = `select ${incidentColumns('i')}, (select jsonb_build_object('tenantName', t.name,
    'entraTenantId', t.entra_tenant_id, 'owner', ${owner}, 'alerts', ${alerts},
    'devices', ${devices},
    'history', ${historyColumn('incident', 'i.id')}) from tenants t where t.id = i.tenant_id) as view
  from security_incidents i where i.tenant_id = ?`;

/** Everything the card of an incident shows, in one statement; null when this tenant has no such incident. */
export async function readIncidentView(trx: Trx, id: string): Promise<IncidentView | null> {
  const [row] = await query<ViewRow>(trx, `${viewSql} and i.id = ?`, [trx.tenantId, id]);
  return row ? toView(row, trx.now) : null;
}

export async function readIncidentViewByNumber(trx: Trx, number: number): Promise<IncidentView | null> {
  const [row] = await query<ViewRow>(trx, `${viewSql} and i.number = ?`, [trx.tenantId, number]);
  return row ? toView(row, trx.now) : null;
}

function toView({ view, ...incident }: ViewRow, now: Date): IncidentView {
  const { history, ...rest } = view;
  return { ...rest, incident, clocks: incidentClocks(incident, now), history: toHistory(history), now };
}

/** The person's own alerts under investigation, which may be linked; oldest first, at most 100. */
export function linkableAlerts(trx: Trx, userId: string): Promise<LinkedAlert[]> {
  return query<LinkedAlert>(
    trx,
    `select a.id, a.number, a.title, a.severity, a.status, a.classification, a.seen_count as "seenCount",
       false as "isPrimary"
     from security_alerts a where a.tenant_id = ? and a.assigned_to = ? and a.status in ('assigned', 'investigating')
       and a.status = 'investigating'
     order by a.assigned_at, a.id limit 100`,
    [trx.tenantId, userId],
  );
}
