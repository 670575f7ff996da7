import type { Trx } from '../../database/transaction.js';
import { holdLinks } from '../channels/link-lock.js';
import { query } from '../query.js';

/**
 * A page of devices is merged with what the mirror says of the same devices, so nobody else may change that meanwhile:
 * whoever merges has this lock alone, and whoever makes devices of alerts shares it. Take it before any row, and after the
 * lock of the links, which cards of these devices need.
 */
const key = "hashtextextended('edr_devices/' || ?::text, 0)";

export async function holdDevices(trx: Trx): Promise<void> {
  await query(trx, `select pg_advisory_xact_lock_shared(${key})`, [trx.tenantId]);
}

export async function mergeAlone(trx: Trx): Promise<void> {
  await holdLinks(trx);
  await query(trx, `select pg_advisory_xact_lock(${key})`, [trx.tenantId]);
}
