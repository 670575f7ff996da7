import type { Trx } from '../../database/transaction.js';
import { enqueueNotices } from '../channels/outbox.js';
import { query } from '../query.js';

/** Tells the tenant's admins something: in the reports channel, else where alerts are posted; `key` merges repeats. */
export async function noticeToAdmins(trx: Trx, key: string, text: string): Promise<void> {
  const links = await query<{ conversation_id: string }>(
    trx,
    `select conversation_id from channel_links
     where tenant_id = ? and state = 'active' and purpose in ('reports', 'alerts') order by purpose = 'reports' desc limit 1`,
    [trx.tenantId],
  );
  await enqueueNotices(
    trx,
    links.map((link) => link.conversation_id),
    key,
    text,
  );
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
