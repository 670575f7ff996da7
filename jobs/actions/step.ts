import type { DeviceActions } from '../../domain/actions/action-gateway.js';
import type { ActionStatus, DeviceAction, DeviceActionKind } from '../../domain/actions/action.js';
import { moveAction, waitOf } from '../../domain/actions/step.js';
import type { Decide, Moved } from '../../domain/actions/step.js';
import { ended } from '../../domain/actions/step-rules.js';
import type { StepFacts } from '../../domain/actions/step-store.js';
import type { Preflight } from '../../domain/devices/preflight.js';
import type { TenantConnection } from '../../domain/sync/source.js';
import { SourceError } from '../../domain/sync/source.js';
import { sharingLinks } from '../../domain/channels/link-lock.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import type { ActionContext } from './context.js';

/** Resolves to the milliseconds until the action needs something again, null for never. */
export type Step = (context: ActionContext, facts: StepFacts, signal: AbortSignal) => Promise<number | null>;

/** An action on a device, which has one: the database holds them to it. */
export type OnDevice = DeviceAction & { readonly kind: DeviceActionKind; readonly deviceId: string };

export function isOnDevice(action: DeviceAction): action is OnDevice {
  return action.kind !== 'resolve_alert' && action.deviceId !== null;
}

/** A machine that Microsoft knows by its id, in a tenant that is connected. */
export interface Target extends StepFacts {
  readonly action: OnDevice;
  readonly connection: TenantConnection;
  readonly device: Preflight;
  readonly machineId: string;
  readonly actions: DeviceActions;
}

/** Null when nothing can be asked of Microsoft about this action. */
export function targetOf({ deviceActions }: ActionContext, facts: StepFacts): Target | null {
  const { action, connection, device } = facts;
  if (!isOnDevice(action) || !connection || !device?.microsoftDeviceId || !deviceActions) return null;
  return { ...facts, action, connection, device, machineId: device.microsoftDeviceId, actions: deviceActions };
}

/** Moves the action in a transaction of its own; 0 when its state is another by now, so that the next step sees to that. */
export async function move(
  { db }: ActionContext,
  { tenantId, id }: DeviceAction,
  from: readonly ActionStatus[],
  decide: Decide,
  also?: (trx: Trx, moved: Moved) => Promise<void>,
): Promise<number | null> {
  const work = async (trx: Trx) => {
    const moved = await moveAction(trx, id, from, decide);
    if (moved) await also?.(trx, moved);
    return moved ? waitOf(moved) : 0;
  };
  return inTenant(db, tenantId, work, sharingLinks);
}

export function fail(context: ActionContext, action: DeviceAction, why: string): Promise<number | null> {
  return move(context, action, [action.status], (_seen, now) => ended('failed', why, now));
}

/** What a read of Microsoft came to: faults are values here, since each step has its own reaction. Throws bugs. */
export async function reading<T>(work: () => Promise<T>): Promise<T | SourceError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceError) return error;
    throw error;
  }
}
