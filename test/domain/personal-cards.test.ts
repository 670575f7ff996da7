import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inTenant } from '../../database/transaction.js';
import { recogniseCard } from '../../domain/channels/posted-cards.js';
import { chatsOfAdmins, isChatOfMember, postPersonalCard } from '../../domain/channels/personal-cards.js';
import { enqueueNotices, markStale } from '../../domain/channels/outbox.js';
import type { CardedEntity, StaleRef } from '../../domain/channels/outbox.js';
import { actionWorld } from '../jobs/actions/world.js';
import type { ActionWorld } from '../jobs/actions/world.js';
import { conversation, linkedChannel } from '../helpers/builders.js';
import { testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { rowsOf } from '../helpers/rows.js';

describe('cards in personal chats', () => {
  let t: TestDatabase;
  let on: ActionWorld;
  let chat: string;
  before(async () => {
    t = await testDatabase();
  });
  after(() => t.drop());
  beforeEach(async () => {
    on = await actionWorld(t);
    const { entraTenantId, aadObjectId } = on.maya;
    chat = await conversation(t.admin, { kind: 'personal', entraTenantId, aadObjectId });
  });

  const stale = (...refs: StaleRef[]) => inTenant(t.db, on.tenantId, (trx) => markStale(trx, refs));
  const post = (entity: CardedEntity, id: string) =>
    inTenant(t.db, on.tenantId, (trx) =>
      postPersonalCard(trx, { entity, id, userId: on.maya.userId, conversationId: chat }),
    );
  const pending = async (entityId: string) =>
    (await rowsOf(t.admin, 'outbox', on.tenantId, { state: 'pending', entity_id: entityId }))
      .filter(({ kind }) => kind === 'card')
      .map((row) => [row.conversation_id, row.generation] as const);
  const sent = () =>
    t.admin('outbox').where({ tenant_id: on.tenantId }).update({ state: 'sent', finished_at: new Date() });

  it('are redrawn like every other copy, without a link and beside the one in the channel', async () => {
    const id = await on.ask('isolate');
    await post('action', id);
    await post('action', id);
    assert.deepEqual(await pending(id), [
      [on.channel, 1],
      [chat, 1],
    ]);
    await sent();
    await post('action', id);
    assert.deepEqual(await pending(id), [], 'asking again posts nothing again');
    await stale({ entity: 'action', id, mode: 'refresh' });
    assert.deepEqual(await pending(id), [[chat, 1]], 'the channel has no card to be refreshed yet');
    await sent();
    await stale({ entity: 'action', id });
    assert.deepEqual(new Set((await pending(id)).map(([where]) => where)), new Set([on.channel, chat]));
  });

  it('get no lines of history, which belong into threads', async () => {
    const id = await on.ask('isolate');
    await post('action', id);
    await sent();
    await stale({ entity: 'action', id, threadOf: '17' });
    const lines = await rowsOf(t.admin, 'outbox', on.tenantId, { state: 'pending', kind: 'thread' });
    assert.deepEqual(
      lines.map((row) => row.conversation_id),
      [on.channel],
    );
  });

  it('are the only ones of a change of the policy', async () => {
    const id = randomUUID();
    await stale({ entity: 'policy_change', id });
    assert.deepEqual(await pending(id), []);
    await post('policy_change', id);
    assert.deepEqual(await pending(id), [[chat, 1]]);
  });

  it('an action stands with the alerts, or with the incidents if it serves one', async () => {
    const escalations = await linkedChannel(t.admin, on.tenantId, on.ana.userId, 'escalations');
    const [plain, serving] = [randomUUID(), randomUUID()];
    await stale({ entity: 'action', id: plain }, { entity: 'action', id: serving, withIncidents: true });
    assert.deepEqual(await pending(plain), [[on.channel, 1]]);
    assert.deepEqual(await pending(serving), [[escalations, 1]]);
  });

  it('a click repairs the copy whose post was never answered, and no forged one', async () => {
    const id = await on.ask('isolate');
    const click = (conversationId: string) =>
      inTenant(t.db, on.tenantId, (trx) => recogniseCard(trx, 'action', id, { conversationId, activityId: '17' }));
    assert.equal(await click(chat), false, 'nothing was ever posted there');
    await post('action', id);
    assert.equal(await click(chat), true);
    assert.equal(await click(chat), false);
    const [row] = await rowsOf(t.admin, 'posted_cards', on.tenantId);
    assert.deepEqual([row?.activity_id, row?.user_id], ['17', on.maya.userId]);
  });

  it('a chat is a member’s for as long as the membership is active, and only in that tenant', async () => {
    const isOf = (tenantId: string) => inTenant(t.db, tenantId, (trx) => isChatOfMember(trx, chat));
    const other = await actionWorld(t);
    assert.deepEqual([await isOf(on.tenantId), await isOf(other.tenantId)], [true, false]);
    assert.deepEqual(await inTenant(t.db, on.tenantId, chatsOfAdmins), [chat]);
    await t.admin('tenant_members').where({ user_id: on.maya.userId }).update({ is_active: false });
    assert.equal(await isOf(on.tenantId), false);
  });

  it('nor any more when the role is one that may not read', async () => {
    await t.admin('tenant_members').where({ user_id: on.maya.userId }).update({ role: 'user' });
    assert.equal(await inTenant(t.db, on.tenantId, (trx) => isChatOfMember(trx, chat)), false);
  });

  it('a message that mentions people keeps who they are and what they are asked', async () => {
    const mentions = [{ aadObjectId: on.maya.aadObjectId, name: on.maya.displayName }];
    const asksFor = { entity: 'action', id: randomUUID() } as const;
    await inTenant(t.db, on.tenantId, (trx) =>
      enqueueNotices(trx, [on.channel], 'ask', 'ACT-1 waits.', { mentions, asksFor }),
    );
    const [row] = await rowsOf(t.admin, 'outbox', on.tenantId, { kind: 'notice' });
    assert.deepEqual(row?.payload, { text: 'ACT-1 waits.', mentions, asksFor });
  });
});
