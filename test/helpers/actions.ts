import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type * as rows from '../../database/rows.js';
import type { ActionPolicy } from '../../domain/actions/policy.js';
import type { Actor } from '../../domain/access/actor.js';
import type { ActionOrderRequest, Click } from '../../domain/services.js';
import { click } from './builders.js';

/** A device that Defender knows and can act on; give what matters to the test. Resolves to its id. */
export async function insertDevice(
  admin: Knex,
  tenantId: string,
  given: Partial<rows.EdrDevicesRow> = {},
): Promise<string> {
  const id = given.id ?? randomUUID();
  await admin('edr_devices').insert({
    tenant_id: tenantId,
    id,
    microsoft_device_id: randomUUID().replaceAll('-', ''),
    device_name: 'pc-7',
    operating_system: 'Windows11',
    onboarding_status: 'Onboarded',
    ...given,
  });
  return id;
}

/** Sets rules of the tenant for actions; what is not given keeps its default. */
export async function setPolicy(admin: Knex, tenantId: string, policy: Partial<ActionPolicy>): Promise<void> {
  await admin('tenants')
    .where({ id: tenantId })
    .update({ settings: JSON.stringify({ actions: policy }) });
}

/** An action as an earlier request and the job left it. Resolves to its id. */
export async function insertActionRow(
  admin: Knex,
  who: Actor,
  deviceId: string,
  given: Partial<rows.EdrActionsRow> = {},
): Promise<string> {
  const id = given.id ?? randomUUID();
  await admin('edr_actions').insert({
    tenant_id: who.tenantId,
    id,
    device_id: deviceId,
    user_id: who.userId,
    action_type: 'isolate',
    parameter: 'Full',
    status: 'pending',
    reason: 'beacons to a known address',
    ...given,
  });
  return id;
}

/** The installation's time. */
export async function nowOf(admin: Knex): Promise<Date> {
  const { rows } = await admin.raw<{ rows: [{ now: Date }] }>('select app.now() as now');
  return rows[0].now;
}

/** A request that is asked for from the device's own card. */
export function order(deviceId: string, given: Partial<ActionOrderRequest> = {}): ActionOrderRequest {
  return {
    kind: 'isolate',
    cause: { entity: 'device', entityId: deviceId },
    parameter: null,
    reason: 'beacons to a known address',
    ...given,
  };
}

/** The click that asks for it, and the order. */
export function asking(
  who: Actor,
  deviceId: string,
  given: Partial<ActionOrderRequest> = {},
): [Click, ActionOrderRequest] {
  return [click(who, deviceId), order(deviceId, given)];
}
