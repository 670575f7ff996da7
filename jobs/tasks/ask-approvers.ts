import { askApprovers } from '../actions/ask.js';
import type { AskContext } from '../actions/context.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** While one process asks, another job of the same comes again after so long. */
const busyMs = 2_000;

export function askApproversTask(context: AskContext): TaskHandlers['ask_approvers'] {
  return async ({ tenantId, entity, entityId }, run) => {
    const asked = { entity, id: entityId };
    const done = await run.alone(`ask/${entityId}`, () => askApprovers(context, tenantId, asked, run.signal));
    const inMs = done ? done.result : busyMs;
    if (inMs === null) return;
    const key = `${tenantId}/ask/${entityId}`;
    await run.addLater('ask_approvers', { tenantId, entity, entityId }, { key, inMs });
  };
}
