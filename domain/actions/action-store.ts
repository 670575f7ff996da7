import type { Trx } from '../../database/transaction.js';
import type { StaleRef } from '../channels/outbox.js';
import { query } from '../query.js';
import { actionColumnNames as names, actionColumns } from './action-columns.js';
import type { DeviceAction } from './action.js';

/** What a request sets; number, id and version come from the database. */
export type NewAction = Pick<
  DeviceAction,
  | 'kind'
  | 'deviceId'
  | 'alertId'
  | 'incidentId'
  | 'parameter'
  | 'requestedBy'
  | 'reason'
  | 'needsApproval'
  | 'approveBy'
  | 'approvedAt'
  | 'isDryRun'
  | 'isBreakGlass'
  | 'queueExpiresAt'
> & { readonly status: 'requested' | 'approved' };

/** Null when the device has an open containment action: the index that forbids two is the last guard. */
export async function insertAction(trx: Trx, action: NewAction): Promise<DeviceAction | null> {
  const fields = Object.keys(action) as (keyof NewAction)[];
  const [row] = await query<DeviceAction>(
    trx,
    `insert into edr_actions as a (tenant_id, initiated_at, created_at, next_step_at, ${fields.map((field) => names[field]).join(', ')})
     values (?, ?, ?, ?, ${fields.map(() => '?').join(', ')})
     on conflict (tenant_id, device_id) where action_type in ('isolate', 'unisolate')
       and status in ('requested', 'approved', 'pending', 'in_progress', 'unknown') do nothing
     returning ${actionColumns('a')}`,
    [trx.tenantId, trx.now, trx.now, trx.now, ...fields.map((field) => action[field])],
  );
  return row ?? null;
}

/** Reads the row and holds it until the end of the transaction. Whoever changes its device too does so after this. */
export async function lockAction(trx: Trx, id: string): Promise<DeviceAction | null> {
  const [row] = await query<DeviceAction>(
    trx,
    `select ${actionColumns('a')} from edr_actions a where a.tenant_id = ? and a.id = ? for update`,
    [trx.tenantId, id],
  );
  return row ?? null;
}

/** Writes a change of a locked action that its card shows, and counts its version up. */
export function saveAction(trx: Trx, action: DeviceAction, patch: Partial<DeviceAction>): Promise<DeviceAction> {
  return update(trx, action, patch, 'version = a.version + 1');
}

/** Writes what concerns nobody's click, such as the next poll: the version stays. */
export function noteAction(trx: Trx, action: DeviceAction, patch: Partial<DeviceAction>): Promise<DeviceAction> {
  return update(trx, action, patch, 'version = a.version');
}

async function update(
  trx: Trx,
  action: DeviceAction,
  patch: Partial<DeviceAction>,
  version: string,
): Promise<DeviceAction> {
  const fields = Object.keys(patch) as (keyof DeviceAction)[];
  const sets = [...fields.map((field) => `${names[field]} = ?`), version];
  const [row] = await query<DeviceAction>(
    trx,
    `update edr_actions a set ${sets.join(', ')} where a.tenant_id = ? and a.id = ? returning ${actionColumns('a')}`,
    [...fields.map((field) => patch[field] ?? null), trx.tenantId, action.id],
  );
  if (!row) throw new Error(`the locked action ${action.id} is gone`);
  return row;
}

/** The actions of a device, newest first, at most 50. */
export function readActionsOfDevice(trx: Trx, deviceId: string): Promise<DeviceAction[]> {
  return query<DeviceAction>(
    trx,
    `select ${actionColumns('a')} from edr_actions a where a.tenant_id = ? and a.device_id = ?
     order by a.initiated_at desc, a.number desc limit 50`,
    [trx.tenantId, deviceId],
  );
}

/** Cards that show the action itself: its own, and that of what caused it. `threadOf` is the audit id of a deed. */
export function staleOf(action: DeviceAction, threadOf?: string): StaleRef[] {
  const { id, alertId, incidentId } = action;
  return [
    { entity: 'action', id, withIncidents: incidentId !== null, ...(threadOf !== undefined && { threadOf }) },
    ...(alertId === null ? [] : [{ entity: 'alert', id: alertId, mode: 'refresh' } as const]),
    ...(incidentId === null ? [] : [{ entity: 'incident', id: incidentId, mode: 'refresh' } as const]),
  ];
}

/** Those of `staleOf`, and cards of open work that names the device and so mentions its open actions; at most 20 each. */
export async function staleAround(trx: Trx, action: DeviceAction, threadOf?: string): Promise<StaleRef[]> {
  const own = staleOf(action, threadOf);
  if (action.deviceId === null) return own;
  const others = await query<{ entity: 'alert' | 'incident'; id: string }>(trx, openWorkOfDevice, [
    trx.tenantId,
    action.deviceId,
    trx.tenantId,
    action.deviceId,
  ]);
  const known = new Set(own.map((ref) => ref.id));
  return [...own, ...others.filter((ref) => !known.has(ref.id)).map((ref) => ({ ...ref, mode: 'refresh' as const }))];
}

const openWorkOfDevice = `
  (select 'alert' as entity, a.id from security_alerts a where a.tenant_id = ? and a.device_id = ?
     and a.status in ('open', 'assigned', 'investigating') order by a.last_seen_at desc, a.id limit 20)
  union all
  (select 'incident', i.id from security_incidents i where i.tenant_id = ? and i.status in ('open', 'in_progress')
     and exists (select from incident_alert_links l join security_alerts a on a.tenant_id = l.tenant_id and a.id = l.alert_id
       where l.tenant_id = i.tenant_id and l.incident_id = i.id and a.device_id = ?)
   order by i.created_at desc, i.id limit 20)`;
