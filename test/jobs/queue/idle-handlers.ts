import { payloadShapes } from '../../../jobs/queue/tasks.js';
import type { TaskHandlers } from '../../../jobs/queue/tasks.js';

/** Every task does nothing; a test gives what matters to it. */
export function handlersWith(given: Partial<TaskHandlers>): TaskHandlers {
  const idle = Object.fromEntries(Object.keys(payloadShapes).map((name) => [name, () => Promise.resolve()]));
  return { ...(idle as unknown as TaskHandlers), ...given };
}
