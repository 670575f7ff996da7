import assert from 'node:assert/strict';
import { SourceError } from '../../../domain/sync/source.js';
import { click } from '../../helpers/builders.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { actionWorld, pass } from './world.js';
import type { ActionWorld } from './world.js';

describe('the life of a device action', () => {
  let base: TestDatabase;
  let on: ActionWorld;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    on = await actionWorld(base);
  });
  after(() => base.drop());

  it('sends an approved isolation with all names, follows it, and knows that the device is isolated', async () => {
    const id = await on.approved();
    assert.equal(await on.run(id), 5_000);
    const [order] = on.defender.orders;
    assert.deepEqual([order?.kind, order?.parameter, order?.microsoftDeviceId], ['isolate', 'Full', on.machineId]);
    assert.equal(
      order?.comment,
      `Isolate asked for by Ana, approved by Maya: Beacon to a known bad host [ACT-1 avian:${id}]`,
    );
    assert.equal((await on.row(id)).status, 'pending');
    on.defender.say('InProgress');
    assert.equal(await on.run(id), 10_000);
    assert.equal((await on.row(id)).status, 'in_progress');
    on.defender.say('Succeeded');
    assert.equal(await on.run(id), null);
    const done = await on.row(id);
    assert.deepEqual([done.status, done.microsoft_status, done.next_step_at], ['completed', 'Succeeded', null]);
    assert.equal(done.microsoft_action_id, on.defender.actions[0]?.id);
    assert.equal(await on.isolation(), 'isolated');
    assert.deepEqual(await on.states(id), ['action.sent', 'action.pending', 'action.in_progress', 'action.completed']);
  });

  it('names requester, approver, reason and the id of Microsoft in the trail', async () => {
    const id = await on.approved();
    await on.run(id);
    const found: unknown = await base
      .admin('audit_log')
      .where({ tenant_id: on.tenantId, action: 'action.pending' })
      .first();
    const entry = found as { after: Record<string, unknown>; reason: string; actor: string };
    assert.equal(entry.after['requestedBy'], on.ana.userId);
    assert.equal(entry.after['approvedBy'], on.maya.userId);
    assert.equal(entry.after['microsoftActionId'], on.defender.actions[0]?.id);
    assert.deepEqual([entry.reason, entry.actor], ['Beacon to a known bad host', 'device_action']);
  });

  it('refreshes the card with every state', async () => {
    const id = await on.approved();
    const generation = async () => {
      const found: unknown = await base.admin('outbox').where({ tenant_id: on.tenantId, entity_id: id }).first();
      return (found as { generation: number; conversation_id: string }).generation;
    };
    const before = await generation();
    await on.run(id);
    on.defender.say('Succeeded');
    await on.run(id);
    assert.equal(await generation(), before + 2);
  });

  it('asks Microsoft after 5, 10, 20, 40 and 60 s and then every 5 min', async () => {
    const id = await on.approved();
    const waits: (number | null)[] = [];
    for (let n = 0; n < 7; n += 1) waits.push(await on.run(id));
    assert.deepEqual(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 300_000, 300_000]);
  });

  it('keeps words that nobody has seen, and goes on', async () => {
    const id = await on.approved();
    await on.run(id);
    on.defender.say('WaitingForMoon');
    assert.equal(await on.run(id), 10_000);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.microsoft_status], ['pending', 'WaitingForMoon']);
  });

  for (const [word, status] of [
    ['Failed', 'failed'],
    ['TimeOut', 'timed_out'],
    ['Cancelled', 'cancelled'],
  ] as const) {
    it(`ends as ${status} when Microsoft says ${word}, and the device stays as it was`, async () => {
      const id = await on.approved();
      await on.run(id);
      on.defender.say(word);
      assert.equal(await on.run(id), null);
      const row = await on.row(id);
      assert.deepEqual([row.status, row.completed_at !== null], [status, true]);
      assert.ok((row.result_message ?? '').length > 20);
      assert.equal(await on.isolation(), null);
    });
  }

  it('expires a request that nobody approved within 30 min, and one that could not be sent within 10', async () => {
    const id = await on.ask('isolate');
    const wait = (await on.run(id)) ?? 0;
    assert.ok(wait > 590_000 && wait <= 600_001, 'it looks again when people are to be reminded');
    await pass(base, 31);
    assert.equal(await on.run(id), null);
    assert.equal((await on.row(id)).status, 'expired');
    const other = await on.approved();
    on.defender.faults.push(new SourceError('unavailable', 'Defender answered 503.'));
    assert.ok(((await on.run(other)) ?? 0) >= 5_000);
    await pass(base, 11);
    assert.equal(await on.run(other), null);
    const row = await on.row(other);
    assert.deepEqual([row.status, row.sent_at], ['expired', null]);
    assert.match(row.result_message ?? '', /could not be sent/);
    assert.deepEqual(on.defender.orders, []);
  });

  it('never sends what was rejected or cancelled', async () => {
    const rejected = await on.ask('isolate');
    await on.service.reject(click(on.maya, rejected), 'Not on the domain controller');
    assert.equal(await on.run(rejected), null);
    const cancelled = await on.approved();
    await on.service.cancel(click(on.ana, cancelled), 'False alarm');
    assert.equal(await on.run(cancelled), null);
    assert.deepEqual(on.defender.orders, []);
  });

  it('does not send what is cancelled while Microsoft is still looked at', async () => {
    const id = await on.approved();
    const machine = on.defender.machine.bind(on.defender);
    on.defender.machine = async (...given) => {
      await on.service.cancel(click(on.ana, id), 'False alarm');
      return machine(...given);
    };
    await on.run(id);
    assert.equal((await on.row(id)).status, 'cancelled');
    assert.deepEqual(on.defender.orders, []);
  });

  it('waits for a throttled read as long as Microsoft says, and then sends', async () => {
    const id = await on.approved();
    on.defender.faults.push(new SourceError('throttled', 'Defender answered 429.', 30_000));
    assert.equal(await on.run(id), 30_000);
    await on.run(id);
    assert.equal(on.defender.orders.length, 1);
  });

  it('fails with the name of what is missing when Microsoft does not let us', async () => {
    const id = await on.approved();
    on.defender.faults.push(new SourceError('on_hold', 'The permission Machine.Isolate is missing.'));
    assert.equal(await on.run(id), null);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.result_message], ['failed', 'The permission Machine.Isolate is missing.']);
  });

  it('is refused before the call when the machine is not onboarded any more, or gone', async () => {
    const id = await on.approved();
    on.defender.machineNow = {
      ...{ health: null, onboarding: 'CanBeOnboarded', operatingSystem: null, osVersion: null },
      ...{ deviceValue: null, tags: [] },
    };
    await on.run(id);
    assert.match((await on.row(id)).result_message ?? '', /not onboarded/);
    const other = await on.approved();
    on.defender.machineNow = null;
    await on.run(other);
    assert.equal((await on.row(other)).status, 'failed');
    assert.deepEqual(on.defender.orders, []);
  });

  it('does not scan a server that nobody knew to be one, without approval', async () => {
    on = await actionWorld(base, { operatingSystem: null });
    const id = await on.ask('scan');
    assert.equal((await on.row(id)).status, 'approved');
    on.defender.machineNow = {
      health: 'Active',
      onboarding: 'Onboarded',
      operatingSystem: 'WindowsServer2022',
      osVersion: null,
      deviceValue: 'Normal',
      tags: [],
    };
    await on.run(id);
    assert.match((await on.row(id)).result_message ?? '', /is a server/);
    const again = await on.ask('scan');
    assert.equal((await on.row(again)).status, 'requested');
    assert.deepEqual(on.defender.orders, []);
  });

  it('does everything but the call in a dry run, whoever wants one', async () => {
    on = await actionWorld(base, { actions: { dryRun: true } });
    const id = await on.approved();
    assert.equal(await on.run(id), null);
    const row = await on.row(id);
    assert.deepEqual(
      [row.status, row.is_dry_run, row.result_message],
      ['completed', true, 'Dry run: nothing was sent to Microsoft.'],
    );
    on = await actionWorld(base, { context: { forceDryRun: true } });
    const forced = await on.approved();
    await on.run(forced);
    assert.equal((await on.row(forced)).is_dry_run, true);
    on = await actionWorld(base, { context: { deviceActions: null } });
    const alone = await on.approved();
    await on.run(alone);
    assert.equal((await on.row(alone)).status, 'failed');
    assert.equal(await on.isolation(), null);
    assert.deepEqual(on.defender.orders, []);
  });

  it('cancels a queued isolation of an offline device when its queue time is over', async () => {
    const id = await on.approved();
    await on.run(id);
    await pass(base, 23 * 60);
    await on.run(id);
    assert.deepEqual(on.defender.cancelled, []);
    await pass(base, 62);
    assert.equal(await on.run(id), null);
    const row = await on.row(id);
    assert.deepEqual([row.status, on.defender.cancelled.length], ['cancelled', 1]);
    assert.match(row.result_message ?? '', /did not come online within 24 h/);
    assert.deepEqual((await on.states(id)).slice(-2), ['action.cancelSent', 'action.cancelled']);
  });

  it('cancels at Microsoft when a person wants it, once in 5 min, and says so when it was too late', async () => {
    const id = await on.approved();
    await on.run(id);
    on.defender.say('InProgress');
    await on.service.cancel(click(on.ana, id), 'False alarm');
    assert.equal(await on.run(id), 10_000);
    await on.run(id);
    assert.equal(on.defender.cancelled.length, 1);
    await pass(base, 6);
    await on.run(id);
    assert.equal(on.defender.cancelled.length, 2);
    on.defender.say('Succeeded');
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, await on.isolation()], ['completed', 'isolated']);
    assert.match(row.result_message ?? '', /before it could be cancelled/);
  });

  it('gives up after 74 h without an end', async () => {
    const id = await on.approved();
    await on.run(id);
    on.defender.say('InProgress');
    await pass(base, 74 * 60 + 1);
    assert.equal(await on.run(id), null);
    assert.equal((await on.row(id)).status, 'timed_out');
  });

  it('says that the device is released, and after a selective isolation what is left of it', async () => {
    await on.approved('unisolate').then(async (id) => {
      await on.run(id);
      on.defender.say('Succeeded');
      await on.run(id);
    });
    assert.equal(await on.isolation(), 'not_isolated');
    const cause = { entity: 'device', entityId: on.deviceId } as const;
    const order = { kind: 'isolate', cause, parameter: 'Selective', reason: 'Mail must go on' } as const;
    const { view } = await on.service.request(click(on.ana, on.deviceId), order);
    await on.approve(view.action.id);
    await on.run(view.action.id);
    on.defender.say('Succeeded');
    await on.run(view.action.id);
    assert.equal(await on.isolation(), 'selectively_isolated');
  });
});
