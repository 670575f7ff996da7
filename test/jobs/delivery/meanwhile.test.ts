import assert from 'node:assert/strict';
import { DeliveryError } from '../../../domain/channels/teams-gateway.js';
import type { TeamsGateway } from '../../../domain/channels/teams-gateway.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { insertAlerts, insertChannel, makeStale, outboxStates } from './channel.js';
import type { TestChannel } from './channel.js';
import { createPretendTeams } from './pretend-teams.js';
import type { PretendTeams } from './pretend-teams.js';
import { loopWorld, settled } from './world.js';

describe('a card that changes while a request for its old state fails', () => {
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

  const alert = () => base.admin('security_alerts').where({ id: alertId });
  const close = () =>
    alert().update({
      status: 'closed_benign',
      assigned_to: channel.analystId,
      closed_by: channel.analystId,
      assigned_at: base.admin.fn.now(),
      closed_at: base.admin.fn.now(),
    });
  const reopen = () =>
    alert().update({ status: 'open', assigned_to: null, assigned_at: null, closed_by: null, closed_at: null });

  it('is posted anew when it was reopened while its old activity was found to be gone', async () => {
    world.start();
    await settled(base, [channel]);
    await world.stopAll();
    await close();
    await makeStale(base, channel, [alertId]);
    const update: TeamsGateway['update'] = async () => {
      await reopen();
      await makeStale(base, channel, [alertId]);
      throw new DeliveryError('gone', '404');
    };
    world.start({ gateway: { ...teams.gateway, update } });
    await settled(base, [channel]);
    assert.deepEqual(
      teams.journal.map((message) => message.operation),
      ['post', 'post'],
    );
  });

  it('is sent in its new state although Teams did not take the old one', async () => {
    let first = true;
    const post: TeamsGateway['post'] = async (to, content) => {
      if (!first) return teams.gateway.post(to, content);
      first = false;
      await makeStale(base, channel, [alertId]);
      throw new DeliveryError('invalid', '413');
    };
    world.start({ gateway: { ...teams.gateway, post } });
    await settled(base, [channel]);
    assert.equal(teams.journal.length, 1);
    assert.deepEqual(await outboxStates(base, channel), ['sent']);
  });
});
