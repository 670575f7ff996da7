import assert from 'node:assert/strict';
import { pino } from 'pino';
import { roles } from '../../domain/access/actor.js';
import type { Actor } from '../../domain/access/actor.js';
import { grantOf } from '../../domain/access/capabilities.js';
import { grantInstallationAdmin } from '../../domain/access/provision.js';
import { createServices } from '../../domain/create-services.js';
import { DomainError } from '../../domain/errors.js';
import type { SyncOrder, SyncService } from '../../domain/services.js';
import { syncSources } from '../../domain/sync/source.js';
import type { SourceStatus } from '../../domain/sync/sync-status.js';
import { vulnerabilitySync } from '../../jobs/sync/vulnerabilities.js';
import { createWorker } from '../../jobs/worker.js';
import type { TaskHandlers } from '../../jobs/queue/tasks.js';
import { complianceSync } from '../../jobs/sync/compliance.js';
import { runSync } from '../../jobs/sync/run.js';
import { syncTask } from '../../jobs/tasks/sync-sources.js';
import { actorIn } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { handlersWith } from '../jobs/queue/idle-handlers.js';
import { machine, managed } from '../jobs/sync/device-records.js';
import { deviceWorld } from '../jobs/sync/device-world.js';
import { fault } from '../jobs/sync/scripted-source.js';
import { syncSeconds } from '../jobs/sync/world.js';

const log = pino({ level: 'silent' });

