import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** The posture is computed anew once this transaction is done. */
export async function enqueuePosture(trx: Trx): Promise<void> {
  await query(trx, "select app.enqueue('posture', '{}')");
}

/** The vulnerabilities of the tenant are read once this transaction is done. */
export async function enqueueVulnerabilities(trx: Trx): Promise<void> {
  await query(trx, "select app.enqueue('sync_vulnerabilities', '{}')");
}
