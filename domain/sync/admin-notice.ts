import type { Trx } from '../../database/transaction.js';
import { channelForAdmins } from '../channels/links.js';
import { enqueueNotices } from '../channels/outbox.js';
import { query } from '../query.js';

/** Tells the tenant's admins something, where they read; `key` merges repeats. */
export async function noticeToAdmins(trx: Trx, key: string, text: string): Promise<void> {
  await enqueueNotices(trx, await channelForAdmins(trx), key, text);
}

/** How many alerts the tenant has in the mirror, and how many of them became alerts to triage. */
export async function countMirror(trx: Trx): Promise<{ mirrored: number; opened: number }> {
  const [row] = await query<{ mirrored: number; opened: number }>(
    trx,
    `select (select count(*) from edr_alerts where tenant_id = ?)::int as mirrored,
       (select count(*) from security_alerts where tenant_id = ? and source_system = 'edr')::int as opened`,
    [trx.tenantId, trx.tenantId],
  );
  return row ?? { mirrored: 0, opened: 0 };
}
