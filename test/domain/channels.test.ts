import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/access/actor.js';
import type { ConversationReference } from '../../domain/channels/teams-gateway.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import {
  actorIn,
  click,
  conversation,
  ingest,
  linkedChannel,
  openAlert,
  sourceAlert,
  updateTime,
} from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import type { ConversationsRow } from '../../database/rows.js';
import { first, rowsOf } from '../helpers/rows.js';

describe('the conversations of a tenant', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let manager: Actor;
  let ann: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    manager = await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
  });

  const reference = (given: Partial<ConversationReference> = {}): ConversationReference => ({
    conversationId: `19:${randomUUID()}@thread.tacv2`,
    kind: 'channel',
    serviceUrl: 'https://smba.example.com/emea/',
    entraTenantId: manager.entraTenantId,
    botId: '28:bot',
    ...given,
  });
  const names = { team: 'SOC', channel: 'Alerts', aadObjectId: null };
  const pending = async () =>
    (await rowsOf(t.admin, 'outbox', tenantId, { state: 'pending' })).map(
      (row) => [row.stale_key, row.conversation_id, row.generation] as const,
    );
  const posted = (conversationId: string, alertId: string) =>
    t.admin('posted_cards').insert({
      tenant_id: tenantId,
      entity_type: 'alert',
      entity_id: alertId,
      conversation_id: conversationId,
      activity_id: '1',
      card_schema: 1,
    });
  const linked = async () => {
    const where = reference();
    await services.channels.remember(where, names);
    await services.channels.link(manager, where.conversationId, 'alerts', null);
    return where;
  };

  it('a channel that an admin links receives the cards of open work, gravest first', async () => {
    const [low, high] = [await openAlert(t.db, tenantId, { severity: 'low' }), await openAlert(t.db, tenantId)];
    const where = reference();
    await services.channels.remember(where, names);
    const said = await services.channels.link(manager, where.conversationId, 'alerts', null);
    assert.equal(said, 'Alerts come here now. 2 open cards will follow.');
    assert.deepEqual(await pending(), [
      [`alert:${high}`, where.conversationId, 1],
      [`alert:${low}`, where.conversationId, 1],
    ]);
    assert.match(await services.channels.link(manager, where.conversationId, 'alerts', null), /already/);
  });

  it('is refused to analysts, to personal chats, and to another tenant that has the conversation', async () => {
    const where = reference();
    await assert.rejects(services.channels.link(manager, where.conversationId, 'alerts', null), /Add the app here/);
    await services.channels.remember(where, names);
    await assert.rejects(services.channels.link(ann, where.conversationId, 'alerts', null), /Your role/);
    await services.channels.link(manager, where.conversationId, 'alerts', null);
    const other = await insertTenant(t.admin);
    const theirs = await actorIn(t.admin, other.tenantId, 'tenant_admin');
    await assert.rejects(services.channels.link(theirs, where.conversationId, 'alerts', null), /serves another tenant/);
    const chat = reference({ kind: 'personal' });
    await services.channels.remember(chat, names);
    await assert.rejects(services.channels.link(manager, chat.conversationId, 'alerts', null), /Only channels/);
    await assert.rejects(
      services.channels.remember(reference({ entraTenantId: randomUUID() }), names),
      /not connected/,
    );
  });

  it('linking elsewhere moves the purpose, and unlinking frees the conversation for another tenant', async () => {
    const first = await linked();
    const second = reference();
    await services.channels.remember(second, names);
    assert.match(
      await services.channels.link(manager, second.conversationId, 'alerts', null),
      /no longer to the channel/,
    );
    const other = await insertTenant(t.admin);
    const theirs = await actorIn(t.admin, other.tenantId, 'tenant_admin');
    await services.channels.link(theirs, first.conversationId, 'alerts', null);
    await openAlert(t.db, tenantId);
    assert.match(
      await services.channels.unlink(manager, second.conversationId, null, null),
      /Alerts no longer come here/,
    );
    assert.deepEqual(await pending(), [], 'what waited is dropped');
    assert.match(await services.channels.unlink(manager, second.conversationId, null, null), /Nothing is linked/);
    await services.channels.link(theirs, second.conversationId, 'escalations', null);
  });

  it('a card goes where it is posted already, else to the link of its purpose; refreshes merge', async () => {
    const alerts = await linkedChannel(t.admin, tenantId, manager.userId);
    const alert = { microsoftAlertId: 'da-merge' };
    const id = await openAlert(t.db, tenantId, alert);
    for (const second of [1, 2])
      await ingest(t.db, tenantId, [sourceAlert({ ...alert, lastUpdate: updateTime(second) })]);
    assert.deepEqual(await pending(), [[`alert:${id}`, alerts, 3]]);
    const escalations = await linkedChannel(t.admin, tenantId, manager.userId, 'escalations');
    await services.alerts.take(click(ann, id));
    await services.alerts.investigate(click(ann, id));
    const { view } = await services.alerts.escalate(click(ann, id));
    const keys = (await pending()).filter(([key]) => !key.startsWith('thread:'));
    assert.deepEqual(keys, [
      [`alert:${id}`, alerts, 6],
      [`incident:${view.incident?.id ?? ''}`, escalations, 1],
    ]);
  });

  it('a lost channel gets nothing more, admins are told in person, and on return open cards come once', async () => {
    const { conversationId, ...rest } = await linked();
    const where = { conversationId, ...rest };
    const chat = await conversation(t.admin, {
      kind: 'personal',
      entraTenantId: manager.entraTenantId,
      aadObjectId: manager.aadObjectId,
    });
    const [old, closed] = [await openAlert(t.db, tenantId), await openAlert(t.db, tenantId)];
    await posted(conversationId, old);
    await posted(conversationId, closed);
    await services.alerts.take(click(ann, closed));
    await services.alerts.close(click(ann, closed), 'closed_benign', 'a known test of the red team');
    await services.channels.lose(conversationId, 'the app was removed');
    await services.channels.lose(conversationId, 'the app was removed');
    const missed = await openAlert(t.db, tenantId);
    assert.deepEqual(await pending(), [[`notice:lost:${conversationId}`, chat, 1]]);
    const notice = first(await rowsOf(t.admin, 'outbox', tenantId, { kind: 'notice' }));
    assert.match(String(notice.payload.text), /^SOC \/ Alerts no longer receives alerts \(the app was removed\)\./);
    await Promise.all([services.channels.remember(where, names), services.channels.remember(where, names)]);
    await services.channels.remember(where, names);
    assert.deepEqual((await pending()).slice(1), [
      [`alert:${old}`, conversationId, 1],
      [`alert:${missed}`, conversationId, 1],
    ]);
    const cards = await rowsOf(t.admin, 'posted_cards', tenantId);
    const activities = new Map(cards.map((card) => [card.entity_id, card.activity_id]));
    assert.deepEqual([activities.get(old), activities.get(closed)], [null, '1']);
  });

  it('a click from a card that we did not know of repairs the post whose outcome was unknown', async () => {
    const { conversationId } = await linked();
    const id = await openAlert(t.db, tenantId);
    await services.channels.noticeCard(ann, 'alert', id, conversationId, '17');
    await services.channels.noticeCard(ann, 'alert', id, conversationId, 'a second card');
    await services.channels.noticeCard(ann, 'alert', randomUUID(), conversationId, 'forged');
    await services.channels.noticeCard(ann, 'alert', id, await conversation(t.admin), 'not ours');
    const cards = await rowsOf(t.admin, 'posted_cards', tenantId);
    assert.deepEqual(
      cards.map((card) => [card.entity_id, card.activity_id]),
      [[id, '17']],
    );
  });

  it('a click cannot give an alert the card of another one, and people who may not read repair nothing', async () => {
    const { conversationId } = await linked();
    const [shown, forged] = [await openAlert(t.db, tenantId), await openAlert(t.db, tenantId)];
    await posted(conversationId, shown);
    await services.channels.noticeCard(ann, 'alert', forged, conversationId, '1');
    const helpdesk = await actorIn(t.admin, tenantId, 'it_helpdesk_analyst');
    await services.channels.noticeCard(helpdesk, 'alert', forged, conversationId, '2');
    const cards = await rowsOf(t.admin, 'posted_cards', tenantId);
    assert.deepEqual(
      cards.map((card) => [card.entity_id, card.activity_id]),
      [[shown, '1']],
    );
  });

  it('an Entra tenant that the conversation does not live in cannot end it', async () => {
    const { conversationId, entraTenantId } = await linked();
    const known = t.admin<ConversationsRow>('conversations').where({ conversation_id: conversationId });
    const state = async () => (await known.clone().first())?.state;
    await services.channels.lose(conversationId, 'The app was removed.', randomUUID());
    assert.equal(await state(), 'active');
    await services.channels.lose(conversationId, 'The app was removed.', entraTenantId);
    assert.equal(await state(), 'lost');
  });
});
