import assert from 'node:assert/strict';
import { SourceError } from '../../../domain/sync/source.js';
import { click } from '../../helpers/builders.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { actionWorld, clockOf, pass, runStep } from './world.js';
import type { ActionWorld } from './world.js';

describe('what is doubtful at Microsoft', () => {
  let base: TestDatabase;
  let on: ActionWorld;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    on = await actionWorld(base);
  });
  after(() => base.drop());

  const orders = () => on.defender.orders.map(({ kind }) => kind);

  it('a mark that a person copied into a reason makes nobody else’s action ours', async () => {
    on.defender.answers.push('never');
    const lost = await on.approved();
    await on.run(lost);
    await pass(base, 11);
    const release = await on.ask('unisolate', { reason: `undoes [ACT-1 avian:${lost}]` });
    await on.run(release);
    on.defender.say('Succeeded');
    await on.run(release);
    await on.run(lost);
    const row = await on.row(lost);
    assert.deepEqual([row.status, row.late_outcome, row.microsoft_action_id], ['timed_out', null, null]);
    assert.equal(await on.isolation(), 'not_isolated');
  });

  it('an action of ours is found although the clocks differ by minutes', async () => {
    on.defender.answers.push('lost');
    const id = await on.approved();
    await on.run(id);
    const [ours] = on.defender.actions;
    if (ours) ours.createdAt = new Date(+clockOf(base) - 20 * 60_000).toISOString();
    await on.run(id);
    assert.equal((await on.row(id)).status, 'pending');
  });

  it('a word that nobody has seen keeps nothing waiting for longer than Microsoft keeps an action', async () => {
    const createdAt = new Date(+clockOf(base) - 75 * 3_600_000).toISOString();
    on.defender.add('Isolate', 'Superseded', on.machineId, { createdAt });
    await on.run(await on.approved('unisolate'));
    assert.deepEqual(orders(), ['unisolate']);
  });

  it('a release ends an isolation that waits, also when another release is under way already; the trail names it', async () => {
    on.defender.add('Unisolate', 'Pending', on.machineId);
    const waiting = on.defender.add('Isolate', 'Pending', on.machineId);
    const id = await on.approved('unisolate');
    await on.run(id);
    assert.deepEqual(on.defender.cancelled, [waiting.id]);
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.is_attached, orders()], ['pending', true, []]);
    const [cleared] = await base
      .admin('audit_log')
      .where({ tenant_id: on.tenantId, entity_id: id, action: 'action.clearedTheWay' })
      .pluck<{ cancelledAtMicrosoft: string }[]>('after');
    assert.equal(cleared?.cancelledAtMicrosoft, waiting.id);
  });

  it('"already in progress", but nothing to be seen: it was not begun, and holds up no other request', async () => {
    on.defender.answers.push('active');
    const id = await on.approved();
    assert.equal(await on.run(id), null);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.result_message?.includes('was not begun')], ['failed', true]);
    await on.run(await on.approved());
    assert.deepEqual(orders(), ['isolate', 'isolate']);
  });

  it('what Microsoft answers with may be somebody else’s, which our queue time does not end', async () => {
    const theirs = on.defender.add('Isolate', 'Pending', on.machineId, { comment: 'begun in the portal' });
    on.defender.ofMachine = () => Promise.resolve([]);
    on.defender.order = () => Promise.resolve({ is: 'accepted', action: { ...theirs } });
    const id = await on.approved();
    await on.run(id);
    assert.deepEqual([(await on.row(id)).status, (await on.row(id)).is_attached], ['pending', true]);
    await pass(base, 25 * 60);
    await on.run(id);
    assert.deepEqual(on.defender.cancelled, []);
  });

  it('our own action that another process has sent is not taken for somebody else’s', async () => {
    on.defender.answers.push('lost');
    const id = await on.approved();
    const ofMachine = on.defender.ofMachine.bind(on.defender);
    on.defender.ofMachine = async (...given) => {
      on.defender.ofMachine = ofMachine;
      await on.run(id);
      return ofMachine(...given);
    };
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.is_attached, orders()], ['pending', false, ['isolate']]);
  });

  it('an approval is not kept for as long as Microsoft throttles, but used within its time or not at all', async () => {
    const id = await on.approved();
    on.defender.faults.push(new SourceError('throttled', 'Defender throttles this tenant.', 3_600_000));
    const wait = (await on.run(id)) ?? 0;
    assert.ok(wait > 60_000 && wait <= 600_001, String(wait));
  });

  it('a device that turns out to be of high value needs approval, and the next request asks for it', async () => {
    const { machineNow } = on.defender;
    assert.ok(machineNow);
    on.defender.machineNow = { ...machineNow, deviceValue: 'High' };
    const id = await on.ask('scan');
    await on.run(id);
    assert.deepEqual([(await on.row(id)).status, orders()], ['failed', []]);
    on.defender.machineNow = { ...machineNow, tags: ['Domain Controller'] };
    assert.equal((await on.row(await on.ask('scan'))).status, 'requested');
  });

  it('a release that nobody knows to have arrived does not keep the device from being released', async () => {
    on.defender.answers.push('never');
    const lost = await on.approved('unisolate');
    await on.run(lost);
    await assert.rejects(on.ask('unisolate'), /a device has one at a time/);
    await pass(base, 11);
    const release = await on.ask('unisolate');
    assert.deepEqual([(await on.row(lost)).status, (await on.row(release)).status], ['timed_out', 'approved']);
    await on.run(release);
    const [ours] = on.defender.actions;
    if (ours) ours.comment = `late [ACT-1 avian:${lost}]`;
    await on.run(lost);
    assert.deepEqual([orders(), on.defender.cancelled], [['unisolate', 'unisolate'], []]);
  });

  it('a refused request to cancel says why, and is repeated ever more rarely', async () => {
    const id = await on.approved();
    await on.run(id);
    on.defender.say('InProgress');
    await on.service.cancel(click(on.ana, id), 'False alarm');
    for (let minutes = 0; minutes < 24 * 60; minutes += 5) {
      await on.run(id);
      await pass(base, 5);
    }
    assert.match((await on.row(id)).result_message ?? '', /did not cancel it: It has ended/);
    assert.ok(on.defender.cancelled.length > 5 && on.defender.cancelled.length < 20, `${on.defender.cancelled.length}`);
  });

  it('nothing is cancelled at Microsoft once this installation sends nothing any more', async () => {
    const id = await on.approved();
    await on.run(id);
    const run = () => runStep({ ...on.context, forceDryRun: true }, on.tenantId, id);
    await on.service.cancel(click(on.ana, id), 'False alarm');
    await run();
    await run();
    const row = await on.row(id);
    assert.deepEqual([row.status, on.defender.cancelled], ['pending', []]);
    assert.match(row.result_message ?? '', /sends nothing to Microsoft/);
  });
});
