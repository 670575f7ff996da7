import type { Trx } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import type { Device } from '../devices/device.js';
import { query } from '../query.js';
import type { ActionCause, ActionForm, ActionFormDevice } from '../services.js';
import { readSettings } from '../tenants/settings.js';
import type { DeviceAction, DeviceActionKind } from './action.js';
import { actionColumns } from './action-columns.js';
import { approversFor } from './approvers.js';
import { devicesOfCause } from './cause.js';
import type { Acting, Situation } from './request-rules.js';
import { judgeRequest, parameterFor } from './request-rules.js';

/** What the form shows of each device that the cause names; null when there is no such cause in this tenant. */
export async function readForm(
  trx: Trx,
  acting: Acting,
  actor: Actor,
  kind: DeviceActionKind,
  cause: ActionCause,
): Promise<ActionForm | null> {
  const devices = await devicesOfCause(trx, cause);
  if (devices === null) return null;
  const ids = devices.map((device) => device.id);
  const { actions: policy } = await readSettings(trx);
  const approvers = (await approversFor(trx, actor.userId, policy)).map((person) => person.displayName);
  const [counts, open] = [await countActions(trx, ids), await readOpen(trx, ids)];
  const shared = { kind, parameter: parameterFor(kind, null), policy, acting, requesterId: actor.userId, approvers };
  return {
    isDryRun: acting.forceDryRun || policy.dryRun,
    devices: devices.map((device) =>
      toFormDevice(
        { ...shared, device, now: trx.now, open: open.filter((action) => action.deviceId === device.id) },
        counts.get(device.id) ?? 0,
      ),
    ),
  };
}

function toFormDevice(situation: Situation, actionCount: number): ActionFormDevice {
  const { isSensitive, needsApproval, actsAlone, fault } = judgeRequest(situation);
  const { id, name }: Device = situation.device;
  const approvers = needsApproval && !actsAlone ? situation.approvers : [];
  return { id, name, isSensitive, needsApproval, actsAlone, approvers, fault, actionCount };
}

async function countActions(trx: Trx, deviceIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await query<{ id: string; count: number }>(
    trx,
    `select device_id as id, count(*)::int as count from edr_actions
     where tenant_id = ? and device_id = any (?::uuid[]) group by device_id`,
    [trx.tenantId, deviceIds],
  );
  return new Map(rows.map((row) => [row.id, row.count]));
}

function readOpen(trx: Trx, deviceIds: readonly string[]): Promise<DeviceAction[]> {
  return query<DeviceAction>(
    trx,
    `select ${actionColumns('a')} from edr_actions a where a.tenant_id = ? and a.device_id = any (?::uuid[])
       and a.status in ('requested', 'approved', 'pending', 'in_progress', 'unknown') order by a.number`,
    [trx.tenantId, deviceIds],
  );
}
