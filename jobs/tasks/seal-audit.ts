import type { Logger } from 'pino';
import { sealAudit } from '../../domain/audit/seal.js';
import type { Database } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

export function sealAuditTask(db: Database, log: Logger): TaskHandlers['seal_audit'] {
  return async (_payload, run) => {
    const sealed = await sealAudit(db, run.signal);
    if (sealed > 0) log.debug({ sealed }, 'audit rows were sealed');
  };
}
