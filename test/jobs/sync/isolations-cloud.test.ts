import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { EdrDevicesRow, SyncRunsRow } from '../../../database/rows.js';
import { deviceSync } from '../../../jobs/sync/devices.js';
import { runSync } from '../../../jobs/sync/run.js';
import { microsoftCloud } from '../../../microsoft/cloud.js';
import { createDefenderMachines } from '../../../microsoft/defender-machines.js';
import { defaultRetryPolicy } from '../../../microsoft/retry.js';
import { loadDataFolder } from '../../../sandbox/cloud/data-folder.js';
import { sandboxTransport } from '../../../sandbox/cloud/transport.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { contoso, openBench } from '../../microsoft/harness.js';
import type { Bench } from '../../microsoft/harness.js';
import { silent } from '../delivery/world.js';
import { syncSeconds } from './world.js';

const action = (machineId: string, type: string, hour: number, given: object = {}) => ({
  id: `00000000-0000-4000-8000-0000000000${hour}`,
  ...{ machineId, type, scope: type === 'Isolate' ? 'Full' : null, status: 'Succeeded' },
  creationDateTimeUtc: `2019-01-02T${hour}:00:00Z`,
  lastUpdateDateTimeUtc: `2019-01-02T${hour}:30:00.1234567Z`,
  ...given,
});

describe('isolations at the pretend Microsoft', () => {
  let base: TestDatabase;
  let folder = '';
  let bench: Bench;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sandbox-'))));
  afterEach(async () => {
    await bench.close();
    await base.admin('tenants').delete();
    rmSync(folder, { recursive: true });
  });
  after(() => base.drop());

  const open = async (files: Record<string, unknown>) => {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(content));
    const { files: _files, ignored: _ignored, ...records } = await loadDataFolder(folder);
    bench = await openBench({
      tenants: [{ ...contoso, ...records }],
      actionDelays: { isolate: 0, unisolate: 0, scan: 0 },
    });
    const { tenantId } = await insertTenant(base.admin, { entraTenantId: contoso.entraTenantId });
    const source = createDefenderMachines({
      ...{ cloud: microsoftCloud('worldwide'), transport: sandboxTransport(bench.url), log: silent },
      tokens: bench.tokens(),
      retry: { ...defaultRetryPolicy, wait: () => Promise.resolve(), random: () => 0 },
      pageSize: 2,
    });
    const context = { db: base.db, log: pino({ level: 'silent' }), syncSeconds };
    return {
      sync: async () => {
        await runSync(context, deviceSync(source), tenantId, new AbortController().signal);
        return base
          .admin<SyncRunsRow>('sync_runs')
          .where({ tenant_id: tenantId })
          .orderBy('started_at', 'desc')
          .first();
      },
      states: async () => {
        const rows = await base.admin<EdrDevicesRow>('edr_devices').orderBy('microsoft_device_id').select();
        return rows.map((row) => [row.microsoft_device_id, row.isolation_state]);
      },
    };
  };
  const machines = ['m1', 'm2', 'm3', 'm4'].map((id) => ({ id, computerDnsName: id, onboardingStatus: 'Onboarded' }));

  it('of a folder are known after the first sync, from all pages', async () => {
    const on = await open({
      'machines.json': { value: machines },
      'machineactions.json': {
        value: [
          action('m1', 'Isolate', 11),
          action('m2', 'Isolate', 12),
          action('m2', 'Unisolate', 13),
          action('m3', 'Unisolate', 14),
          action('m3', 'Isolate', 15, { scope: 'Selective' }),
        ],
      },
      'machineactions_2.json': [
        action('m1', 'Unisolate', 16, { status: 'Pending' }),
        action('m4', 'RunAntiVirusScan', 17),
        action('m9', 'Isolate', 18),
      ],
    });
    const run = await on.sync();
    assert.deepEqual([run?.outcome, run?.errors], ['complete', {}]);
    assert.deepEqual(await on.states(), [
      ['m1', 'isolated'],
      ['m2', 'not_isolated'],
      ['m3', 'selectively_isolated'],
      ['m4', null],
    ]);
  });

  it('from the portal come with the next sync that can read them, in two requests', async () => {
    const tenant = contoso.entraTenantId;
    const on = await open({ 'machines.json': machines.slice(0, 1) });
    await on.sync();
    bench.cloud.orderInPortal(tenant, { machineId: 'm1', type: 'Isolate' });
    const outcomes = [];
    for (const fault of [{ kind: 'server_error', status: 503 }, { kind: 'permission_missing' }] as const) {
      bench.cloud.faults.turnOn(tenant, fault, { path: '/machineactions' });
      const failed = await on.sync();
      outcomes.push([failed?.outcome, failed?.errors, failed?.unchanged_count]);
      bench.cloud.faults.turnOff(tenant);
    }
    assert.deepEqual(outcomes, [
      ['partial', { unavailable: 1 }, 1],
      ['partial', { on_hold: 1 }, 1],
    ]);
    assert.deepEqual(await on.states(), [['m1', null]]);
    const before = bench.cloud.requestLog.length;
    assert.equal((await on.sync())?.outcome, 'complete');
    assert.deepEqual(await on.states(), [['m1', 'isolated']]);
    const asked = bench.cloud.requestLog.slice(before).filter(({ path }) => path.includes('/machineactions'));
    assert.equal(asked.length, 2);
  });
});
