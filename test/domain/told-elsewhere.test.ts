import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/access/actor.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import { syncWorld } from '../jobs/sync/world.js';
import { fault, sourceAlert } from '../jobs/sync/scripted-source.js';
import { actorIn, conversation } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('what admins must know', () => {
  let t: TestDatabase;
  let services: Services;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());

  it('of a lost channel stands in another one when no admin has a chat with the bot', async () => {
    const { tenantId } = await insertTenant(t.admin);
    const manager: Actor = await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
    const [alerts, reports] = [await conversation(t.admin), await conversation(t.admin)];
    await services.channels.link(manager, alerts, 'alerts', null);
    await services.channels.link(manager, reports, 'reports', null);
    await services.channels.lose(alerts, 'the app was removed');
    const told = await t.admin('outbox').where({ tenant_id: tenantId, kind: 'notice' }).pluck('conversation_id');
    assert.deepEqual(told, [reports]);
  });

  it('of syncs before a channel was linked comes with the link: the summary once, a hold while it lasts', async () => {
    const world = await syncWorld(t);
    const manager: Actor = await actorIn(t.admin, world.tenantId, 'tenant_admin', 'Mia');
    await t.admin('channel_links').where({ tenant_id: world.tenantId }).update({ state: 'removed' });
    world.source.reads.push([{ alerts: [sourceAlert(10), sourceAlert(3 * 24 * 60)] }]);
    await world.sync();
    assert.deepEqual(await world.notices(), []);
    await services.channels.link(manager, await conversation(t.admin), 'alerts', randomUUID());
    const [summary, ...more] = await world.notices();
    assert.match(summary ?? '', /2 alerts mirrored, 1 opened/);
    assert.deepEqual(more, []);
    await t.admin('outbox').where({ tenant_id: world.tenantId }).update({ state: 'sent', finished_at: new Date() });
    await services.channels.unlink(manager, (await linked(world.tenantId)) ?? '', null, null);
    world.source.reads.push([fault('on_hold', 'The consent is missing.')]);
    await world.sync();
    await services.channels.link(manager, await conversation(t.admin), 'alerts', randomUUID());
    const notices = await world.notices();
    assert.equal(notices.length, 2, 'the summary is not said again');
    assert.match(notices[1] ?? '', /on hold: The consent is missing\./);
  });

  async function linked(tenantId: string): Promise<string | undefined> {
    const ids = (await t
      .admin('channel_links')
      .where({ tenant_id: tenantId, state: 'active' })
      .pluck('conversation_id')) as string[];
    return ids[0];
  }
});
