import type { Trx } from '../../database/transaction.js';
import type { SourceDevice } from '../alerts/alert-source.js';
import { query } from '../query.js';
import { storableOrNull } from '../text.js';
import { riskScore } from './risk.js';

/** A device that an alert names by its Defender id. */
export type NamedDevice = SourceDevice & { readonly microsoftDeviceId: string };

const input = `json_to_recordset(?::json) as x(microsoft_id text, aad_id text, name text, os text, os_version text,
  risk int, health text, onboarding text)`;

/** Creates devices that no sync has seen yet, so that they can be isolated at once; sorted, so that nobody waits in a ring. */
export async function insertStubs(trx: Trx, devices: readonly NamedDevice[]): Promise<void> {
  if (devices.length === 0) return;
  await query(
    trx,
    `insert into edr_devices (tenant_id, microsoft_device_id, aad_device_id, device_name, operating_system, os_version,
       risk_score, defender_health_status, onboarding_status, is_stub)
     select ?::uuid, x.microsoft_id, x.aad_id, x.name, x.os, x.os_version, x.risk, x.health, x.onboarding, true
     from ${input} where not exists (select from edr_devices d where d.tenant_id = ? and d.microsoft_device_id = x.microsoft_id)
     order by x.microsoft_id on conflict (tenant_id, microsoft_device_id) do nothing`,
    [trx.tenantId, toJson(devices), trx.tenantId],
  );
}

/** A newer alert may know more of a device that is still a stub; what a device sync said is left alone. */
export async function refreshStubs(trx: Trx, devices: readonly NamedDevice[]): Promise<void> {
  if (devices.length === 0) return;
  await query(
    trx,
    `with stale as (
       select d.id, x.* from edr_devices d join ${input} on x.microsoft_id = d.microsoft_device_id
       where d.tenant_id = ? and d.is_stub
         and (d.risk_score, d.defender_health_status, d.onboarding_status) is distinct from
           (coalesce(x.risk, d.risk_score), coalesce(x.health, d.defender_health_status), coalesce(x.onboarding, d.onboarding_status))
       order by d.microsoft_device_id for no key update of d)
     update edr_devices d set risk_score = coalesce(s.risk, d.risk_score),
       defender_health_status = coalesce(s.health, d.defender_health_status),
       onboarding_status = coalesce(s.onboarding, d.onboarding_status)
     from stale s where d.tenant_id = ? and d.id = s.id`,
    [toJson(devices), trx.tenantId, trx.tenantId],
  );
}

function toJson(devices: readonly NamedDevice[]): string {
  const byId = new Map(devices.map((device) => [device.microsoftDeviceId, device]));
  return JSON.stringify(
    [...byId.values()].map((device) => ({
      microsoft_id: device.microsoftDeviceId,
      aad_id: device.aadDeviceId?.toLowerCase() ?? null,
      name: storableOrNull(device.name, 255),
      os: storableOrNull(device.operatingSystem, 100),
      os_version: storableOrNull(device.osVersion, 100),
      risk: riskScore(device.risk),
      health: storableOrNull(device.health, 50),
      onboarding: storableOrNull(device.onboarding, 50),
    })),
  );
}
