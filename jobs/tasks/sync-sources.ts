import type { AlertSource } from '../../domain/alerts/alert-source.js';
import type { MachineSource, ManagedDeviceSource } from '../../domain/devices/device-source.js';
import type { SyncSource } from '../../domain/sync/source.js';
import type { VulnerabilitySource } from '../../domain/vulnerabilities/vulnerability-source.js';
import type { TaskHandlers } from '../queue/tasks.js';
import { alertSync } from '../sync/alerts.js';
import { complianceSync } from '../sync/compliance.js';
import type { SourceSync, SyncContext } from '../sync/context.js';
import { deviceSync } from '../sync/devices.js';
import { runSync } from '../sync/run.js';
import { vulnerabilitySync } from '../sync/vulnerabilities.js';

/** While one runs, another of the same tenant and source comes again after so long. */
const busyMs = 2_000;

type SyncTask = `sync_${SyncSource}`;

/** Where each kind of record of a tenant is read. */
export interface SyncSources {
  readonly alerts: AlertSource;
  readonly machines: MachineSource;
  readonly managedDevices: ManagedDeviceSource;
  readonly vulnerabilities: VulnerabilitySource;
}

/** One task for each source; `takeEverything`: a folder of sandbox data, of which every item becomes an alert. */
export function syncTasks(
  context: SyncContext,
  sources: SyncSources,
  takeEverything: boolean,
): Pick<TaskHandlers, SyncTask> {
  return {
    sync_alerts: syncTask(context, alertSync(sources.alerts, takeEverything)),
    sync_devices: syncTask(context, deviceSync(sources.machines)),
    sync_compliance: syncTask(context, complianceSync(sources.managedDevices)),
    sync_vulnerabilities: syncTask(context, vulnerabilitySync(sources.vulnerabilities)),
  };
}

/** Syncs one tenant and adds the next sync; a click that came meanwhile is served at once. */
export function syncTask(context: SyncContext, sync: SourceSync): TaskHandlers[SyncTask] {
  const task: SyncTask = `sync_${sync.source}`;
  return async ({ tenantId }, run) => {
    const what = `sync ${sync.source}/${tenantId}`;
    const done = await run.alone(what, () => runSync(context, sync, tenantId, run.signal));
    const inMs = done ? done.result : busyMs;
    if (inMs !== null) await run.addLater(task, { tenantId }, { key: `${tenantId}/${task}`, inMs });
  };
}
