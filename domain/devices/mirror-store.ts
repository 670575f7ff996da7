import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import type { MirrorDevice, Verdict } from './mirror-device.js';

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

type Found = Omit<MirrorDevice, 'verdict'> & {
  readonly verdictId: string | null;
  readonly state: string | null;
  readonly checkedAt: Date | null;
};

const probe = (column: string) =>
  `select d.id from unnest(?::text[]) k cross join lateral (
     select id from edr_devices where tenant_id = ? and ${column} = k offset 0) d`;

/** By index probes, one for each id, since the planner would read the whole tenant when its statistics lag behind. */
export async function findDevices(trx: Trx, sought: SoughtIds): Promise<MirrorDevice[]> {
  const { tenantId } = trx;
  const found = await query<Found>(
    trx,
    `with wanted as materialized (
       ${probe('microsoft_device_id')} union ${probe('intune_device_id')} union ${probe('aad_device_id')})
     select d.id, ${listed((name, column) => `d.${column} as "${name}"`)}, c.id as "verdictId", c.state, c."checkedAt"
     from wanted w cross join lateral (select * from edr_devices where tenant_id = ? and id = w.id offset 0) d
     left join lateral (select id, compliance_state as state, checked_at as "checkedAt" from edr_compliance
       where tenant_id = ? and device_id = w.id offset 0) c on true`,
    [
      sought.microsoftIds ?? [],
      tenantId,
      sought.intuneIds ?? [],
      tenantId,
      sought.aadIds,
      tenantId,
      tenantId,
      tenantId,
    ],
  );
  return found.map(toDevice);
}

function toDevice({ verdictId, state, checkedAt, ...device }: Found): MirrorDevice {
  const verdict: Verdict | null =
    verdictId !== null && state !== null && checkedAt !== null ? { id: verdictId, state, checkedAt } : null;
  return { ...device, verdict };
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
