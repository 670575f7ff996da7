import { randomUUID } from 'node:crypto';
import type { Trx } from '../../database/transaction.js';
import type { SourceDevice } from '../alerts/alert-source.js';
import { query } from '../query.js';
import { storableOrNull } from '../text.js';
import { holdDevices } from './merge-lock.js';
import { riskScore } from './risk.js';

/** A device that an alert names, with what the alert says of it. Ids are Microsoft's. */
interface NamedDevice {
  readonly microsoftId: string | null;
  readonly aadId: string | null;
  readonly name: string | null;
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly risk: number | null;
  readonly health: string | null;
  readonly onboarding: string | null;
}

interface FoundDevice {
  readonly place: number;
  readonly id: string;
  /** A stub whose alert now says something else of it. */
  readonly outdated: boolean;
}

/** Our ids of devices by the key that `deviceKey` gives. */
export type DeviceIds = ReadonlyMap<string, string>;

/** By its Defender id, else by its Entra id; null for a device that only has a name, which identifies nothing. */
export function deviceKey(device: SourceDevice | null): string | null {
  if (!device) return null;
  if (device.microsoftDeviceId !== null) return `mde:${device.microsoftDeviceId}`;
  return device.aadDeviceId === null ? null : `aad:${device.aadDeviceId.toLowerCase()}`;
}

/**
 * Finds the devices that a batch names, and creates stubs of those with a Defender id that no sync has seen yet, so that
 * they can be isolated at once. Newer facts reach what is still a stub; what a device sync said is left alone.
 */
export async function resolveDevices(trx: Trx, sources: readonly (SourceDevice | null)[]): Promise<DeviceIds> {
  const named = new Map(sources.flatMap((device) => entryOf(device)));
  if (named.size === 0) return new Map();
  await holdDevices(trx);
  const keys = [...named.keys()];
  const devices = [...named.values()];
  const found = await findDevices(trx, devices);
  const known = new Map(found.map((row) => [keys[row.place] ?? '', row.id]));
  await refreshStubs(
    trx,
    found.filter((row) => row.outdated).flatMap((row) => withId(row.id, devices[row.place])),
  );
  const missing = devices.filter((device, place) => device.microsoftId !== null && !known.has(keys[place] ?? ''));
  return missing.length === 0 ? known : new Map([...known, ...(await insertStubs(trx, missing))]);
}

const input = (columns: string) => `json_to_recordset(?::json) as x(${columns})`;
const facts = 'risk int, health text, onboarding text';

/** One index probe for each, since the planner would read all devices of a tenant that it has no statistics of. */
function findDevices(trx: Trx, devices: readonly NamedDevice[]): Promise<FoundDevice[]> {
  return query<FoundDevice>(
    trx,
    `select x.place, d.id, d.is_stub and (coalesce(x.risk <> d.risk_score, x.risk is not null)
       or coalesce(x.health <> d.defender_health_status, x.health is not null)
       or coalesce(x.onboarding <> d.onboarding_status, x.onboarding is not null)) as outdated
     from ${input(`place int, "microsoftId" text, "aadId" text, ${facts}`)}
     cross join lateral (
       (select d.* from edr_devices d where d.tenant_id = ? and d.microsoft_device_id = x."microsoftId")
       union all
       (select d.* from edr_devices d where x."microsoftId" is null and d.tenant_id = ? and d.aad_device_id = x."aadId"
          and d.superseded_by is null order by d.id limit 1)
       limit 1) d`,
    [JSON.stringify(devices.map((device, place) => ({ place, ...device }))), trx.tenantId, trx.tenantId],
  );
}

/**
 * A device that only Intune knew becomes the stub. Sorted, so that nobody waits in a ring. The second read finds what another
 * transaction inserted meanwhile.
 */
async function insertStubs(trx: Trx, devices: readonly NamedDevice[]): Promise<[string, string][]> {
  await claimManaged(
    trx,
    devices.filter((device) => device.aadId !== null),
  );
  await query(
    trx,
    `insert into edr_devices (tenant_id, id, microsoft_device_id, aad_device_id, device_name, operating_system, os_version,
       risk_score, defender_health_status, onboarding_status, is_stub, created_at, updated_at)
     select ?::uuid, x.id, x."microsoftId", x."aadId", x.name, x.os, x."osVersion", x.risk, x.health, x.onboarding, true,
       t.now, t.now
     from (select ?::timestamptz as now) t,
       ${input(`id uuid, "microsoftId" text, "aadId" text, name text, os text, "osVersion" text, ${facts}`)}
     order by x."microsoftId" on conflict (tenant_id, microsoft_device_id) do nothing`,
    [trx.tenantId, trx.now, JSON.stringify(devices.map((device) => ({ id: randomUUID(), ...device })))],
  );
  const found = await findDevices(trx, devices);
  return found.map((row) => [`mde:${devices[row.place]?.microsoftId ?? ''}`, row.id]);
}

/** Of several machines with one Entra id the first is the one that Intune means, until a device sync knows better. */
async function claimManaged(trx: Trx, devices: readonly NamedDevice[]): Promise<void> {
  if (devices.length === 0) return;
  await query(
    trx,
    `with claimed as (
       select distinct on (d.id) d.id as device_id, x.* from ${input(`"microsoftId" text, "aadId" text, ${facts}`)}
       cross join lateral (
         select id from edr_devices where tenant_id = ? and aad_device_id = x."aadId" and microsoft_device_id is null
         order by id for no key update offset 0) d
       where not exists (select from edr_devices o where o.tenant_id = ? and o.microsoft_device_id = x."microsoftId")
       order by d.id, x."microsoftId")
     update edr_devices d set microsoft_device_id = c."microsoftId", is_stub = true, gone_at = null, missed_syncs = 0,
       risk_score = c.risk, defender_health_status = c.health, onboarding_status = c.onboarding
     from claimed c where d.tenant_id = ? and d.id = c.device_id and d.microsoft_device_id is null`,
    [JSON.stringify(devices), trx.tenantId, trx.tenantId, trx.tenantId],
  );
}

async function refreshStubs(trx: Trx, devices: readonly (NamedDevice & { id: string })[]): Promise<void> {
  if (devices.length === 0) return;
  await query(
    trx,
    `with stub as (
       select d.id as device_id, x.* from edr_devices d join ${input(`id uuid, ${facts}`)} on x.id = d.id
       where d.tenant_id = ? and d.is_stub order by d.id for no key update of d)
     update edr_devices d set risk_score = coalesce(s.risk, d.risk_score),
       defender_health_status = coalesce(s.health, d.defender_health_status),
       onboarding_status = coalesce(s.onboarding, d.onboarding_status)
     from stub s where d.tenant_id = ? and d.id = s.device_id`,
    [JSON.stringify(devices), trx.tenantId, trx.tenantId],
  );
}

function withId(id: string, device: NamedDevice | undefined): (NamedDevice & { id: string })[] {
  return device ? [{ ...device, id }] : [];
}

function entryOf(device: SourceDevice | null): [string, NamedDevice][] {
  const key = deviceKey(device);
  return device && key ? [[key, toNamed(device)]] : [];
}

function toNamed(device: SourceDevice): NamedDevice {
  return {
    microsoftId: device.microsoftDeviceId,
    aadId: device.aadDeviceId?.toLowerCase() ?? null,
    name: storableOrNull(device.name, 255),
    os: storableOrNull(device.operatingSystem, 100),
    osVersion: storableOrNull(device.osVersion, 100),
    risk: riskScore(device.risk),
    health: storableOrNull(device.health, 50),
    onboarding: storableOrNull(device.onboarding, 50),
  };
}
