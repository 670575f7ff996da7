import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServices } from '../../domain/create-services.js';
import { actorIn, conversation } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('an installation admin who links a channel of a tenant for the first time', () => {
  let t: TestDatabase;
  before(async () => {
    t = await testDatabase();
  });
  after(() => t.drop());

  it('becomes a member there, and the trail says so beside the link', async () => {
    const [home, { tenantId }] = [await insertTenant(t.admin), await insertTenant(t.admin)];
    const person = await actorIn(t.admin, home.tenantId, 'user', 'Root');
    const root = { ...person, tenantId, role: 'super_admin' } as const;
    const activityId = randomUUID();
    const channel = await conversation(t.admin);
    await createServices({ db: t.db }).channels.link(root, channel, 'alerts', activityId);
    const trail = await t
      .admin('audit_log')
      .where({ tenant_id: tenantId, activity_id: activityId })
      .orderBy('id')
      .pluck('action');
    assert.deepEqual(trail, ['member.admit', 'channel.link']);
  });
});
