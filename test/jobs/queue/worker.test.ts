import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { inTenant } from '../../../database/transaction.js';
import { freeDeadWorkers } from '../../../jobs/queue/dead-workers.js';
import type { TaskHandlers } from '../../../jobs/queue/tasks.js';
import { createWorker } from '../../../jobs/worker.js';
import type { Worker } from '../../../jobs/worker.js';
import { alertSync } from '../../../jobs/sync/alerts.js';
import { syncTask } from '../../../jobs/tasks/sync-sources.js';
import { scheduleSyncsTask } from '../../../jobs/tasks/schedule-syncs.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { createScriptedSource, sourceAlert } from '../sync/scripted-source.js';
import type { ScriptedSource } from '../sync/scripted-source.js';
import { syncSeconds } from '../sync/world.js';
import { handlersWith } from './idle-handlers.js';

const log = pino({ level: 'silent' });

describe('the queue', () => {
  let base: TestDatabase;
  const workers: Worker[] = [];
  const hourly = (source: ScriptedSource) =>
    syncTask({ db: base.db, log, syncSeconds: { ...syncSeconds, alerts: 3_600 } }, alertSync(source, false));
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    base = await testDatabase();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await base.drop();
  });

  const start = async (handlers: Partial<TaskHandlers>): Promise<Worker> => {
    const worker = createWorker({ url: base.urls.worker, handlers: handlersWith(handlers), log, pollMs: 50 });
    workers.push(worker);
    await worker.start();
    return worker;
  };
  const enqueue = (tenantId: string) =>
    inTenant(base.db, tenantId, ({ sql }) => sql.raw("select app.enqueue('sync_alerts', '{}')"));
  const signal = () => {
    let fire: () => void = () => undefined;
    const fired = new Promise<void>((resolve) => (fire = resolve));
    return { fire, fired };
  };

  it('runs what the application enqueues in its transaction, for the tenant of that transaction only', async () => {
    const { tenantId } = await insertTenant(base.admin);
    const { fire, fired } = signal();
    const seen: string[] = [];
    await start({
      sync_alerts: (payload) => {
        seen.push(payload.tenantId);
        return Promise.resolve(fire());
      },
    });
    const lie = JSON.stringify({ tenantId: randomUUID() });
    await inTenant(base.db, tenantId, ({ sql }) => sql.raw("select app.enqueue('sync_alerts', ?::jsonb)", [lie]));
    await fired;
    assert.deepEqual(seen, [tenantId]);
  });

  it('never runs two syncs of a tenant at once, over several workers, and serves a click that came meanwhile', async () => {
    const { tenantId } = await insertTenant(base.admin);
    const source = createScriptedSource();
    let running = 0;
    let most = 0;
    const twice = signal();
    const reads = source.pages.bind(source);
    source.pages = async function* (connection, since, aborted) {
      most = Math.max(most, (running += 1));
      if (source.asked.length < 3) await Promise.all([enqueue(tenantId), enqueue(tenantId), sleep(100)]);
      yield* reads(connection, since, aborted);
      running -= 1;
      if (source.asked.length >= 2) twice.fire();
    };
    const sync_alerts = hourly(source);
    await start({ sync_alerts });
    await start({ sync_alerts });
    await enqueue(tenantId);
    await base.admin.raw(
      `select graphile_worker.add_job('sync_alerts', json_build_object('tenantId', ?::text)) from generate_series(1, 5)`,
      [tenantId],
    );
    await twice.fired;
    assert.equal(most, 1);
  });

  it('begins the syncs of all connected tenants when it starts, and adds the next one of each', async () => {
    const tenants = [await insertTenant(base.admin), await insertTenant(base.admin)];
    const [closed, inactive] = [await insertTenant(base.admin), await insertTenant(base.admin)];
    await base.admin('tenants').where({ id: closed.tenantId }).update({ closed_at: new Date() });
    await base.admin('tenants').where({ id: inactive.tenantId }).update({ is_active: false });
    const source = createScriptedSource();
    source.reads.push([{ alerts: [sourceAlert(5)] }], [{ alerts: [sourceAlert(5)] }]);
    await start({
      sync_alerts: hourly(source),
      schedule_syncs: scheduleSyncsTask(base.db),
    });
    const later = () =>
      base
        .admin('graphile_worker.jobs')
        .where({ task_identifier: 'sync_alerts' })
        .andWhere('run_at', '>', base.admin.raw("now() + interval '50 minutes'"))
        .orderBy('key')
        .pluck('key');
    while ((await later()).length < 2) await sleep(20);
    assert.deepEqual(await later(), tenants.map(({ tenantId }) => `${tenantId}/sync_alerts`).sort());
    assert.equal((await base.admin('security_alerts').select()).length, 2);
  });

  it('does what people and alerts need while walks over everything do not end', async () => {
    const isolated = signal();
    const read = signal();
    const end = signal();
    const walks: string[] = [];
    const walk = async ({ tenantId }: { tenantId: string }) => {
      walks.push(tenantId);
      await end.fired;
    };
    await start({
      sync_devices: walk,
      sync_vulnerabilities: walk,
      sync_alerts: () => Promise.resolve(read.fire()),
      device_action: () => Promise.resolve(isolated.fire()),
    });
    for (const task of ['sync_devices', 'sync_vulnerabilities'])
      await base.admin.raw(
        `select graphile_worker.add_job(?, json_build_object('tenantId', gen_random_uuid())) from generate_series(1, 10)`,
        [task],
      );
    while (walks.length === 0) await sleep(20);
    const { tenantId } = await insertTenant(base.admin);
    const payload = JSON.stringify({ actionId: randomUUID() });
    await inTenant(base.db, tenantId, ({ sql }) => sql.raw("select app.enqueue('device_action', ?::jsonb)", [payload]));
    await isolated.fired;
    await enqueue(tenantId);
    await read.fired;
    assert.ok(walks.length < 20, 'most walks wait for others');
    end.fire();
  });

  it('refuses a payload of another shape and goes on', async () => {
    const { tenantId } = await insertTenant(base.admin);
    const { fire, fired } = signal();
    await start({ sync_alerts: () => Promise.resolve(fire()) });
    await base.admin.raw(`select graphile_worker.add_job('sync_alerts', '{"tenantId": "everybody"}')`);
    await enqueue(tenantId);
    await fired;
    while ((await base.admin('graphile_worker.jobs').whereNotNull('last_error')).length === 0) await sleep(20);
  });

  it('takes jobs only from workers that are dead', async () => {
    const { tenantId } = await insertTenant(base.admin);
    const taken = signal();
    const done = signal();
    await start({
      sync_alerts: async () => {
        taken.fire();
        await done.fired;
      },
    });
    await enqueue(tenantId);
    await taken.fired;
    const pool = new pg.Pool({ connectionString: base.urls.worker });
    await base.admin.raw(
      "update graphile_worker._private_jobs set locked_at = now() - interval '1 hour' where locked_at is not null",
    );
    assert.deepEqual(await freeDeadWorkers(pool), []);
    await base.admin.raw(`insert into graphile_worker._private_jobs (task_id, locked_at, locked_by)
      select id, now() - interval '10 s', 'pool-dead' from graphile_worker._private_tasks where identifier = 'sync_alerts'`);
    assert.deepEqual(await freeDeadWorkers(pool), ['pool-dead']);
    await pool.end();
    done.fire();
  });

  it('has the job of a process that was killed done by another one', async () => {
    const { tenantId } = await insertTenant(base.admin);
    const child = spawn(process.execPath, ['--import', 'tsx', 'test/jobs/queue/hanging-worker.ts'], {
      env: { ...process.env, WORKER_URL: base.urls.worker },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await enqueue(tenantId);
    await once(child.stdout, 'data');
    const { fire, fired } = signal();
    await start({ sync_alerts: () => Promise.resolve(fire()) });
    child.kill('SIGKILL');
    await fired;
  }).timeout(40_000);

  it('goes on by itself after its connections were cut', async () => {
    const { tenantId } = await insertTenant(base.admin);
    const { fire, fired } = signal();
    await start({ sync_alerts: () => Promise.resolve(fire()) });
    await base.admin.raw(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name in ('avian-presence', 'avian-worker')",
    );
    await enqueue(tenantId);
    await fired;
  }).timeout(40_000);

  it('tells a task that it stops, and returns the job of one that does not listen, within 5 s', async () => {
    const { tenantId } = await insertTenant(base.admin);
    const other = await insertTenant(base.admin);
    const deaf = signal();
    const polite = signal();
    let wasTold = false;
    await start({
      sync_alerts: async (payload, run) => {
        if (payload.tenantId === tenantId) {
          deaf.fire();
          await new Promise(() => undefined);
        }
        polite.fire();
        await once(run.signal, 'abort');
        wasTold = true;
      },
    });
    await enqueue(tenantId);
    await enqueue(other.tenantId);
    await Promise.all([deaf.fired, polite.fired]);
    const begun = performance.now();
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    assert.ok(performance.now() - begun < 5_500, 'stopping took too long');
    assert.equal(wasTold, true);
    const left = await base.admin('graphile_worker.jobs').where({ task_identifier: 'sync_alerts' });
    assert.equal(left.length, 1);
  }).timeout(20_000);
});
