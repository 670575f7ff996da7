import { storePosture } from '../../domain/posture/posture-store.js';
import { inTenant } from '../../domain/transaction.js';
import type { Database } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** After a sync, and once a day. */
export function postureTask(db: Database): TaskHandlers['posture'] {
  return async ({ tenantId }) => {
    await inTenant(db, tenantId, storePosture);
  };
}
