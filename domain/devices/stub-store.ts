import { randomUUID } from 'node:crypto';
import type { Trx } from '../../database/transaction.js';
import type { SourceDevice } from '../alerts/alert-source.js';
import { query } from '../query.js';
import { holdDevices } from './merge-lock.js';
import { input, facts, toNamed } from './named-device.js';
import type { NamedDevice } from './named-device.js';
import { claimManaged } from './stub-claim.js';

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
