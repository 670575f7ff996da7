import type { Trx } from '../../database/transaction.js';
import { readVerdicts } from '../compliance/verdict-store.js';
import { query, queryMany } from '../query.js';
import type { MirrorDevice } from './mirror-device.js';

/** Ids of Microsoft; a device is found by any of them. */
export interface SoughtIds {
  readonly microsoftIds?: readonly string[];
  readonly intuneIds?: readonly string[];
  readonly aadIds: readonly string[];
}

/** Columns that a sync writes, by the names of MirrorDevice. */
const columns = {
  microsoftDeviceId: ['microsoft_device_id', 'text'],
  aadDeviceId: ['aad_device_id', 'text'],
  intuneDeviceId: ['intune_device_id', 'text'],
  name: ['device_name', 'text'],
  serialNumber: ['serial_number', 'text'],
  operatingSystem: ['operating_system', 'text'],
  osVersion: ['os_version', 'text'],
  primaryUser: ['primary_user', 'text'],
  health: ['defender_health_status', 'text'],
  riskScore: ['risk_score', 'int'],
  exposure: ['exposure_level', 'text'],
  compliance: ['intune_compliance_state', 'text'],
  enrollment: ['intune_enrollment_status', 'text'],
  onboarding: ['onboarding_status', 'text'],
  deviceValue: ['device_value', 'text'],
  tags: ['machine_tags', 'jsonb'],
  firstSeenAt: ['first_seen_at', 'timestamptz'],
  lastSeenAt: ['last_seen_at', 'timestamptz'],
  missedSyncs: ['missed_syncs', 'int'],
  intuneMissedSyncs: ['intune_missed_syncs', 'int'],
  supersededBy: ['superseded_by', 'uuid'],
  goneAt: ['gone_at', 'timestamptz'],
  isStub: ['is_stub', 'boolean'],
} as const satisfies Record<Exclude<keyof MirrorDevice, 'id' | 'verdict'>, readonly [string, string]>;

const fields = Object.entries(columns);
const listed = (of: (name: string, column: string, type: string) => string) =>
  fields.map(([name, [column, type]]) => of(name, column, type)).join(', ');

/** Every device that has any of the ids, with Intune's verdict on it. */
export async function findDevices(trx: Trx, sought: SoughtIds): Promise<MirrorDevice[]> {
  const devices = await queryMany<Omit<MirrorDevice, 'verdict'>>(
    trx,
    `select id, ${listed((name, column) => `${column} as "${name}"`)} from edr_devices
     where tenant_id = ? and (microsoft_device_id = any(?::text[]) or intune_device_id = any(?::text[])
       or aad_device_id = any(?::text[]))`,
    [trx.tenantId, sought.microsoftIds ?? [], sought.intuneIds ?? [], sought.aadIds],
  );
  const verdicts = await readVerdicts(
    trx,
    devices.filter((device) => device.intuneDeviceId !== null).map((device) => device.id),
  );
  return devices.map((device) => ({ ...device, verdict: verdicts.get(device.id) ?? null }));
}

/** Ids of Intune that move from one row to another are free in between. */
export async function freeIntuneIds(trx: Trx, deviceIds: readonly string[]): Promise<void> {
  if (deviceIds.length === 0) return;
  await query(
    trx,
    `update edr_devices set intune_device_id = null
     where tenant_id = ? and id = any(?::uuid[]) and intune_device_id is not null`,
    [trx.tenantId, deviceIds],
  );
}

/** Makes and changes rows, sorted so that nobody waits in a ring; what people do with a device stays as it is. */
export async function saveDevices(trx: Trx, devices: readonly MirrorDevice[]): Promise<void> {
  if (devices.length === 0) return;
  await query(
    trx,
    `insert into edr_devices (tenant_id, id, ${listed((_, column) => column)}, created_at, updated_at)
     select ?::uuid, x.id, ${listed((name) => `x."${name}"`)}, t.now, t.now from (select ?::timestamptz as now) t,
       json_to_recordset(?::json) as x(id uuid, ${listed((name, _, type) => `"${name}" ${type}`)})
     order by x.id
     on conflict (tenant_id, id) do update set ${listed((_, column) => `${column} = excluded.${column}`)}`,
    [trx.tenantId, trx.now, JSON.stringify(devices)],
  );
}
