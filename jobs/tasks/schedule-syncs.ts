import { dueTenants } from '../../domain/sync/connected-tenant.js';
import { syncSources } from '../../domain/sync/source.js';
import { inSystem } from '../../domain/transaction.js';
import type { Database } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** Begins the first syncs of new tenants, and catches those whose chain of syncs was broken. */
export function scheduleSyncsTask(db: Database): TaskHandlers['schedule_syncs'] {
  return async (_payload, run) => {
    for (const source of syncSources) {
      const due = await inSystem(db, (trx) => dueTenants(trx, source));
      if (due.length > 0) await run.addForTenants(`sync_${source}`, due);
    }
  };
}
