import type { Trx } from '../../database/transaction.js';
import type { Person } from '../access/actor.js';
import { historyColumn, toHistory } from '../audit/history-queries.js';
import type { HistoryJson } from '../audit/history-queries.js';
import { query } from '../query.js';
import type { ActionDevice, ActionView, AskedPerson, DeviceAction, DeviceActionKind } from './action.js';
import { actionColumns } from './action-columns.js';

interface ViewRow extends DeviceAction {
  readonly view: {
    readonly tenantName: string;
    readonly entraTenantId: string | null;
    readonly device: ActionDevice | null;
    readonly alert: ActionView['alert'];
    readonly incident: ActionView['incident'];
    readonly requester: Person;
    readonly approver: Person | null;
    readonly reviewer: Person | null;
    readonly endedBy: Person | null;
    readonly asked: readonly AskedPerson[];
    readonly history: readonly HistoryJson[];
  };
}

const facts = `'userId', m.user_id, 'displayName', m.display_name,
    'aadObjectId', (select u.aad_object_id from users u where u.id = m.user_id)`;

/** A Person for the select list of a view; null when there is none. */
export function personColumn(tenantId: string, id: string): string {
  return `(select jsonb_build_object(${facts}) from tenant_members m where m.tenant_id = ${tenantId} and m.user_id = ${id})`;
}

const person = (id: string) => personColumn('a.tenant_id', id);

const device = `(select jsonb_build_object('id', d.id, 'microsoftDeviceId', d.microsoft_device_id,
    'name', d.device_name, 'operatingSystem', d.operating_system, 'health', d.defender_health_status, 'isolation', d.isolation_state, 'deviceValue', d.device_value)
  from edr_devices d where d.tenant_id = a.tenant_id and d.id = a.device_id)`;

const alert = `(select jsonb_build_object('id', s.id, 'number', s.number)
  from security_alerts s where s.tenant_id = a.tenant_id and s.id = a.alert_id)`;

const incident = `(select jsonb_build_object('id', i.id, 'number', i.number)
  from security_incidents i where i.tenant_id = a.tenant_id and i.id = a.incident_id)`;

/** People who were asked about an entity, by name: a JSON array for the select list of a view. */
export function askedColumn(entityType: 'action' | 'policy_change', tenantId: string, id: string): string {
  return `(select coalesce(jsonb_agg(jsonb_build_object(${facts}, 'reached', k.reached)
      order by m.display_name, m.user_id), '[]')
    from approval_asks k join tenant_members m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
    where k.tenant_id = ${tenantId} and k.entity_type = '${entityType}' and k.entity_id = ${id})`;
}

const viewSql = `select ${actionColumns('a')}, (select jsonb_build_object(
    'tenantName', t.name, 'entraTenantId', t.entra_tenant_id, 'device', ${device}, 'alert', ${alert},
    'incident', ${incident}, 'requester', ${person('a.user_id')}, 'approver', ${person('a.approved_by')},
    'reviewer', ${person('a.reviewed_by')}, 'endedBy', ${person('a.ended_by')},
    'asked', ${askedColumn('action', 'a.tenant_id', 'a.id')},
    'history', ${historyColumn('action', 'a.id')}) from tenants t where t.id = a.tenant_id) as view
  from edr_actions a where a.tenant_id = ?`;

/** Everything the card of an action shows, in one statement; null when this tenant has no such action. */
export async function readActionView(trx: Trx, id: string): Promise<ActionView | null> {
  const [row] = await query<ViewRow>(trx, `${viewSql} and a.id = ?`, [trx.tenantId, id]);
  return row ? toView(row, trx.now) : null;
}

export async function readActionViewByNumber(trx: Trx, number: number): Promise<ActionView | null> {
  const [row] = await query<ViewRow>(trx, `${viewSql} and a.number = ?`, [trx.tenantId, number]);
  return row ? toView(row, trx.now) : null;
}

/** What the person asked for last on the device; null when that never was. */
export async function readNewestOf(
  trx: Trx,
  deviceId: string,
  kind: DeviceActionKind,
  userId: string,
): Promise<ActionView | null> {
  const [row] = await query<ViewRow>(
    trx,
    `${viewSql} and a.device_id = ? and a.action_type = ? and a.user_id = ? order by a.number desc limit 1`,
    [trx.tenantId, deviceId, kind, userId],
  );
  return row ? toView(row, trx.now) : null;
}

/** Requests of others that may still be approved, and uses of break-glass that nobody has looked at; oldest first. */
export async function readWaiting(
  trx: Trx,
  userId: string,
  may: { readonly approve: boolean; readonly review: boolean },
): Promise<ActionView[]> {
  const rows = await query<ViewRow>(
    trx,
    `${viewSql} and a.user_id <> ? and ((?::boolean and a.status = 'requested' and a.approve_by >= ?)
       or (?::boolean and a.is_break_glass and a.reviewed_at is null))
     order by a.status <> 'requested', a.initiated_at, a.number limit 20`,
    [trx.tenantId, userId, may.approve, trx.now, may.review],
  );
  return rows.map((row) => toView(row, trx.now));
}

function toView({ view, ...action }: ViewRow, now: Date): ActionView {
  return { ...view, action, history: toHistory(view.history), now };
}
