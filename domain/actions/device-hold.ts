import type { Trx } from '../../database/transaction.js';
import { deviceColumns } from '../devices/device-columns.js';
import type { Device } from '../devices/device.js';
import { query } from '../query.js';
import type { DeviceAction } from './action.js';
import { actionColumns } from './action-columns.js';

export interface HeldDevice {
  readonly device: Device;
  /** Its actions that have not ended, held too. */
  readonly open: readonly DeviceAction[];
}

/**
 * Requests on one device take turns. Actions are locked before their device, as everywhere, so that nobody waits in a ring
 * with a job that ends an action and notes what became of the device. Counts an act on the device. Null: there is no such device.
 */
export async function holdDevice(trx: Trx, deviceId: string): Promise<HeldDevice | null> {
  await query(trx, "select pg_advisory_xact_lock(hashtextextended('device_actions/' || ?::text || ?::text, 0))", [
    trx.tenantId,
    deviceId,
  ]);
  const open = await query<DeviceAction>(
    trx,
    `select ${actionColumns('a')} from edr_actions a where a.tenant_id = ? and a.device_id = ?
       and a.status in ('requested', 'approved', 'pending', 'in_progress', 'unknown') order by a.number for update`,
    [trx.tenantId, deviceId],
  );
  const [device] = await query<Device>(
    trx,
    `update edr_devices d set version = d.version + 1 where d.tenant_id = ? and d.id = ? returning ${deviceColumns('d')}`,
    [trx.tenantId, deviceId],
  );
  return device ? { device, open } : null;
}
