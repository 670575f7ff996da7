import type { ActionContext } from '../actions/context.js';
import { stepAction } from '../actions/step-action.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** While one process works on an action, another job of the same comes again after so long. */
const busyMs = 2_000;

/** One step of one action, alone over all processes, and the job for the next step. */
export function deviceActionTask(context: ActionContext): TaskHandlers['device_action'] {
  return async ({ tenantId, actionId }, run) => {
    const done = await run.alone(`action/${actionId}`, () => stepAction(context, tenantId, actionId, run.signal));
    const inMs = done ? done.result : busyMs;
    if (inMs === null) return;
    await run.addLater('device_action', { tenantId, actionId }, { key: `${tenantId}/action/${actionId}`, inMs });
  };
}
