import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/access/actor.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import { actorIn, openAlert } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('the app leaves a team and comes back', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let manager: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
    ({ tenantId } = await insertTenant(t.admin));
    manager = await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
  });
  after(() => t.drop());

  const newId = () => `19:${randomUUID()}@thread.tacv2`;
  const channelIn = async (teamId: string, purpose: 'alerts' | 'escalations') => {
    const conversationId = newId();
    const { entraTenantId } = manager;
    await services.channels.remember(
      { conversationId, kind: 'channel', serviceUrl: 'https://smba.example.com/', entraTenantId, botId: '28:bot' },
      { team: 'SOC', teamId, channel: purpose, aadObjectId: null },
    );
    await services.channels.link(manager, conversationId, purpose, null);
    return conversationId;
  };
  const linkStates = async () =>
    (await t.admin('channel_links').where({ tenant_id: tenantId }).orderBy('purpose').pluck('state')) as string[];
  const pending = async () =>
    (await t
      .admin('outbox')
      .where({ tenant_id: tenantId, state: 'pending', kind: 'card' })
      .pluck('conversation_id')) as string[];

  it('every channel of it is lost and comes back, with its open cards, and no channel of another team', async () => {
    const [team, other] = [newId(), newId()];
    const alerts = await channelIn(team, 'alerts');
    await channelIn(other, 'escalations');
    await openAlert(t.db, tenantId);
    await services.channels.loseTeam(team, 'The app was removed.', randomUUID());
    assert.deepEqual(await linkStates(), ['active', 'active'], 'another Entra tenant cannot say so');
    await services.channels.loseTeam(team, 'The app was removed.', manager.entraTenantId);
    assert.deepEqual(await linkStates(), ['lost', 'active']);
    assert.deepEqual(await pending(), []);
    await services.channels.reviveTeam(team, manager.entraTenantId);
    await services.channels.reviveTeam(team, manager.entraTenantId);
    assert.deepEqual(await linkStates(), ['active', 'active']);
    assert.deepEqual(await pending(), [alerts]);
  });
});
