import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { facts, input } from './named-device.js';
import type { NamedDevice } from './named-device.js';

/**
 * A device that only Intune knew becomes the stub of the machine of the same Entra id. Of several such machines the first is
 * the one that Intune means, until a device sync knows better.
 */
export async function claimManaged(trx: Trx, devices: readonly NamedDevice[]): Promise<void> {
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
