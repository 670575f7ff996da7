import type { Trx } from '../../database/transaction.js';
import { queryMany } from '../query.js';
import type { DeviceRules } from './failed-rules.js';

/** Rules that devices fail now; devices that comply keep none. Resolves to how many changed. */
export async function saveRules(trx: Trx, devices: readonly DeviceRules[]): Promise<number> {
  const changed = await queryMany(
    trx,
    `update edr_compliance c set failed_rules = x.rules
     from json_to_recordset(?::json) as x("intuneDeviceId" text, rules jsonb)
     join edr_devices d on d.tenant_id = ? and d.intune_device_id = x."intuneDeviceId"
     where c.tenant_id = ? and c.device_id = d.id and c.compliance_state <> 'compliant'
       and c.failed_rules is distinct from x.rules returning 1`,
    [JSON.stringify(devices), trx.tenantId, trx.tenantId],
  );
  return changed.length;
}

/** Devices other than these, by their ids at Intune, fail no rule any more. */
export async function clearRules(trx: Trx, intuneDeviceIds: readonly string[]): Promise<number> {
  const changed = await queryMany(
    trx,
    `update edr_compliance c set failed_rules = '[]'
     from edr_devices d where c.tenant_id = ? and c.failed_rules <> '[]' and d.tenant_id = c.tenant_id and d.id = c.device_id
       and not exists (select from unnest(?::text[]) x where x = d.intune_device_id) returning 1`,
    [trx.tenantId, intuneDeviceIds],
  );
  return changed.length;
}
