import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { openPresence } from '../../../jobs/queue/presence.js';
import { click } from '../../helpers/builders.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { actionWorld, gate, pass, runStep } from './world.js';
import type { ActionWorld } from './world.js';

describe('an isolation leaves for Microsoft at most once', () => {
  let base: TestDatabase;
  let on: ActionWorld;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    on = await actionWorld(base);
  });
  after(() => base.drop());

  const orders = () => on.defender.orders.length;
  const requestOf = (key: string) =>
    on.service.request(click(on.ana, on.deviceId, key), {
      kind: 'isolate',
      cause: { entity: 'device', entityId: on.deviceId },
      parameter: null,
      reason: 'Beacon to a known bad host',
    });

  it('after a double click, and three deliveries of the same click', async () => {
    const key = randomUUID();
    const views = await Promise.all([requestOf(key), requestOf(key), requestOf(key)]);
    const [id = '', ...others] = new Set(views.map(({ view }) => view.action.id));
    assert.deepEqual(others, []);
    const two = await Promise.allSettled([requestOf(randomUUID()), requestOf(randomUUID())]);
    assert.deepEqual(
      two.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await on.approve(id);
    await Promise.all([on.run(id), on.run(id), on.run(id)]);
    assert.equal(orders(), 1);
  });

  it('when two people approve it at once', async () => {
    const id = await on.ask('isolate');
    const done = await Promise.allSettled([on.approve(id, on.maya), on.approve(id, on.mona)]);
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 1);
    await Promise.all([on.run(id), on.run(id)]);
    assert.equal(orders(), 1);
    const row = await on.row(id);
    assert.ok([on.maya.userId, on.mona.userId].includes(row.approved_by ?? ''));
  });

  it('when jobs of it run at once and no lock keeps them apart', async () => {
    const id = await on.approved();
    let arrived = 0;
    const both = gate();
    const ofMachine = on.defender.ofMachine.bind(on.defender);
    on.defender.ofMachine = async (...given) => {
      const listed = await ofMachine(...given);
      if ((arrived += 1) === 2) both.open();
      await both.opened;
      return listed;
    };
    await Promise.all([on.run(id), on.run(id)]);
    assert.equal(orders(), 1);
    assert.equal((await on.row(id)).status, 'pending');
  });

  it('and two processes do not even work on it at once', async () => {
    const id = await on.approved();
    const [one, other] = [await openPresence(base.urls.worker), await openPresence(base.urls.worker)];
    const inside = gate();
    const go = gate();
    on.defender.beforeOrder = () => {
      inside.open();
      return go.opened;
    };
    const { signal } = new AbortController();
    const first = runStep(on.context, on.tenantId, id, signal, (what, work) => one.alone(what, work));
    await inside.opened;
    assert.equal(await runStep(on.context, on.tenantId, id, signal, (what, work) => other.alone(what, work)), 2_000);
    go.open();
    assert.equal(await first, 5_000);
    assert.equal(orders(), 1);
    await Promise.all([one.end(), other.end()]);
  });

  it('when the answer is lost: it is found by its mark, and never sent again', async () => {
    const id = await on.approved();
    on.defender.answers.push('lost');
    assert.equal(await on.run(id), 5_000);
    assert.equal((await on.row(id)).status, 'unknown');
    on.defender.add('Isolate', 'Pending', on.machineId, { comment: 'somebody else, at the same time' });
    await on.run(id);
    const row = await on.row(id);
    assert.equal(row.status, 'pending');
    assert.equal(row.microsoft_action_id, on.defender.actions[1]?.id);
    assert.equal(orders(), 1);
  });

  it('when nothing arrived at Microsoft: it is looked for up to 74 h, and then given up', async () => {
    const id = await on.approved();
    on.defender.answers.push('never');
    const waits = [await on.run(id), await on.run(id), await on.run(id), await on.run(id)];
    assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000]);
    on.defender.add('Isolate', 'Pending', on.machineId, { comment: null });
    await on.run(id);
    assert.equal((await on.row(id)).status, 'unknown', 'an action without our mark is nobody knows whose');
    await pass(base, 74 * 60 + 1);
    assert.equal(await on.run(id), null);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.result_message?.includes('never became known')], ['timed_out', true]);
    assert.equal(orders(), 1);
  });

  it('when Microsoft refuses it, 429 included: it fails and is not repeated', async () => {
    const id = await on.approved();
    on.defender.answers.push({ refused: 'Microsoft is busy: too many requests. Ask for it again.' });
    assert.equal(await on.run(id), null);
    assert.equal(await on.run(id), null);
    const row = await on.row(id);
    assert.deepEqual(
      [row.status, row.result_message],
      ['failed', 'Microsoft is busy: too many requests. Ask for it again.'],
    );
    assert.equal(orders(), 1);
  });

  it('and not at all when one is under way already: that one is followed', async () => {
    const id = await on.approved();
    const theirs = on.defender.add('Isolate', 'InProgress', on.machineId);
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.is_attached, row.microsoft_action_id], ['in_progress', true, theirs.id]);
    assert.equal(orders(), 0);
    theirs.status = 'Succeeded';
    await on.run(id);
    assert.equal(await on.isolation(), 'isolated');
  });

  it('when one began in the moment since we looked: Microsoft says so, and that one is followed', async () => {
    const id = await on.approved();
    on.defender.answers.push('active');
    on.defender.beforeOrder = () => Promise.resolve(void on.defender.add('Isolate', 'Pending', on.machineId));
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.is_attached, orders()], ['pending', true, 1]);
  });

  it('and not while a release is under way at Microsoft', async () => {
    const id = await on.approved();
    on.defender.add('Unisolate', 'Pending', on.machineId);
    assert.equal(await on.run(id), null);
    assert.match((await on.row(id)).result_message ?? '', /release of this device is under way/);
    assert.equal(orders(), 0);
  });

  it('and a release ends an isolation that waits at Microsoft before it goes there itself', async () => {
    const waiting = on.defender.add('Isolate', 'Pending', on.machineId);
    const id = await on.approved('unisolate');
    assert.ok(((await on.run(id)) ?? 0) >= 5_000);
    assert.deepEqual([on.defender.cancelled, orders()], [[waiting.id], 0]);
    await on.run(id);
    assert.deepEqual([orders(), on.defender.orders[0]?.kind], [1, 'unisolate']);
  });

  it('a release takes the place of a request; what was sent without an answer is given up, and reported when it comes', async () => {
    const cancelled = await on.approved();
    const release = await on.ask('unisolate');
    assert.equal((await on.row(cancelled)).status, 'cancelled');
    assert.equal(await on.run(cancelled), null);
    await on.run(release);
    on.defender.say('Succeeded');
    await on.run(release);
    on.defender.answers.push('lost');
    const id = await on.approved();
    await on.run(id);
    const isolation = on.defender.actions[0];
    await pass(base, 11);
    if (isolation) isolation.comment = null;
    const second = await on.ask('unisolate');
    assert.deepEqual([(await on.row(id)).status, (await on.row(second)).status], ['timed_out', 'approved']);
    assert.ok(((await on.run(id)) ?? 0) > 0);
    if (isolation) Object.assign(isolation, { comment: `x [ACT-3 avian:${id}]`, status: 'Succeeded' });
    assert.equal(await on.run(id), null);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.late_outcome, row.next_step_at], ['timed_out', 'Succeeded', null]);
    assert.equal(await on.isolation(), 'isolated');
    const told = (await on.notices()).filter((text) => text.includes('may be isolated again'));
    assert.equal(told.length, 1);
    assert.equal(orders(), 2);
  });

  it('a given up isolation that waits at Microsoft is cancelled there, before it fires after the release', async () => {
    const id = await on.approved();
    on.defender.answers.push('lost');
    await on.run(id);
    const isolation = on.defender.actions[0];
    await pass(base, 11);
    await on.ask('unisolate');
    await on.run(id);
    assert.deepEqual(on.defender.cancelled, [isolation?.id]);
    assert.equal(await on.run(id), null);
    assert.equal((await on.row(id)).late_outcome, 'Cancelled');
    assert.deepEqual(await on.notices(), []);
  });

  it('of two tenants with the same machine, each only by its own request and connection', async () => {
    const other = await actionWorld(base);
    await base.admin('edr_devices').where({ id: other.deviceId }).update({ microsoft_device_id: on.machineId });
    const connections: string[] = [];
    const order = on.defender.order.bind(on.defender);
    on.defender.order = (connection, given, signal) => {
      connections.push(`${connection.tenantId} ${connection.entraTenantId}`);
      return order(connection, given, signal);
    };
    const context = { ...other.context, deviceActions: on.defender };
    const [mine, theirs] = [await on.approved(), await other.approved()];
    assert.equal(await runStep(context, on.tenantId, theirs), null, 'the other tenant does not have it');
    await on.run(mine);
    on.defender.actions.length = 0;
    await runStep(context, other.tenantId, theirs);
    assert.deepEqual(connections, [`${on.tenantId} ${on.entraTenantId}`, `${other.tenantId} ${other.entraTenantId}`]);
  });
});