describe('a sync on command', () => {
  let base: TestDatabase;
  let syncs: SyncService;
  let world: Awaited<ReturnType<typeof deviceWorld>>;
  let mia: Actor;
  before(async () => {
    base = await testDatabase();
    syncs = createServices({ db: base.db }).syncs;
  });
  beforeEach(async () => {
    world = await deviceWorld(base);
    mia = await actorIn(base.admin, world.tenantId, 'tenant_admin', 'Mia');
    await forgetJobs();
  });
  after(() => base.drop());

  let said = 0;
  const order = (given: Partial<SyncOrder> = {}): SyncOrder => ({
    actor: mia,
    activityId: null,
    idempotencyKey: `message ${(said += 1)}`,
    sources: ['devices'],
    full: false,
    ...given,
  });
  const intune = { sources: ['compliance'] } as const;
  const waiting = () =>
    base
      .admin<{ id: string; key: string; task_identifier: string; run_at: Date }>('graphile_worker.jobs')
      .where('key', 'like', `${world.tenantId}/sync%`)
      .orderBy('id');
  const forgetJobs = () => base.admin('graphile_worker._private_jobs').delete();
  const jobs = async () => (await waiting()).map((job) => job.task_identifier);
  const trail = async (action: string) => {
    const rows: { outcome: string; after: object; actor: string }[] = await base
      .admin('audit_log')
      .where({ tenant_id: world.tenantId, action })
      .orderBy('id')
      .select('outcome', 'after', 'actor');
    return rows;
  };
  const status = async (source: SourceStatus['source'] = 'devices') => {
    const found = (await syncs.status(mia)).sources.find((one) => one.source === source);
    assert.ok(found);
    return found;
  };
  const outcomes = async (given: Partial<SyncOrder> = {}) =>
    (await syncs.start(order(given))).outcomes.map(({ source, outcome }) => `${source} ${outcome}`);

  const signal = () => {
    let fire: () => void = () => undefined;
    const fired = new Promise<void>((resolve) => (fire = resolve));
    return { fire, fired };
  };
  /** While the real queue is at work. */
  const working = async (handlers: Partial<TaskHandlers>, work: () => Promise<void>) => {
    const worker = createWorker({ url: base.urls.worker, handlers: handlersWith(handlers), log, pollMs: 50 });
    await worker.start();
    try {
      await work();
    } finally {
      await worker.stop();
    }
  };

  it('is due at once, whatever it waited for: a job for each source, the waiting one replaced, and a line in the trail', async () => {
    await world.syncDevices();
    await base
      .admin('sync_runs')
      .where({ tenant_id: world.tenantId })
      .update({ started_at: new Date(0) });
    const { view, outcomes: begun } = await syncs.start(order({ sources: ['vulnerabilities', 'devices', 'alerts'] }));
    assert.deepEqual(begun, [
      { source: 'alerts', outcome: 'begins' },
      { source: 'devices', outcome: 'begins' },
      { source: 'vulnerabilities', outcome: 'begins' },
    ]);
    assert.deepEqual((await jobs()).toSorted(), ['sync_alerts', 'sync_devices', 'sync_vulnerabilities']);
    assert.deepEqual(
      view.sources.map(({ source, nextRunAt }) => [source, nextRunAt && nextRunAt <= view.now]),
      [
        ['alerts', true],
        ['devices', true],
        ['compliance', null],
        ['vulnerabilities', true],
      ],
    );
    const after = { full: false, alerts: 'begins', devices: 'begins', vulnerabilities: 'begins' };
    assert.deepEqual(await trail('sync.start'), [{ outcome: 'done', after, actor: mia.userId }]);
  });

  it('said five times at once is one run, also when the run has begun in between', async () => {
    const read = signal();
    const ended = signal();
    const reading = async () => {
      await Promise.all(Array.from({ length: 3 }, () => syncs.start(order(intune))));
      read.fire();
      return [managed('pc-1')];
    };
    world.managed.script.push([reading]);
    const sources = { managedDevices: world.managed.walk, failedRules: world.rules.walk };
    const handler = syncTask({ db: base.db, log, syncSeconds }, complianceSync(sources));
    const sync_compliance: TaskHandlers['sync_compliance'] = async (payload, run) => {
      await handler(payload, run);
      ended.fire();
    };
    await working({ sync_compliance }, async () => {
      await Promise.all(Array.from({ length: 5 }, () => syncs.start(order(intune))));
      await Promise.all([read.fired, ended.fired]);
    });
    const runs: unknown[] = await base.admin('sync_runs').whereRaw('tenant_id = ?', [world.tenantId]).select('id');
    assert.deepEqual([runs.length, world.managed.asked.length], [1, 1]);
    const [next, ...more] = await waiting();
    assert.ok(next && next.run_at.getTime() > Date.now() + 30 * 60_000, 'the next one, in an hour');
    assert.deepEqual(more, []);
  });

  it('is not run again for what a complete run has read a moment ago, but after one that was not complete', async () => {
    const lastRun = (changes: string) =>
      base.admin.raw(`update sync_runs set ${changes} where tenant_id = ?`, [world.tenantId]);
    await world.syncDevices();
    await forgetJobs();
    await lastRun("started_at = app.now() + interval '1 minute'");
    assert.deepEqual(await outcomes(), ['devices just_read']);
    await lastRun("outcome = 'partial'");
    assert.deepEqual(await outcomes(), ['devices begins']);
    assert.deepEqual(await jobs(), ['sync_devices']);
  });

  it('delivered three times is asked once, and shows how it stands each time', async () => {
    const same = order();
    const answers = await Promise.all([syncs.start(same), syncs.start(same), syncs.start(same)]);
    assert.deepEqual(answers.map(({ outcomes: begun }) => begun.length).toSorted(), [0, 0, 1]);
    assert.ok(answers.every(({ view }) => view.sources.length === syncSources.length));
    assert.deepEqual([await jobs(), (await trail('sync.start')).length], [['sync_devices'], 1]);
  });

  it('lifts a hold only by a run that succeeds, and looks again at what the tenant did not have', async () => {
    world.machines.script.push(
      [fault('on_hold', 'No consent.')],
      [fault('on_hold', 'No consent.')],
      [[machine('pc-1')]],
    );
    world.managed.script.push([fault('not_licensed', 'No Intune.')], [[]]);
    await world.syncDevices();
    await world.syncCompliance();
    const held = await status();
    assert.deepEqual([held.hold?.reason, held.hold?.partly, held.lastSuccessAt], ['No consent.', false, null]);
    assert.deepEqual([held.lastRun?.outcome, held.lastRun?.error], ['held', 'No consent.']);
    assert.deepEqual(await outcomes({ sources: ['devices', 'compliance'] }), ['devices begins', 'compliance begins']);
    assert.equal((await status()).hold?.reason, 'No consent.', 'until the run succeeds');
    await world.syncDevices();
    assert.equal((await status()).hold?.reason, 'No consent.');
    assert.deepEqual(await outcomes(), ['devices begins']);
    await world.syncDevices();
    assert.equal((await status()).hold, null);
    assert.notEqual((await status('compliance')).unlicensedSince, null);
    await world.syncCompliance();
    assert.equal((await status('compliance')).unlicensedSince, null);
  });

  it('shows a run that goes on, then what it read, changed and skipped, with examples', async () => {
    const seen: SourceStatus[] = [];
    const look = async () => {
      seen.push(await status());
      return [];
    };
    const malformed = [{ which: 'dev-9', why: 'computerDnsName is no text' }];
    world.machines.script.push([[machine('pc-1'), machine('pc-2')], { malformed }, look]);
    await world.syncDevices();
    const [then] = seen;
    assert.deepEqual([then?.underWay?.pages, then?.underWay?.read, then?.lastRun], [2, 3, null]);
    const now = await status();
    assert.equal(now.underWay, null);
    const { outcome, kind, read, new: made, skipped, examples } = now.lastRun ?? assert.fail('no run');
    assert.deepEqual(
      { outcome, kind, read, made, skipped, examples },
      { outcome: 'complete', kind: 'full', read: 3, made: 2, skipped: 1, examples: malformed },
    );
    assert.ok(now.lastSuccessAt && now.nextRunAt && now.nextRunAt > now.lastSuccessAt);
  });

  it('reads all vulnerabilities when everything is asked for, also when changes are being read just now', async () => {
    const kinds = (): Promise<string[]> =>
      base
        .admin('sync_runs')
        .whereRaw("tenant_id = ? and source = 'vulnerabilities'", [world.tenantId])
        .orderBy('started_at')
        .pluck('kind');
    const nothing = async function* () {
      await Promise.resolve();
      yield { items: [], malformed: [], partial: false };
    };
    let meanwhile = () => Promise.resolve();
    const changes = async function* () {
      await meanwhile();
      yield { items: [], malformed: [], partial: false };
    };
    const sync = vulnerabilitySync({ exposures: nothing, changes, cves: nothing });
    const run = () => runSync(world.context, sync, world.tenantId, new AbortController().signal);
    const all = { sources: ['vulnerabilities'], full: true } as const;
    await world.syncDevices();
    await run();
    await run();
    assert.deepEqual(await kinds(), ['full', 'delta']);
    assert.deepEqual(await outcomes(all), ['vulnerabilities begins']);
    await run();
    meanwhile = async () => assert.deepEqual(await outcomes(all), ['vulnerabilities begins']);
    await run();
    await run();
    await run();
    assert.deepEqual(await kinds(), ['full', 'delta', 'full', 'delta', 'full', 'delta']);
  });

  it('is for admins: every other role is refused, and the trail says so', async () => {
    for (const role of [...roles, 'stranger'] as const) {
      const actor = { ...mia, role: role as Actor['role'] };
      const attempts = [syncs.status(actor), syncs.start(order({ actor }))];
      for (const attempt of await Promise.allSettled<unknown>(attempts)) {
        if (grantOf(actor.role, 'administer') === 'yes') assert.equal(attempt.status, 'fulfilled', role);
        else assert.ok(attempt.status === 'rejected' && attempt.reason instanceof DomainError, role);
      }
    }
    const refused = (await trail('sync.start')).filter(({ outcome }) => outcome === 'refused');
    assert.deepEqual([refused.length, (await trail('read')).length], [4, 4]);
  });

  it('concerns one tenant: another sees nothing of it, and its admin starts nothing there', async () => {
    const other = await deviceWorld(base);
    world.machines.script.push([fault('on_hold', 'No consent of Contoso.')]);
    await world.syncDevices();
    const admin = await actorIn(base.admin, other.tenantId, 'tenant_admin');
    const { view } = await syncs.start(order({ actor: admin }));
    assert.deepEqual(
      [view.tenantId, view.sources.filter(({ hold, lastRun }) => hold ?? lastRun)],
      [other.tenantId, []],
    );
    assert.deepEqual(await jobs(), []);
    assert.equal((await status()).hold?.reason, 'No consent of Contoso.');
  });

  it('of an installation admin gives the grant a row in the tenant', async () => {
    const elsewhere = await insertTenant(base.admin);
    const root = await actorIn(base.admin, elsewhere.tenantId, 'user', 'Root');
    await grantInstallationAdmin(base.admin, root.entraTenantId, root.aadObjectId);
    await syncs.start(order({ actor: { ...root, tenantId: world.tenantId, role: 'super_admin' } }));
    assert.equal((await trail('member.admit')).length, 1);
  });

  it('has nothing to read in a tenant without a Microsoft tenant', async () => {
    await base.admin('tenants').where({ id: world.tenantId }).update({ entra_tenant_id: null });
    await assert.rejects(syncs.start(order()), /nothing to read/);
    assert.deepEqual([(await syncs.status(mia)).isConnected, await jobs()], [false, []]);
  });
});
