import assert from 'node:assert/strict';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { guid, machine, machineId } from './device-records.js';
import { ingest, sourceAlert, sourceDevice } from '../../helpers/builders.js';
import { deviceWorld } from './device-world.js';
import { fault } from './scripted-source.js';

const quarterMs = 900_000;

describe('syncing devices', () => {
  let base: TestDatabase;
  let world: Awaited<ReturnType<typeof deviceWorld>>;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    world = await deviceWorld(base);
  });
  after(() => base.drop());

  const outcome = async () => {
    const run = await world.run();
    return [run.outcome, run.read_count, run.new_count, run.changed_count, run.unchanged_count, run.removed_count];
  };
  const version = (word: string) =>
    base
      .admin('edr_devices')
      .where({ tenant_id: world.tenantId, microsoft_device_id: machineId(word) })
      .select(base.admin.raw('xmin::text'), 'updated_at');

  const alertOf = async (word: string) => {
    const found: unknown[] = await base
      .admin('security_alerts')
      .where({ tenant_id: world.tenantId, device_id: await world.deviceId('microsoft', word) })
      .pluck('id');
    return found[0];
  };

  it('mirrors what Defender reports, page by page, and says how far it is', async () => {
    const tagged = machine('pc-1', { risk: 'High', tags: ['vip', 'berlin'], aadDeviceId: guid('pc-1') });
    world.machines.script.push([[tagged, machine('pc-2')], [machine('pc-3', { risk: 'Weird' })]]);
    assert.equal(await world.syncDevices(), quarterMs);
    const [pc1, pc3] = [await world.device('microsoft', 'pc-1'), await world.device('microsoft', 'pc-3')];
    assert.deepEqual([pc1.name, pc1.risk, pc1.tags, pc1.aad], ['pc-1', 90, ['vip', 'berlin'], guid('pc-1')]);
    assert.equal(pc1.lastSeen?.toISOString(), '2026-03-01T08:00:00.765Z');
    assert.equal(pc3.risk, null);
    assert.deepEqual(await outcome(), ['complete', 3, 3, 0, 0, 0]);
    const runId = (await world.run()).id;
    assert.deepEqual(world.progress.at(-1), { tenantId: world.tenantId, source: 'devices', runId, pages: 2, read: 3 });
    assert.ok(world.progress.some(({ pages }) => pages === 1));
    assert.equal(await world.isPostureDue(), true);
    assert.equal(await world.count('sync_seen_devices'), 0);
  });

  it('writes only what changed', async () => {
    world.machines.script.push(
      [[machine('pc-1'), machine('pc-2')]],
      [[machine('pc-1', { risk: 'High' }), machine('pc-2')]],
    );
    await world.syncDevices();
    const before = await version('pc-2');
    await world.syncDevices();
    assert.deepEqual(await outcome(), ['complete', 2, 0, 1, 1, 0]);
    assert.deepEqual(await version('pc-2'), before);
    assert.equal((await world.device('microsoft', 'pc-1')).risk, 90);
  });

  it('keeps the row of a device that is renamed, and makes one for a device that is reinstalled', async () => {
    world.machines.script.push(
      [[machine('pc-1')]],
      [[machine('pc-1', { name: 'pc-one' }), machine('new', { name: 'pc-one' })]],
    );
    await world.syncDevices();
    const id = await world.deviceId('microsoft', 'pc-1');
    await world.syncDevices();
    assert.equal(await world.deviceId('microsoft', 'pc-1'), id);
    assert.deepEqual(
      (await world.mirror()).map(({ name, supersededBy }) => [name, supersededBy]),
      [
        ['pc-one', null],
        ['pc-one', null],
      ],
      'the same name on two devices says nothing',
    );
  });

  it('never invents when a device was seen, and keeps what it knows', async () => {
    world.machines.script.push(
      [[machine('pc-1', { lastSeenAt: null, firstSeenAt: null })]],
      [[machine('pc-1', { lastSeenAt: '2026-03-02T00:00:00Z' })]],
      [[machine('pc-1', { lastSeenAt: null, name: null, risk: null })]],
    );
    await world.syncDevices();
    assert.equal((await world.device('microsoft', 'pc-1')).lastSeen, null);
    await world.syncDevices();
    await world.syncDevices();
    const { lastSeen, name, risk } = await world.device('microsoft', 'pc-1');
    assert.deepEqual([lastSeen?.toISOString(), name, risk], ['2026-03-02T00:00:00.000Z', 'pc-1', null]);
  });

  it('makes whole devices of what only alerts named, which keep their alerts', async () => {
    const named = { microsoftDeviceId: machineId('pc-1'), name: 'PC-1', risk: 'high' };
    await ingest(base.db, world.tenantId, [sourceAlert({ device: sourceDevice(named) })]);
    const id = await world.deviceId('microsoft', 'pc-1');
    world.machines.script.push([[machine('pc-1')]]);
    await world.syncDevices();
    assert.deepEqual(
      [await world.deviceId('microsoft', 'pc-1'), (await world.device('microsoft', 'pc-1')).isStub],
      [id, false],
    );
    assert.deepEqual(await base.admin('security_alerts').where({ tenant_id: world.tenantId }).pluck('device_id'), [id]);
  });

  it('leaves what people do with a device alone', async () => {
    world.machines.script.push([[machine('pc-1')]], [[machine('pc-1', { health: 'Inactive' })]]);
    await world.syncDevices();
    const theirs = { isolation_state: 'isolated', version: 7 };
    await base.admin('edr_devices').where({ tenant_id: world.tenantId }).update(theirs);
    await world.syncDevices();
    const found: unknown = await base
      .admin('edr_devices')
      .where({ tenant_id: world.tenantId })
      .first(Object.keys(theirs));
    assert.deepEqual(found, theirs);
  });

  it('redraws the posted cards of open work whose device is another one now, and no others', async () => {
    const device = (word: string) => sourceDevice({ microsoftDeviceId: machineId(word) });
    const { ids } = await ingest(base.db, world.tenantId, [
      sourceAlert({ device: device('pc-1') }),
      sourceAlert({ device: device('pc-2') }),
    ]);
    const [conversationId] = (await base
      .admin('channel_links')
      .where({ tenant_id: world.tenantId })
      .pluck('conversation_id')) as string[];
    for (const entity_id of ids)
      await base.admin('posted_cards').insert({
        tenant_id: world.tenantId,
        conversation_id: conversationId,
        entity_type: 'alert',
        entity_id,
        activity_id: entity_id,
        card_schema: 1,
      });
    const lastSeenAt = '2026-03-09T00:00:00Z';
    world.machines.script.push(
      [[machine('pc-1'), machine('pc-2')]],
      [[machine('pc-1', { risk: 'High' }), machine('pc-2', { lastSeenAt })]],
    );
    await world.syncDevices();
    await world.forgetNotices();
    await world.syncDevices();
    const stale = await base.admin('outbox').where({ tenant_id: world.tenantId, kind: 'card' }).pluck('entity_id');
    assert.deepEqual(stale, [await alertOf('pc-1')]);
  });

  describe('devices that are missing', () => {
    const both = [[machine('pc-1'), machine('pc-2')]];
    const one = [[machine('pc-2')]];
    const gone = async () => (await world.mirror()).filter(({ isGone }) => isGone).map(({ name }) => name);

    it('are gone after two complete walks in a row, and back when they are met again', async () => {
      world.machines.script.push(both, one, both, one, one, one);
      for (let n = 0; n < 4; n += 1) await world.syncDevices();
      assert.deepEqual([await gone(), (await world.device('microsoft', 'pc-1')).missed], [[], 1]);
      await world.syncDevices();
      assert.deepEqual([await gone(), await outcome()], [['pc-1'], ['complete', 1, 0, 0, 1, 1]]);
      await world.syncDevices();
      assert.deepEqual(
        [(await world.device('microsoft', 'pc-1')).missed, await outcome()],
        [2, ['complete', 1, 0, 0, 1, 0]],
      );
      world.machines.script.push(both);
      await world.syncDevices();
      assert.deepEqual([await gone(), (await world.device('microsoft', 'pc-1')).missed], [[], 0]);
    });

    it('do not count after walks that failed, were partial, or met nothing at all', async () => {
      const failing = [...one, fault('unavailable', 'Defender answered 503.')];
      const partial = [{ items: [machine('pc-2')], partial: true }];
      world.machines.script.push(both, failing, partial, [], [[]], failing);
      const outcomes = [];
      for (let n = 0; n < 6; n += 1) {
        await world.syncDevices();
        outcomes.push((await world.run()).outcome);
      }
      assert.deepEqual(outcomes, ['complete', 'failed', 'partial', 'complete', 'complete', 'failed']);
      assert.deepEqual(
        (await world.mirror()).map(({ missed }) => missed),
        [0, 0],
      );
      const errors = await base
        .admin('sync_runs')
        .where({ tenant_id: world.tenantId })
        .orderBy('started_at')
        .pluck('errors');
      assert.deepEqual(errors, [{}, { unavailable: 1 }, {}, { empty: 1 }, { empty: 1 }, { unavailable: 1 }]);
    });

    it('are not those whose record cannot be read', async () => {
      const broken = [{ items: [machine('pc-2')], malformed: [{ which: machineId('pc-1'), why: 'no health' }] }];
      world.machines.script.push(both, broken, one, broken, one);
      for (let n = 0; n < 5; n += 1) await world.syncDevices();
      assert.deepEqual([await gone(), (await world.device('microsoft', 'pc-1')).missed], [[], 1]);
    });

    it('are not those that an alert named while the walk went on', async () => {
      const duringWalk = async () => {
        const device = sourceDevice({ microsoftDeviceId: machineId('pc-9') });
        await ingest(base.db, world.tenantId, [sourceAlert({ device })]);
        return [machine('pc-2')];
      };
      world.machines.script.push([[machine('pc-1')], duringWalk]);
      await world.syncDevices();
      assert.equal((await world.device('microsoft', 'pc-9')).missed, 0);
    });
  });

  describe('records of one Entra device', () => {
    const aadDeviceId = guid('entra');
    const old = machine('old', { aadDeviceId, lastSeenAt: '2026-02-01T00:00:00Z' });
    const current = machine('current', { aadDeviceId, lastSeenAt: '2026-03-01T00:00:00Z' });
    const superseded = async () =>
      (await world.mirror()).map(({ name, supersededBy }) => [name, supersededBy]).toSorted();
    const expected = [
      ['current', null],
      ['old', machineId('current')],
    ];

    it('stay two rows, the older one superseded, in whatever order they come', async () => {
      for (const pages of [[[old, current]], [[current, old]], [[old], [current]], [[current], [old]]]) {
        world = await deviceWorld(base);
        world.machines.script.push(pages);
        await world.syncDevices();
        assert.deepEqual(await superseded(), expected);
      }
    });

    it('change places when the older one is seen again, and when the newer one is gone', async () => {
      const seen = { ...old, lastSeenAt: '2026-04-01T00:00:00Z' };
      world.machines.script.push([[old, current]], [[seen, current]]);
      await world.syncDevices();
      await world.syncDevices();
      assert.deepEqual(await superseded(), [
        ['current', machineId('old')],
        ['old', null],
      ]);
      world.machines.script.push([[current]], [[current]]);
      await world.syncDevices();
      await world.syncDevices();
      assert.deepEqual(await superseded(), expected);
    });

    it('are not superseded any more by one that turns out to be another device', async () => {
      world.machines.script.push([[old, current]], [[old], [{ ...current, aadDeviceId: guid('another') }]]);
      await world.syncDevices();
      await world.syncDevices();
      assert.deepEqual(await superseded(), [
        ['current', null],
        ['old', null],
      ]);
    });

    it('are told apart by first seen and then by id when they were seen at the same moment', async () => {
      const [low = '', high = ''] = ['a', 'b'].toSorted((x, y) => (machineId(x) < machineId(y) ? -1 : 1));
      const at = (word: string, firstSeenAt: string | null) =>
        machine(word, { aadDeviceId, lastSeenAt: null, firstSeenAt });
      world.machines.script.push([[at('a', null), at('b', null)]], [[at(low, '2026-01-01T00:00:00Z'), at(high, null)]]);
      await world.syncDevices();
      assert.equal((await world.device('microsoft', low)).supersededBy, machineId(high));
      await world.syncDevices();
      assert.equal((await world.device('microsoft', high)).supersededBy, machineId(low));
    });

    it('neither supersede nor are superseded while only alerts name one of them', async () => {
      const [low = '', high = ''] = ['a', 'b'].toSorted((x, y) => (machineId(x) < machineId(y) ? -1 : 1));
      for (const [walked, named] of [
        [low, high],
        [high, low],
      ] as const) {
        world = await deviceWorld(base);
        const known = machine(walked, { aadDeviceId, lastSeenAt: null, firstSeenAt: null });
        world.machines.script.push([[known]]);
        await world.syncDevices();
        const device = sourceDevice({ microsoftDeviceId: machineId(named), aadDeviceId: aadDeviceId.toUpperCase() });
        await ingest(base.db, world.tenantId, [sourceAlert({ device })]);
        await world.syncDevices();
        const pointers = (await world.mirror()).map(({ supersededBy }) => supersededBy);
        assert.deepEqual(pointers, [null, null]);
        world.machines.script.push([[known, machine(named, { aadDeviceId })]]);
        await world.syncDevices();
        assert.equal((await world.device('microsoft', walked)).supersededBy, machineId(named));
      }
    });
  });

  describe('records that are not as they should be', () => {
    it('are skipped one by one when the database refuses them, and named', async () => {
      const bad = [
        machine('no time', { lastSeenAt: 'the day before yesterday' }),
        machine('far', { firstSeenAt: '+200000-01-01T00:00:00Z' }),
        machine('long', { microsoftDeviceId: 'x'.repeat(300) }),
      ];
      world.machines.script.push([[machine('pc-1'), ...bad, machine('pc-2'), machine('pc-2')]]);
      await world.syncDevices();
      const run = await world.run();
      assert.deepEqual([run.outcome, run.new_count, run.unchanged_count, run.read_count], ['complete', 2, 1, 6]);
      assert.deepEqual([run.malformed_count, run.errors], [3, { malformed: 3 }]);
      const named = (run.malformed_examples as { which: string }[]).map(({ which }) => which);
      assert.deepEqual(named, [...bad.slice(0, 2).map((one) => one.microsoftDeviceId), 'x'.repeat(200)]);
      assert.equal((await world.mirror()).length, 2);
    });

    it('are kept as they are where they are only odd', async () => {
      const odd = machine('odd', {
        health: 'NeverSeenBefore'.repeat(10),
        name: '\u0000\ud800 pc\u202e',
        tags: Array.from({ length: 80 }, (_, n) => `tag ${n}`),
        osVersion: 'x'.repeat(5_000),
      });
      world.machines.script.push([[odd]]);
      await world.syncDevices();
      const { health, name, tags, version: os } = await world.device('microsoft', 'odd');
      assert.deepEqual([health?.length, name, tags.length, os?.length], [50, '\ufffd pc\u202e', 50, 100]);
    });
  });
});
