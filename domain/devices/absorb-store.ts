import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** What points at a device. Compliance is moved with Intune's part of the device, and each CVE comes with the next walk. */
const references = ['security_alerts', 'edr_alerts', 'edr_actions'] as const;

/** What points at these rows points at the ones that they turned out to be, and the rows end. */
export async function absorbDevices(trx: Trx, absorbed: ReadonlyMap<string, string>): Promise<void> {
  if (absorbed.size === 0) return;
  const pairs = JSON.stringify([...absorbed].map(([from, to]) => ({ from, to })));
  const x = 'json_to_recordset(?::json) as x("from" uuid, "to" uuid)';
  await query(trx, 'select id from edr_devices where tenant_id = ? and id = any(?::uuid[]) order by id for update', [
    trx.tenantId,
    [...absorbed.keys()],
  ]);
  for (const table of references)
    await query(
      trx,
      `update ${table} t set device_id = x."to" from ${x} where t.tenant_id = ? and t.device_id = x."from"`,
      [pairs, trx.tenantId],
    );
  await query(trx, 'delete from edr_devices where tenant_id = ? and id = any(?::uuid[])', [
    trx.tenantId,
    [...absorbed.keys()],
  ]);
}
