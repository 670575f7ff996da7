import { sandboxTenants } from '../../sandbox/cloud/tenants.js';
import type { Ledger } from './ledger.js';
import type { World } from './world.js';

const tenant = sandboxTenants[0].entraTenantId;

/** Something happens at Microsoft: new alerts, often one, sometimes many; or a known one is seen again. */
export async function happenOnce(world: World, ledger: Ledger): Promise<void> {
  const { random, cloud } = world;
  if (random.below(3) > 0) return repeat(world, ledger);
  const count = random.below(10) === 0 ? 15 : 1 + random.below(3);
  for (const { id = '' } of cloud.burst(tenant, count)) ledger.alerts.set(id, 1);
}

/** Only what was read is changed again: two changes between two reads would be one observation. */
async function repeat({ random, cloud, database }: World, ledger: Ledger): Promise<void> {
  const ids = [...ledger.alerts.keys()];
  const id = ids[random.below(ids.length)];
  if (id === undefined) return;
  const mirrored = await database
    .admin<{ microsoft_alert_id: string; last_update_raw: string }>('edr_alerts')
    .where({ microsoft_alert_id: id })
    .first();
  const known = cloud.alerts(tenant).find((one) => one.id === id);
  if (mirrored?.last_update_raw !== known?.lastUpdateDateTime || !mirrored) return;
  cloud.repeatAlert(tenant, id);
  ledger.alerts.set(id, (ledger.alerts.get(id) ?? 0) + 1);
}

/** Everything that Microsoft knows has been read. */
export async function isAllRead({ cloud, database }: World): Promise<boolean> {
  const rows = await database
    .admin<{ microsoft_alert_id: string; last_update_raw: string }>('edr_alerts')
    .select('microsoft_alert_id', 'last_update_raw');
  const read = new Map(rows.map((row) => [row.microsoft_alert_id, row.last_update_raw]));
  return cloud.alerts(tenant).every((one) => read.get(one.id ?? '') === one.lastUpdateDateTime);
}
