import type { TransactionOptions, Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/**
 * A link posts what is open, and what becomes open goes where a link says: if both ran side by side, each would miss the
 * other and a card would never be posted. So whoever makes cards shares this lock, and whoever changes links has it alone.
 * Take it first in a transaction, before any row, so that it is never waited for while others wait for those rows.
 */
const key = "hashtextextended('channel_links/' || ?::text, 0)";

/** For inTenant: the lock is taken with BEGIN, a round trip less than holdLinks. */
export const sharingLinks: TransactionOptions = { shares: 'channel_links' };

export async function holdLinks(trx: Trx): Promise<void> {
  await query(trx, `select pg_advisory_xact_lock_shared(${key})`, [trx.tenantId]);
}

export async function changeLinks(trx: Trx): Promise<void> {
  await query(trx, `select pg_advisory_xact_lock(${key})`, [trx.tenantId]);
}
