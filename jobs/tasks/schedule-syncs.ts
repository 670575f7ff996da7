import { dueTenants } from '../../domain/sync/connected-tenant.js';
import { inSystem } from '../../domain/transaction.js';
import type { Database } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** Begins the first sync of new tenants, and catches those whose chain of syncs was broken. */
export function scheduleSyncsTask(db: Database): TaskHandlers['schedule_syncs'] {
  return async (_payload, run) => {
    const due = await inSystem(db, (trx) => dueTenants(trx, 'alerts'));
    if (due.length > 0) await run.addForTenants('sync_alerts', due);
  };
}
