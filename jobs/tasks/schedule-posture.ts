import { tenantsWithoutPosture } from '../../domain/posture/posture-store.js';
import { inSystem } from '../../domain/transaction.js';
import type { Database } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** Tenants of which nothing changed for a day, or whose syncs fail, have a point in their history all the same. */
export function schedulePostureTask(db: Database): TaskHandlers['schedule_posture'] {
  return async (_payload, run) => {
    const due = await inSystem(db, tenantsWithoutPosture);
    if (due.length > 0) await run.addForTenants('posture', due);
  };
}
