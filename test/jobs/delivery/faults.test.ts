import assert from 'node:assert/strict';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { addNotice, addThreadLine, insertAlerts, insertChannel, makeStale, outboxStates } from './channel.js';
import type { TestChannel } from './channel.js';
import { createPretendTeams } from './pretend-teams.js';
import type { PretendTeams } from './pretend-teams.js';
import { loopWorld, settled } from './world.js';

describe('what delivery does when Teams says no', () => {
  let base: TestDatabase;
  let channel: TestChannel;
  let alertId: string;
  let teams: PretendTeams;
  let world: ReturnType<typeof loopWorld>;
  before(async () => {
    base = await testDatabase();
    world = loopWorld(base, () => teams);
  });
  beforeEach(async () => {
    teams = createPretendTeams();
    channel = await insertChannel(base.admin);
    [alertId = ''] = await insertAlerts(base.admin, channel.tenantId, ['Case']);
    await makeStale(base, channel, [alertId]);
  });
  afterEach(() => world.stopAll());
  after(() => base.drop());

  const operations = () => teams.journal.map((message) => message.operation);
  const auditActions = () => base.admin('audit_log').where({ tenant_id: channel.tenantId }).pluck('action');

  it('repeats a card post once when nobody knows whether it arrived', async () => {
    teams.faults.push({ fault: 'unknown', accepted: true });
    world.start();
    await settled(base, [channel]);
    assert.deepEqual(operations(), ['post', 'post']);
    assert.deepEqual(await outboxStates(base, channel), ['sent']);
  });

  it('parks a card post whose outcome is unknown twice, tells the audit trail, and goes on behind it', async () => {
    teams.faults.push({ fault: 'unknown', accepted: true }, { fault: 'unknown', accepted: true });
    await addNotice(base, channel, { text: 'Behind it.' });
    world.start();
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['parked', 'sent']);
    assert.deepEqual(
      teams.journal.map((message) => message.words.replace(/.*Case.*/, 'Case')),
      ['Case', 'Case', 'Behind it.'],
    );
    assert.deepEqual(await auditActions(), ['delivery.parked']);
  });

  it('takes a request without an answer for one of unknown outcome', async () => {
    teams.faults.push('hangs');
    world.start({ times: { pollMs: 20, sendMs: 30, backOffMs: 5 } });
    await settled(base, [channel]);
    assert.deepEqual(operations(), ['post']);
    assert.deepEqual(await outboxStates(base, channel), ['sent']);
  });

  it('never repeats a line or a notice', async () => {
    world.start();
    await settled(base, [channel]);
    teams.faults.push({ fault: 'unknown' });
    await addThreadLine(base, channel, alertId, 'A reason');
    await settled(base, [channel]);
    teams.faults.push({ fault: 'unknown' });
    await addNotice(base, channel, { text: 'A notice' });
    await settled(base, [channel]);
    assert.deepEqual(operations(), ['post']);
    assert.deepEqual(await outboxStates(base, channel), ['sent', 'parked', 'parked']);
  });

  it('repeats an update as often as it takes', async () => {
    world.start();
    await settled(base, [channel]);
    teams.faults.push({ fault: 'unknown' }, { fault: 'unknown' }, { fault: 'retry' });
    await makeStale(base, channel, [alertId]);
    await settled(base, [channel]);
    assert.deepEqual(operations(), ['post', 'update']);
  });

  it('waits for as long as Retry-After says, and nothing of the conversation overtakes', async () => {
    teams.faults.push({ fault: 'throttled', retryAfterMs: 400 });
    await addNotice(base, channel, { text: 'Behind it.' });
    const begun = performance.now();
    world.start();
    await settled(base, [channel]);
    assert.deepEqual(operations(), ['post', 'post']);
    assert.match(teams.journal[0]?.words ?? '', /Case/);
    assert.ok((teams.journal[0]?.at ?? 0) - begun >= 400, 'it came too early');
  });

  it('backs off further with every refusal, and forgets it after a success', async () => {
    teams.faults.push({ fault: 'retry' }, { fault: 'retry' }, { fault: 'retry' });
    world.start();
    await settled(base, [channel]);
    const lane = await base
      .admin<{ failures: number; tenant_id: string }>('delivery_lanes')
      .where({ tenant_id: channel.tenantId })
      .first();
    assert.deepEqual(operations(), ['post']);
    assert.equal(lane?.failures, 0);
  });

  it('posts a card again when its activity is gone and work goes on', async () => {
    world.start();
    await settled(base, [channel]);
    teams.forget('activity-1');
    await makeStale(base, channel, [alertId]);
    await settled(base, [channel]);
    await makeStale(base, channel, [alertId]);
    await settled(base, [channel]);
    assert.deepEqual(
      teams.journal.map((message) => [message.operation, message.activityId]),
      [
        ['post', 'activity-1'],
        ['post', 'activity-2'],
        ['update', 'activity-2'],
      ],
    );
  });

  it('forgets a card of finished work when its activity is gone', async () => {
    world.start();
    await settled(base, [channel]);
    teams.forget('activity-1');
    await base.admin('security_alerts').where({ id: alertId }).update({
      status: 'closed_benign',
      assigned_to: channel.analystId,
      assigned_at: base.admin.fn.now(),
      closed_by: channel.analystId,
      closed_at: base.admin.fn.now(),
      closing_notes: 'Known scanner.',
    });
    await makeStale(base, channel, [alertId]);
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['sent', 'dropped']);
    assert.deepEqual(await base.admin('posted_cards').where({ tenant_id: channel.tenantId }), []);
  });

  it('stops when the conversation is lost, and says so to the channels and to the audit trail', async () => {
    await addNotice(base, channel, { text: 'Behind it.' });
    teams.faults.push({ fault: 'lost' });
    world.start();
    await settled(base, [channel]);
    assert.deepEqual(world.lost, [channel.conversationId]);
    assert.deepEqual(await outboxStates(base, channel), ['dropped', 'dropped']);
    assert.deepEqual(await auditActions(), ['delivery.stopped']);
    assert.deepEqual(operations(), []);
  });

  it('parks what Teams will never take', async () => {
    teams.faults.push({ fault: 'invalid' });
    world.start();
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['parked']);
  });
});
