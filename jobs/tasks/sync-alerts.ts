import { syncAlerts } from '../sync/alerts.js';
import type { SyncContext } from '../sync/context.js';
import type { TaskHandlers } from '../queue/tasks.js';

/** While one runs, another of the same tenant comes again after so long. */
const busyMs = 2_000;

/** Syncs one tenant and adds the next sync; a click that came meanwhile is served at once. */
export function syncAlertsTask(context: SyncContext): TaskHandlers['sync_alerts'] {
  return async ({ tenantId }, run) => {
    const done = await run.alone(`sync alerts/${tenantId}`, () => syncAlerts(context, tenantId, run.signal));
    const inMs = done ? done.result : busyMs;
    if (inMs !== null) await run.addLater('sync_alerts', { tenantId }, { key: `${tenantId}/sync_alerts`, inMs });
  };
}
