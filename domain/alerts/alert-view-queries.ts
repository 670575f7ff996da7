import type { Trx } from '../../database/transaction.js';
import type { Person } from '../access/actor.js';
import { historyColumn, toHistory } from '../audit/history-queries.js';
import type { HistoryJson } from '../audit/history-queries.js';
import { deviceFacts } from '../devices/device-facts.js';
import { query } from '../query.js';
import type { Alert } from './alert.js';
import { alertColumns } from './alert-store.js';
import type { AlertView, DeviceFacts } from './alert-view.js';

interface ViewRow extends Alert {
  readonly view: {
    readonly tenantName: string;
    readonly entraTenantId: string | null;
    readonly assignee: Person | null;
    readonly closedBy: Person | null;
    readonly device: DeviceFacts | null;
    readonly incident: AlertView['incident'];
    readonly recurrenceOfNumber: number | null;
    readonly history: readonly HistoryJson[];
  };
}

const person = (id: string) => `(select jsonb_build_object('userId', m.user_id, 'displayName', m.display_name,
    'aadObjectId', (select u.aad_object_id from users u where u.id = m.user_id))
  from tenant_members m where m.tenant_id = a.tenant_id and m.user_id = ${id})`;

const device = `(select ${deviceFacts('d')}
  from edr_devices d where d.tenant_id = a.tenant_id and d.id = a.device_id)`;

const incident = `(select jsonb_build_object('id', i.id, 'number', i.number, 'status', i.status)
  from incident_alert_links l join security_incidents i on i.tenant_id = l.tenant_id and i.id = l.incident_id
  where l.tenant_id = a.tenant_id and l.alert_id = a.id)`;

const viewSql = `select ${alertColumns('a')}, (select jsonb_build_object(
    'tenantName', t.name, 'entraTenantId', t.entra_tenant_id, 'assignee', ${person('a.assigned_to')},
    'closedBy', ${person('a.closed_by')}, 'device', ${device}, 'incident', ${incident},
    'recurrenceOfNumber', (select r.number from security_alerts r where r.tenant_id = a.tenant_id and r.id = a.recurrence_of),
    'history', ${historyColumn('alert', 'a.id')}) from tenants t where t.id = a.tenant_id) as view
  from security_alerts a where a.tenant_id = ?`;

/** Everything the card of an alert shows, in one statement; null when this tenant has no such alert. */
export async function readAlertView(trx: Trx, id: string): Promise<AlertView | null> {
  const [row] = await query<ViewRow>(trx, `${viewSql} and a.id = ?`, [trx.tenantId, id]);
  return row ? toView(row, trx.now) : null;
}

export async function readAlertViewByNumber(trx: Trx, number: number): Promise<AlertView | null> {
  const [row] = await query<ViewRow>(trx, `${viewSql} and a.number = ?`, [trx.tenantId, number]);
  return row ? toView(row, trx.now) : null;
}

function toView({ view, ...alert }: ViewRow, now: Date): AlertView {
  return { ...view, alert, history: toHistory(view.history), now };
}
