import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** Whether the tenant's devices were ever read completely, and whether reading them is on hold or not licensed. */
export async function readDeviceSync(trx: Trx): Promise<{ readonly isDone: boolean; readonly isOnHold: boolean }> {
  const [row] = await query<{ isDone: boolean; isOnHold: boolean }>(
    trx,
    `select last_success_at is not null as "isDone", hold_reason is not null or unlicensed_since is not null as "isOnHold"
     from sync_cursors where tenant_id = ? and source = 'devices'`,
    [trx.tenantId],
  );
  return row ?? { isDone: false, isOnHold: false };
}

/** Records that a run left out because nobody knows their device. */
export async function countUnknownDevices(trx: Trx, runId: string): Promise<number> {
  const [row] = await query<{ count: number }>(
    trx,
    `select coalesce((errors ->> 'unknown_device')::int, 0) as count from sync_runs where tenant_id = ? and id = ?`,
    [trx.tenantId, runId],
  );
  return row?.count ?? 0;
}
