import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** The posture is computed anew once this transaction is done. */
export async function enqueuePosture(trx: Trx): Promise<void> {
  await query(trx, "select app.enqueue('posture', '{}')");
}
