import type { Trx } from '../database/transaction.js';
import { query } from './query.js';

/**
 * Until the transaction ends statements are planned for any tenant: one that the statistics do not name counts as nearly empty,
 * so that every index that begins with the tenant looks as good as the right one. For statements over all of a tenant.
 */
export async function planForAnyTenant(trx: Trx): Promise<void> {
  await query(trx, "select set_config('plan_cache_mode', 'force_generic_plan', true)");
}

/** The same for a sync, which also lets the planner hear of tables that have grown; autovacuum would tell it after minutes. */
export async function planForBatches(trx: Trx): Promise<void> {
  await query(trx, "select app.learn_sizes(), set_config('plan_cache_mode', 'force_generic_plan', true)");
}
