import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inTenant } from '../../../database/transaction.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { addNotice, addThreadLine, insertAlerts, insertChannel, makeStale, outboxStates } from './channel.js';
import type { TestChannel } from './channel.js';
import { createPretendTeams } from './pretend-teams.js';
import type { PretendTeams } from './pretend-teams.js';
import { loopWorld, settled } from './world.js';

describe('delivering cards, lines and notices', () => {
  let base: TestDatabase;
  let channel: TestChannel;
  let teams: PretendTeams;
  const world = () => loop;
  let loop: ReturnType<typeof loopWorld>;
  before(async () => {
    base = await testDatabase();
    loop = loopWorld(base, () => teams);
  });
  beforeEach(async () => {
    teams = createPretendTeams();
    channel = await insertChannel(base.admin);
  });
  afterEach(() => loop.stopAll());
  after(() => base.drop());

  const wordsOf = () => teams.journal.map((message) => `${message.operation}: ${message.words}`);

  it('posts each card once, in the order in which the alerts came', async () => {
    const titles = Array.from({ length: 30 }, (_, n) => `Alert number ${n}`);
    await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, titles));
    world().start();
    await settled(base, [channel]);
    assert.equal(teams.journal.length, 30);
    teams.journal.forEach((message, n) => assert.match(message.words, new RegExp(`Alert number ${n} `)));
  });

  it('merges refreshes that wait, and shows the newest state', async () => {
    const [alertId = ''] = await insertAlerts(base.admin, channel.tenantId, ['First title']);
    for (let n = 0; n < 5; n += 1) await makeStale(base, channel, [alertId]);
    await base.admin('security_alerts').where({ id: alertId }).update({ title: 'Second title' });
    world().start();
    await settled(base, [channel]);
    await base.admin('security_alerts').where({ id: alertId }).update({ title: 'Third title' });
    await makeStale(base, channel, [alertId]);
    await settled(base, [channel]);
    assert.equal(teams.journal.length, 2);
    assert.match(wordsOf()[0] ?? '', /^post: .*Second title/);
    assert.match(wordsOf()[1] ?? '', /^update: .*Third title/);
  });

  it('sends again what became stale while it was being sent', async () => {
    const [alertId = ''] = await insertAlerts(base.admin, channel.tenantId, ['Before']);
    teams = createPretendTeams();
    const { gateway } = teams;
    let changed = false;
    const post: typeof gateway.post = async (to, content) => {
      if (!changed) {
        changed = true;
        await base.admin('security_alerts').where({ id: alertId }).update({ title: 'After' });
        await makeStale(base, channel, [alertId]);
      }
      return gateway.post(to, content);
    };
    await makeStale(base, channel, [alertId]);
    world().start({ gateway: { ...gateway, post } });
    await teams.accepted(2);
    await settled(base, [channel]);
    assert.match(wordsOf()[0] ?? '', /^post: .*Before/);
    assert.match(wordsOf()[1] ?? '', /^update: .*After/);
    assert.equal(teams.journal.length, 2);
  });

  it('lets others have their turn although one card goes stale without end', async () => {
    const [hot = '', other = ''] = await insertAlerts(base.admin, channel.tenantId, ['Hot', 'Other']);
    await makeStale(base, channel, [hot, other]);
    const { gateway } = teams;
    const again = () => (teams.journal.length < 20 ? makeStale(base, channel, [hot]) : Promise.resolve());
    world().start({
      gateway: {
        ...gateway,
        post: (to, content) => again().then(() => gateway.post(to, content)),
        update: (to, id, content) => again().then(() => gateway.update(to, id, content)),
      },
    });
    await teams.accepted(4);
    assert.ok(
      wordsOf()
        .slice(0, 4)
        .some((words) => words.includes('Other')),
    );
    await settled(base, [channel]);
  });

  it('writes who did what under the card, inert, and behind the card that it belongs to', async () => {
    const [alertId = ''] = await insertAlerts(base.admin, channel.tenantId, ['Case']);
    await makeStale(base, channel, [alertId]);
    await addThreadLine(base, channel, alertId, 'see [this](https://evil.example) <at>Bo</at>');
    world().start();
    await settled(base, [channel]);
    assert.deepEqual(
      teams.journal.map((message) => message.operation),
      ['post', 'reply'],
    );
    const [card, line] = teams.journal;
    assert.equal(line?.activityId, card?.activityId);
    assert.match(line?.words ?? '', /^Ann Analyst closed it: see /);
    assert.doesNotMatch(line?.words ?? '', /<at>|\]\(|https:/);
  });

  it('drops a line whose card is not there, and a card whose alert is not there', async () => {
    await addThreadLine(base, channel, randomUUID(), 'nothing to reply to');
    await makeStale(base, channel, [randomUUID()]);
    await addNotice(base, channel, { text: 'Still here.' });
    world().start();
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['dropped', 'dropped', 'sent']);
    assert.deepEqual(wordsOf(), ['post: Still here.']);
  });

  it('parks what can never be sent, and goes on with what stands behind it', async () => {
    await addNotice(base, channel, { words: 'of another shape' });
    await addNotice(base, channel, { title: 'First sync', text: '27 alerts mirrored.' });
    world().start();
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['parked', 'sent']);
    const actions = await base.admin('audit_log').where({ tenant_id: channel.tenantId }).pluck('action');
    assert.deepEqual(actions, ['delivery.parked']);
  });

  it('delivers nothing to a conversation that serves another tenant by now', async () => {
    const [alertId = ''] = await insertAlerts(base.admin, channel.tenantId, ['Secret']);
    await makeStale(base, channel, [alertId]);
    const other = await insertChannel(base.admin);
    await base
      .admin('conversations')
      .where({ conversation_id: channel.conversationId })
      .update({ tenant_id: other.tenantId });
    world().start();
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['dropped']);
    assert.equal(teams.journal.length, 0);
  });

  it('remembers which activity shows the alert', async () => {
    const [alertId = ''] = await insertAlerts(base.admin, channel.tenantId, ['Case']);
    await makeStale(base, channel, [alertId]);
    world().start();
    await settled(base, [channel]);
    const shown = await inTenant(base.db, channel.tenantId, ({ sql }) =>
      sql('posted_cards').where({ entity_id: alertId }).pluck('activity_id'),
    );
    assert.deepEqual(shown, [teams.journal[0]?.activityId]);
  });
});
