import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** Forgets what a walk has met: it ended, one way or another. */
export async function clearSeen(trx: Trx, runId: string): Promise<void> {
  for (const table of ['sync_seen_devices', 'sync_seen_vulnerabilities'] as const)
    await query(trx, `delete from ${table} where tenant_id = ? and run_id = ?`, [trx.tenantId, runId]);
}

/** The walk has met these devices. */
export async function noteSeen(trx: Trx, runId: string, deviceIds: readonly string[]): Promise<void> {
  if (deviceIds.length === 0) return;
  await query(
    trx,
    `insert into sync_seen_devices (tenant_id, run_id, device_id)
     select ?::uuid, ?::uuid, id from unnest(?::uuid[]) id on conflict do nothing`,
    [trx.tenantId, runId, deviceIds],
  );
}
