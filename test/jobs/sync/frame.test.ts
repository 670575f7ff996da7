import assert from 'node:assert/strict';
import { pino } from 'pino';
import { tellOfEarlierSyncs } from '../../../domain/sync/first-sync.js';
import { dueTenants } from '../../../domain/sync/connected-tenant.js';
import { inSystem, inTenant } from '../../../domain/transaction.js';
import { scheduleSyncsTask } from '../../../jobs/tasks/schedule-syncs.js';
import { syncTask } from '../../../jobs/tasks/sync-sources.js';
import { deviceSync } from '../../../jobs/sync/devices.js';
import { readHealth } from '../../../domain/health/health-queries.js';
import type { TaskRun } from '../../../jobs/queue/tasks.js';
import { moveClock } from '../../helpers/builders.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { guid, machine, managed } from './device-records.js';
import { deviceWorld } from './device-world.js';
import { fault } from './scripted-source.js';
import { scriptedWalk, sinceTimes } from './scripted-walk.js';
import { syncSeconds } from './world.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const weekMs = 7 * 24 * hourMs;

describe('the frame of all syncs', () => {
  let base: TestDatabase;
  let world: Awaited<ReturnType<typeof deviceWorld>>;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    world = await deviceWorld(base);
  });
  after(() => base.drop());

  const health = () => readHealth(base.db);
  const times = async (n: number, sync: () => Promise<number | null>) => {
    const waits: (number | null)[] = [];
    for (let i = 0; i < n; i += 1) waits.push(await sync());
    return waits;
  };

  it('says in the trail what each run did, and leaves nothing that it met', async () => {
    world.machines.script.push([[machine('pc-1')]]);
    await world.syncDevices();
    const entry: unknown = await base
      .admin('audit_log')
      .where({ tenant_id: world.tenantId })
      .first('actor', 'action', 'after');
    const counts = { read: 1, new: 1, changed: 0, repeated: 0, mirrored: 0, removed: 0, malformed: 0 };
    assert.deepEqual(entry, {
      actor: 'sync_devices',
      action: 'sync.devices',
      after: { outcome: 'complete', kind: 'full', error: null, ...counts },
    });
    const { kind, errors } = await world.run();
    const { last_full_at, last_success_at } = await world.cursor('devices');
    assert.deepEqual([kind, errors, last_full_at], ['full', {}, last_success_at]);
  });

  it('is on hold for one source of one tenant, names it, and tries again every hour', async () => {
    const why = 'The permission Machine.Read.All is missing.';
    const other = await deviceWorld(base);
    world.machines.script.push(
      [fault('on_hold', why)],
      [fault('on_hold', why)],
      [fault('on_hold', 'The secret has expired.')],
    );
    world.managed.script.push([[managed('pc-1')]]);
    other.machines.script.push([[machine('pc-1')]]);
    assert.deepEqual(await times(3, world.syncDevices), [hourMs, hourMs, hourMs]);
    await world.syncCompliance();
    await other.syncDevices();
    assert.equal((await world.cursor('devices')).hold_reason, 'The secret has expired.');
    assert.equal((await world.cursor('compliance')).hold_reason, null);
    assert.equal((await other.cursor('devices')).hold_reason, null);
    assert.deepEqual(await world.notices(), [
      'Reading Defender devices is on hold: The secret has expired. It is tried again every hour.',
    ]);
    assert.deepEqual((await world.actions()).filter((action) => action === 'sync.held').length, 2);
    await world.forgetNotices();
    world.machines.script.push([[machine('pc-1')]]);
    assert.equal(await world.syncDevices(), 15 * minuteMs);
    assert.deepEqual(await world.notices(), ['Reading Defender devices works again.']);
  });

  it('tells once of a reason that names the request and its time each time, as Entra and Intune do', async () => {
    const reason = (n: number) =>
      `Entra refuses the app: invalid_request (AADSTS50034: no such user. Trace ID: ${guid(`trace ${n}`)} Timestamp: 2026-03-0${n} 10:00:0${n}Z).`;
    const refusals = [1, 2, 3].map((n) => [fault('on_hold', reason(n))]);
    world.machines.script.push(...refusals);
    world.managed.script.push([[managed('pc-1')]], [[managed('pc-1')]]);
    world.rules.script.push(...refusals.slice(1));
    await times(3, world.syncDevices);
    await times(2, world.syncCompliance);
    assert.deepEqual((await world.actions()).filter((action) => action === 'sync.held').length, 2);
    assert.match((await world.cursor('devices')).hold_reason ?? '', /2026-03-03/);
  });

  it('tells a channel that is linked later of every source that is on hold', async () => {
    world.machines.script.push([fault('on_hold', 'No consent.')]);
    world.managed.script.push([[managed('pc-1')]]);
    world.rules.script.push([fault('on_hold', 'No rules.')]);
    await world.syncDevices();
    await world.syncCompliance();
    await world.forgetNotices();
    await inTenant(base.db, world.tenantId, tellOfEarlierSyncs);
    assert.deepEqual((await world.notices()).toSorted(), [
      'Intune devices are read, but not all that is known of them: No rules. It is tried again with every sync.',
      'Reading Defender devices is on hold: No consent. It is tried again every hour.',
    ]);
  });

  it('backs off as Microsoft says, else by itself up to 5 minutes; after five in a row slower, told once', async () => {
    world.machines.script.push(
      [fault('throttled', 'Defender answered 429.', 7_000)],
      ...Array.from({ length: 6 }, () => [fault('throttled', 'Defender answered 429.')]),
    );
    const [asked, ...own] = await times(7, world.syncDevices);
    assert.equal(asked, 7_000);
    const [second = 0, third = 0, fourth = 0, ...slow] = own.map(Number);
    assert.ok(second >= 10_000 && second <= 20_000, `${second}`);
    assert.ok(third >= 20_000 && third <= 40_000, `${third}`);
    assert.ok(fourth >= 40_000 && fourth <= 5 * minuteMs, `${fourth}`);
    assert.deepEqual(slow, [30 * minuteMs, 30 * minuteMs, 30 * minuteMs]);
    assert.deepEqual(await world.notices(), [
      'Microsoft has throttled the reading of Defender devices 5 times in a row, so they are read less often for now. What is new may appear later than usual.',
    ]);
    assert.deepEqual((await world.run()).errors, { throttled: 1 });
    world.machines.script.push([[]]);
    assert.equal(await world.syncDevices(), 15 * minuteMs);
    assert.equal((await world.cursor('devices')).throttled_in_a_row, 0);
  });

  it('looks once a week whether a tenant has a product by now, and calls it no error', async () => {
    const why = 'Request not applicable to target tenant.';
    const calm = await health();
    world.managed.script.push([fault('not_licensed', why)]);
    assert.deepEqual(await times(2, world.syncCompliance), [weekMs, weekMs]);
    assert.deepEqual(await world.notices(), [
      `Intune devices are not read, because the tenant does not have them: ${why} It is looked at again once a week.`,
    ]);
    const [run, cursor] = [await world.run(), await world.cursor('compliance')];
    assert.deepEqual([run.outcome, run.errors, cursor.hold_since], ['held', { not_licensed: 1 }, null]);
    assert.notEqual(cursor.unlicensed_since, null);
    const { sourcesOnHold, staleSources } = await health();
    assert.deepEqual([sourcesOnHold, staleSources], [calm.sourcesOnHold, calm.staleSources]);
    await world.forgetNotices();
    world.managed.script.push([[managed('pc-1')]]);
    assert.equal(await world.syncCompliance(), hourMs);
    assert.equal((await world.cursor('compliance')).unlicensed_since, null);
    assert.deepEqual(await world.notices(), ['Reading Intune devices works again.']);
  });

  it('keeps what it read before a page that always fails, concludes nothing, and comes again', async () => {
    const failing = [[machine('pc-1')], fault('protocol', 'A nextLink leads to another host.')];
    world.machines.script.push([[machine('pc-1'), machine('pc-2')]], failing, failing, failing);
    assert.deepEqual(await times(4, world.syncDevices), Array<number>(4).fill(15 * minuteMs));
    assert.deepEqual(
      (await world.mirror()).map(({ missed, isGone }) => [missed, isGone]),
      [
        [0, false],
        [0, false],
      ],
    );
    const run = await world.run();
    assert.deepEqual(
      [run.outcome, run.error, run.errors],
      ['failed', 'A nextLink leads to another host.', { protocol: 1 }],
    );
    assert.equal(await world.count('sync_seen_devices'), 0);
  });

  it('calls an error of ours ours, and goes on', async () => {
    world.machines.script.push(
      [() => Promise.reject(new TypeError('undefined is not a function'))],
      [[machine('pc-1')]],
    );
    assert.equal(await world.syncDevices(), 15 * minuteMs);
    const run = await world.run();
    assert.deepEqual(
      [run.errors, run.error],
      [{ program: 1 }, `an error of the program; the log has it under ${run.id}`],
    );
    await world.syncDevices();
    assert.equal((await world.run()).outcome, 'complete');
  });

  it('stops between two pages, goes on at once, and concludes nothing from half a walk', async () => {
    const stopping = new AbortController();
    const stop = () => {
      stopping.abort();
      return Promise.resolve([machine('pc-2')]);
    };
    world.machines.script.push(
      [[machine('pc-1'), machine('pc-2'), machine('pc-3')]],
      [[machine('pc-1')], stop, [machine('pc-3')]],
    );
    await world.syncDevices();
    assert.equal(await world.syncDevices(stopping.signal), 0);
    assert.deepEqual([(await world.run()).errors, await world.count('sync_seen_devices')], [{ interrupted: 1 }, 0]);
    assert.deepEqual(
      (await world.mirror()).map(({ missed }) => missed),
      [0, 0, 0],
    );
  });

  it('concludes nothing when another process held it for dead and forgot what it had met', async () => {
    const takenOver = async () => {
      await base.admin.raw(
        "update sync_runs set outcome = 'failed', finished_at = app.now() where tenant_id = ? and outcome is null",
        [world.tenantId],
      );
      await base.admin('sync_seen_devices').delete();
      return [machine('pc-3')];
    };
    world.machines.script.push([[machine('pc-1'), machine('pc-2'), machine('pc-3')]], [[machine('pc-1')], takenOver]);
    await times(2, world.syncDevices);
    assert.deepEqual(
      (await world.mirror()).map(({ missed }) => missed),
      [0, 0, 0],
    );
    assert.equal((await world.run()).outcome, 'failed');
  });

  it('ends the run of a process that was killed in the middle, and forgets what that one met', async () => {
    const killed = guid('killed');
    await base.admin('sync_runs').insert({ tenant_id: world.tenantId, id: killed, source: 'devices' });
    const running = guid('another source');
    await base.admin('sync_runs').insert({ tenant_id: world.tenantId, id: running, source: 'compliance' });
    for (const run_id of [killed, running])
      await base.admin('sync_seen_devices').insert({ tenant_id: world.tenantId, run_id, device_id: guid('pc') });
    world.machines.script.push([[machine('pc-1')]]);
    await world.syncDevices();
    const ended: unknown = await base.admin('sync_runs').where({ id: killed }).first('outcome', 'errors', 'error');
    assert.deepEqual(ended, {
      outcome: 'failed',
      errors: { interrupted: 1 },
      error: 'the process ended before the run did',
    });
    assert.deepEqual(await base.admin('sync_seen_devices').where({ tenant_id: world.tenantId }).pluck('run_id'), [
      running,
    ]);
  });

  it('goes by the intervals that a tenant sets, for each source', async () => {
    const settings = { syncSeconds: { devices: 60, compliance: 'often' }, alertSyncSeconds: 600 };
    await base
      .admin('tenants')
      .where({ id: world.tenantId })
      .update({ settings: JSON.stringify(settings) });
    assert.equal(await world.syncDevices(), minuteMs);
    assert.equal(await world.syncCompliance(), hourMs);
  });

  it('finds every source of every connected tenant that is due', async () => {
    const [closed, fresh] = [await insertTenant(base.admin), await insertTenant(base.admin)];
    await base.admin('tenants').where({ id: closed.tenantId }).update({ closed_at: new Date() });
    await world.syncDevices();
    const added = new Map<string, readonly string[]>();
    const run: Pick<TaskRun, 'addForTenants'> = {
      addForTenants: (task, tenantIds) => {
        added.set(task, tenantIds);
        return Promise.resolve();
      },
    };
    await scheduleSyncsTask(base.db)({}, run as TaskRun);
    assert.ok(!added.get('sync_vulnerabilities')?.includes(fresh.tenantId), 'its devices come first');
    assert.ok(added.get('sync_devices')?.includes(fresh.tenantId));
    assert.ok(added.get('sync_vulnerabilities')?.includes(world.tenantId));
    const queued: unknown = await base
      .admin('graphile_worker.jobs')
      .where({ key: `${world.tenantId}/sync_vulnerabilities` })
      .first('task_identifier');
    assert.ok(queued, 'they follow at once when the devices were read for the first time');
    assert.deepEqual(
      [...added.keys()],
      ['sync_alerts', 'sync_devices', 'sync_compliance', 'sync_vulnerabilities'].filter((task) => added.has(task)),
    );
    assert.ok(added.get('sync_compliance')?.includes(world.tenantId));
    assert.ok(!added.get('sync_compliance')?.includes(closed.tenantId));
    assert.ok(!added.get('sync_devices')?.includes(world.tenantId), 'not due yet');
    await moveClock(base.admin, '16 minutes');
    assert.ok((await inSystem(base.db, (trx) => dueTenants(trx, 'devices'))).includes(world.tenantId));
  });

  it('runs one sync of a tenant and source at a time, and adds the next one', async () => {
    const added: unknown[] = [];
    const walk = scriptedWalk<ReturnType<typeof machine>>();
    const handler = syncTask(
      { db: base.db, log: pino({ level: 'silent' }), syncSeconds },
      deviceSync({ machines: walk.walk, isolations: sinceTimes(scriptedWalk()) }),
    );
    const asked: string[] = [];
    const runOf = (isFree: boolean) =>
      ({
        signal: new AbortController().signal,
        alone: async <T>(what: string, work: () => Promise<T>) => {
          asked.push(what);
          return isFree ? { result: await work() } : null;
        },
        addLater: (...job: unknown[]) => {
          added.push(job);
          return Promise.resolve();
        },
      }) as Partial<TaskRun> as TaskRun;
    const { tenantId } = world;
    await handler({ tenantId }, runOf(true));
    await handler({ tenantId }, runOf(false));
    const key = `${tenantId}/sync_devices`;
    assert.deepEqual(added, [
      ['sync_devices', { tenantId }, { key, inMs: 15 * minuteMs }],
      ['sync_devices', { tenantId }, { key, inMs: 2_000 }],
    ]);
    assert.deepEqual([asked, walk.asked.length], [Array<string>(2).fill(`sync devices/${tenantId}`), 1]);
  });

  describe('several tenants at once', () => {
    it('never mix a row, though Microsoft gives them the same ids', async () => {
      const worlds = await Promise.all(Array.from({ length: 3 }, () => deviceWorld(base)));
      for (const [n, one] of worlds.entries()) {
        const aadDeviceId = guid('shared');
        const own = Array.from({ length: 20 }, (_, i) => machine(`pc-${i}`, { name: `tenant ${n} pc ${i}` }));
        one.machines.script.push([
          own.slice(0, 10),
          own.slice(10),
          [machine('entra', { aadDeviceId, name: `tenant ${n}` })],
        ]);
        one.managed.script.push([[managed('entra', { aadDeviceId, primaryUser: `user of ${n}` })]]);
      }
      await Promise.all(worlds.flatMap((one) => [one.syncDevices(), one.syncCompliance()]));
      for (const [n, one] of worlds.entries()) {
        const mirror = await one.mirror();
        assert.equal(mirror.length, 21);
        assert.ok(mirror.every(({ name }) => name?.startsWith(`tenant ${n}`)));
        assert.deepEqual(
          mirror.flatMap(({ user }) => user ?? []),
          [`user of ${n}`],
        );
        const own: unknown[] = await base.admin('tenants').where({ id: one.tenantId }).pluck('entra_tenant_id');
        assert.deepEqual([one.machines.asked, one.managed.asked], [own, own]);
      }
    });

    it('go on while one of them fails', async () => {
      const broken = await deviceWorld(base);
      broken.machines.script.push([[machine('pc-1')], () => Promise.reject(new Error('out of order'))]);
      world.machines.script.push([[machine('pc-1')], [machine('pc-2')]]);
      await Promise.all([broken.syncDevices(), world.syncDevices()]);
      assert.deepEqual([(await broken.run()).outcome, (await world.run()).outcome], ['failed', 'complete']);
      assert.equal((await world.mirror()).length, 2);
    });
  });
});
