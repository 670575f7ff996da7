import { pino } from 'pino';
import type { SyncCursorsRow, SyncRunsRow } from '../../../database/rows.js';
import type {
  SourceFailedRule,
  SourceIsolation,
  SourceMachine,
  SourceManagedDevice,
} from '../../../domain/devices/device-source.js';
import type { SyncSource } from '../../../domain/sync/source.js';
import { complianceSync } from '../../../jobs/sync/compliance.js';
import type { SyncContext, SyncProgress } from '../../../jobs/sync/context.js';
import { deviceSync } from '../../../jobs/sync/devices.js';
import { runSync } from '../../../jobs/sync/run.js';
import type { TestDatabase } from '../../helpers/database.js';
import { guid, machineId, mirrorOf } from './device-records.js';
import { insertChannel } from '../delivery/channel.js';
import { scriptedWalk, sinceTimes } from './scripted-walk.js';
import { syncSeconds } from './world.js';

const never = new AbortController().signal;

/** A connected tenant with a linked channel, whose devices are read from scripts. */
export async function deviceWorld(base: TestDatabase) {
  const { tenantId } = await insertChannel(base.admin);
  const machines = scriptedWalk<SourceMachine>();
  const isolations = scriptedWalk<SourceIsolation>();
  /** From when on isolations were asked for. */
  const isolationsSince: (Date | null)[] = [];
  const managed = scriptedWalk<SourceManagedDevice>();
  const rules = scriptedWalk<SourceFailedRule>();
  const progress: SyncProgress[] = [];
  const onProgress = (one: SyncProgress) => progress.push(one);
  const context: SyncContext = { db: base.db, log: pino({ level: 'silent' }), syncSeconds, onProgress };
  const devices = deviceSync({ machines: machines.walk, isolations: sinceTimes(isolations, isolationsSince) });
  const compliance = complianceSync({ managedDevices: managed.walk, failedRules: rules.walk });
  const rows = <Row extends object>(table: string) => base.admin<Row>(table).whereRaw('tenant_id = ?', [tenantId]);
  const ids = { microsoft: machineId, intune: guid } as const;
  return {
    tenantId,
    context,
    machines,
    isolations,
    isolationsSince,
    managed,
    rules,
    progress,
    syncDevices: (signal = never) => runSync(context, devices, tenantId, signal),
    syncCompliance: (signal = never) => runSync(context, compliance, tenantId, signal),
    mirror: () => mirrorOf(base.admin, tenantId),
    /** Of the record that the word stands for. */
    device: async (kind: keyof typeof ids, word: string) => {
      const found = (await mirrorOf(base.admin, tenantId)).filter((device) => device[kind] === ids[kind](word));
      const [device] = found;
      if (!device || found.length > 1) throw new Error(`${found.length} devices are ${word}`);
      return device;
    },
    deviceId: async (kind: keyof typeof ids, word: string) => {
      const found: unknown[] = await rows('edr_devices')
        .where({ [`${kind}_device_id`]: ids[kind](word) })
        .pluck('id');
      const [id] = found;
      if (typeof id !== 'string') throw new Error(`no device is ${word}`);
      return id;
    },
    count: async (table: string) => (await rows(table).select()).length,
    run: async (): Promise<SyncRunsRow> => {
      const run: unknown = await rows('sync_runs').orderBy('started_at', 'desc').first();
      return run as SyncRunsRow;
    },
    cursor: async (source: SyncSource): Promise<SyncCursorsRow> => {
      const cursor: unknown = await rows('sync_cursors').where({ source }).first();
      return cursor as SyncCursorsRow;
    },
    actions: () => rows('audit_log').orderBy('id').pluck('action') as Promise<string[]>,
    notices: async () => {
      const found = await rows<{ payload: { text: string } }>('outbox')
        .where('kind', 'notice')
        .orderBy('id')
        .select('payload');
      return found.map(({ payload }) => payload.text);
    },
    /** As if the notices that wait had been sent. */
    forgetNotices: () => rows('outbox').delete(),
    isPostureDue: async () => {
      const jobs = await base
        .admin('graphile_worker.jobs')
        .where({ task_identifier: 'posture', key: `${tenantId}/posture` })
        .select('id');
      return jobs.length > 0;
    },
  };
}
