import { dueActions } from '../../domain/actions/step-store.js';
import { inSystem } from '../../domain/transaction.js';
import type { Database } from '../../domain/transaction.js';
import type { TaskHandlers } from '../queue/tasks.js';

const atOnce = 500;

/** Catches actions whose own job was lost, or waits for a clock that was moved; a step that is not due changes nothing. */
export function dueActionsTask(db: Database): TaskHandlers['due_actions'] {
  return async (_payload, run) => {
    for (const due of await inSystem(db, (trx) => dueActions(trx, atOnce)))
      await run.addLater('device_action', due, { key: `${due.tenantId}/due-action/${due.actionId}`, inMs: 0 });
  };
}
