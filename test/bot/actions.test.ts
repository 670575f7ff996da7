import assert from 'node:assert/strict';
import { actions } from '../../bot/actions/index.js';
import { CARD_SCHEMA } from '../../cards/card.js';
import { DomainError } from '../../domain/errors.js';
import type { Click } from '../../domain/services.js';
import { actionRow, deviceId, policyView } from '../cards/action-views.js';
import { alertView, bo } from '../cards/views.js';
import { activity, clicked, openDesk, personal } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { PERSON, TENANT } from './support/recorded-services.js';

const ALERT = alertView().alert.id;
const INCIDENT = '00000000-0000-4000-8000-000000000042';
const CARD = 'application/vnd.microsoft.card.adaptive';
const MESSAGE = 'application/vnd.microsoft.activity.message';

const onAlert = (verb: string, more: object = {}) => ({
  verb,
  tenantId: TENANT,
  entity: 'alert',
  entityId: ALERT,
  version: 1,
  schema: CARD_SCHEMA,
  ...more,
});
const onIncident = (verb: string, more: object = {}) =>
  onAlert(verb, { entity: 'incident', entityId: INCIDENT, ...more });
const onAction = (verb: string, more: object = {}) =>
  onAlert(verb, { entity: 'action', entityId: actionRow().id, version: 3, ...more });
const onPolicy = (verb: string, more: object = {}) =>
  onAlert(verb, { entity: 'policy_change', entityId: policyView().change.id, ...more });
const chosen = { deviceId, actionCounts: { [deviceId]: 4 } };

interface Answer {
  readonly statusCode: number;
  readonly type: string;
  readonly value: unknown;
}

describe('A click on a card', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  async function click(data: unknown, changes: object = {}): Promise<Answer> {
    const { status, body } = await desk.post(clicked(desk, data, changes));
    assert.equal(status, 200);
    return body as Answer;
  }
  const fail = (name: string, error: unknown) =>
    desk.answers.set(name, () => {
      throw error;
    });

  it('acts as the person whom Teams vouches for, and answers with the fresh card', async () => {
    const answer = await click(onAlert('alert.take'));
    assert.deepEqual([answer.statusCode, answer.type], [200, CARD]);
    assert.match(JSON.stringify(answer.value), /A-1042/);
    const [caller, tenantHint] = desk.named('access.resolveActor')[0] ?? [];
    assert.equal((caller as { aadObjectId: string }).aadObjectId, PERSON);
    assert.equal(tenantHint, TENANT);
    const [one] = desk.named('alerts.take')[0] as [Click];
    assert.deepEqual([one.entityId, one.version], [ALERT, 1]);
    assert.equal(one.idempotencyKey, `alert.take:${ALERT}:1:${PERSON}`);
  });

  it('takes from a row of the queue and answers with the same page, who was faster included', async () => {
    const row = onAlert('alert.take', { list: 'queue', cursor: 'c9' });
    const taken = JSON.stringify((await click(row)).value);
    assert.match(taken, /Triage queue/);
    assert.match(taken, /A-1042: .+ Say \\"mine\\"/);
    fail('alerts.take', new DomainError('conflict', 'Bo took this 4 s ago.'));
    assert.match(JSON.stringify((await click(row)).value), /Bo took this 4 s ago.*Triage queue/);
    assert.deepEqual(
      desk.named('alerts.queue').map(([, cursor]) => cursor),
      ['c9', 'c9'],
    );
  });

  it('reaches the right use case from every button', async () => {
    const written: Record<string, object> = {
      'alert.take': onAlert('alert.take'),
      'alert.assign': onAlert('alert.assign', { assigneeId: bo.userId, reason: 'Knows it' }),
      'alert.investigate': onAlert('alert.investigate'),
      'alert.escalate': onAlert('alert.escalate'),
      'alert.close': onAlert('alert.close', { outcome: 'closed_benign', notes: 'Known tool of IT' }),
      'alert.release': onAlert('alert.release', { notes: 'Shift ends' }),
      'alert.reopen': onAlert('alert.reopen', { reason: 'It came back' }),
      'incident.start': onIncident('incident.start'),
      'incident.resolve': onIncident('incident.resolve', { notes: 'Cleaned' }),
      'incident.dismiss': onIncident('incident.dismiss', { reason: 'A test' }),
      'incident.reopen': onIncident('incident.reopen', { reason: 'Again' }),
      'incident.handOver': onIncident('incident.handOver', { ownerId: bo.userId, reason: 'Holiday' }),
      'incident.linkAlert': onIncident('incident.linkAlert', { alertId: ALERT }),
      'device.isolate': onAlert('device.isolate', { ...chosen, parameter: 'Selective', reason: 'Emotet' }),
      'device.release': onAction('device.release', { ...chosen, reason: 'It is clean' }),
      'device.scan': onIncident('device.scan', { ...chosen, parameter: 'Quick', reason: 'To be sure' }),
      'device.show': onAlert('device.show', { entity: 'device', entityId: deviceId }),
      'action.approve': onAction('action.approve'),
      'action.reject': onAction('action.reject', { reason: 'A drill' }),
      'action.cancel': onAction('action.cancel', { reason: 'Found the user' }),
      'action.review': onAction('action.review', { notes: 'Justified' }),
      'policy.confirm': onPolicy('policy.confirm'),
      'policy.reject': onPolicy('policy.reject'),
      'card.refresh': onAlert('card.refresh'),
      'list.page': { verb: 'list.page', tenantId: TENANT, list: 'queue', cursor: 'abc', schema: CARD_SCHEMA },
      'sync.show': { verb: 'sync.show', tenantId: TENANT, schema: CARD_SCHEMA },
    };
    assert.deepEqual(Object.keys(written).sort(), Object.keys(actions).sort());
    for (const data of Object.values(written)) assert.equal((await click(data)).type, CARD);
    const nouns = /^(alerts|incidents|devices|actions|policy|syncs)\./;
    const reached = new Set(desk.calls.map((call) => call.name).filter((name) => nouns.test(name)));
    assert.deepEqual([...reached].sort(), [
      'actions.approve',
      'actions.cancel',
      'actions.reject',
      'actions.request',
      'actions.review',
      'alerts.assign',
      'alerts.close',
      'alerts.escalate',
      'alerts.investigate',
      'alerts.queue',
      'alerts.release',
      'alerts.reopen',
      'alerts.take',
      'alerts.view',
      'devices.view',
      'incidents.dismiss',
      'incidents.handOver',
      'incidents.linkAlert',
      'incidents.reopen',
      'incidents.resolve',
      'incidents.start',
      'policy.confirm',
      'policy.reject',
      'syncs.status',
    ]);
    assert.deepEqual(desk.named('alerts.close')[0]?.slice(1), ['closed_benign', 'Known tool of IT']);
    assert.deepEqual(desk.named('alerts.assign')[0]?.slice(1), [bo.userId, 'Knows it']);
  });

  it('has one key however often and under whichever id Teams delivers it', async () => {
    const same = clicked(desk, onAlert('alert.take'));
    await Promise.all([desk.post(same), desk.post(same), desk.post(clicked(desk, onAlert('alert.take')))]);
    const keys = desk.named('alerts.take').map(([one]) => (one as Click).idempotencyKey);
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
  });

  it('has another key when something else was written into the form', async () => {
    await click(onAlert('alert.release', { notes: 'Shift ends' }));
    await click(onAlert('alert.release', { notes: 'Not mine' }));
    const keys = desk.named('alerts.release').map(([one]) => (one as Click).idempotencyKey);
    assert.equal(new Set(keys).size, 2);
  });

  it('on a stale card is answered with the fresh card and the reason on it', async () => {
    fail('alerts.take', new DomainError('conflict', 'Bo took this 4 s ago.'));
    desk.answers.set('alerts.view', () => alertView({ status: 'assigned', version: 2 }));
    const answer = await click(onAlert('alert.take'));
    assert.equal(answer.type, CARD);
    assert.match(JSON.stringify(answer.value), /Bo took this 4 s ago\./);
    assert.equal(desk.named('access.resolveActor').length, 1);
  });

  it('is answered with the sentence alone where the person may not read the entity', async () => {
    fail('access.resolveActor', new DomainError('refused', 'You are no member of this tenant. Ask its manager.'));
    const answer = await click(onAlert('alert.take'));
    assert.deepEqual([answer.type, answer.value], [MESSAGE, 'You are no member of this tenant. Ask its manager.']);
    assert.equal(desk.named('access.resolveActor').length, 1, 'the refusal is audited once');
    assert.equal(desk.named('alerts.view').length, 0);
  });

  it('on what does not exist, or with wrong input, gets the sentence', async () => {
    fail('alerts.take', new DomainError('not_found', 'There is no such alert here.'));
    assert.equal((await click(onAlert('alert.take'))).value, 'There is no such alert here.');
    assert.match(String((await click(onAlert('alert.close', { notes: 'x' }))).value), /Choose an outcome/);
    assert.match(String((await click(onAlert('alert.release', { notes: 'x'.repeat(5000) }))).value), /at most 2,000/);
    assert.equal(desk.named('alerts.close').length + desk.named('alerts.release').length, 0);
  });

  it('that hits a bug tells a reference that the log knows, and nothing else', async () => {
    fail('alerts.take', new Error('connect postgres://u:hunter2@db'));
    const answer = await click(onAlert('alert.take'));
    const { code, message } = answer.value as { code: string; message: string };
    assert.deepEqual(
      [answer.statusCode, answer.type, code],
      [500, 'application/vnd.microsoft.error', 'InternalServerError'],
    );
    const reference = /^Something went wrong on our side\. Reference ([0-9a-f]{6})\.$/.exec(message)?.[1];
    const line = desk.log.find((one) => one.fields['reference'] === reference);
    assert.ok(line?.fields['err'] instanceof Error);
  });

  it('while the database is away gets a sentence', async () => {
    fail('access.resolveActor', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));
    assert.match(String((await click(onAlert('alert.take'))).value), /database cannot be reached/);
  });

  it('is answered in time although the work takes longer, and the work goes on', async () => {
    const slow = await openDesk({ patienceMs: 30 });
    let finish: (value: unknown) => void = () => undefined;
    const done = new Promise((resolve) => (finish = resolve));
    slow.answers.set('alerts.take', () => done);
    const { body } = await slow.post(clicked(slow, onAlert('alert.take')));
    assert.match(String((body as Answer).value), /longer than usual/);
    finish({ view: alertView(), repeated: false });
    await slow.close();
  });

  it('without an Entra identity is refused politely, and nothing runs', async () => {
    const answer = await click(onAlert('alert.take'), { from: { id: '29:x', name: 'Ann Ek' } });
    assert.match(String(answer.value), /work account/);
    assert.deepEqual(desk.calls, []);
  });

  it('on a card of a newer release shows the current card, and on an older one works', async () => {
    const newer = await click(onAlert('alert.take', { schema: CARD_SCHEMA + 1 }));
    assert.match(JSON.stringify(newer.value), /another version of AVIAN/);
    assert.equal(desk.named('alerts.take').length, 0);
  });

  it('that only looks tells the domain which activity shows the card, once, and only for root posts', async () => {
    await click(onAlert('alert.take'));
    assert.deepEqual(desk.named('channels.noticeCard'), [], 'an act notes it in its own transaction');
    await click(onAlert('card.refresh'));
    await click(onAlert('card.refresh'));
    await click(onAlert('card.refresh'), { replyToId: 'a-list-in-the-thread' });
    await click(onAlert('card.refresh'), { ...personal, replyToId: 'copy' });
    assert.deepEqual(
      desk.named('channels.noticeCard').map((args) => args.slice(1)),
      [['alert', ALERT, '19:alerts@thread.tacv2', 'root']],
    );
  });

  it('in a personal chat brings a card that asks for news by itself', async () => {
    const answer = await click(onAlert('alert.take'), personal);
    assert.deepEqual((answer.value as { refresh: { userIds: string[] } }).refresh.userIds, ['29:ann']);
  });

  describe('on a device action', () => {
    it('approves as the person, on the card that was looked at, and answers with the card of the action', async () => {
      const answer = await click(onAction('action.approve'));
      assert.equal(answer.type, CARD);
      assert.match(JSON.stringify(answer.value), /ACT-7/);
      const [one] = desk.named('actions.approve')[0] as [Click];
      assert.deepEqual([one.entityId, one.version, one.actor.aadObjectId], [actionRow().id, 3, PERSON]);
    });

    it('refused is answered with the card as it is, and why', async () => {
      fail('actions.approve', new DomainError('refused', 'ACT-7 is your own request.'));
      const answer = await click(onAction('action.approve'));
      assert.equal(answer.type, CARD);
      assert.match(JSON.stringify(answer.value), /ACT-7 is your own request\./);
    });

    it('in a personal chat tells the domain which message carries the card; of copies of alerts it does not', async () => {
      await click(onAction('card.refresh'), { ...personal, replyToId: 'asked-with' });
      await click(onPolicy('policy.confirm'), { ...personal, replyToId: 'asked-too' });
      await click(onAlert('card.refresh'), { ...personal, replyToId: 'copy' });
      await click(onAlert('device.show', { entity: 'device', entityId: deviceId }), { replyToId: 'root' });
      assert.deepEqual(
        desk.named('channels.noticeCard').map((args) => args.slice(1)),
        [['action', actionRow().id, 'a:chat', 'asked-with']],
      );
      const [confirmed] = desk.named('policy.confirm')[0] as [Click];
      assert.deepEqual(confirmed.card, { conversationId: 'a:chat', activityId: 'asked-too' });
    });

    it('draws any entity afresh', async () => {
      for (const data of [onAction('card.refresh'), onPolicy('card.refresh')])
        assert.equal((await click(data)).type, CARD);
      assert.equal((await click(onAlert('card.refresh', { entity: 'device', entityId: deviceId }))).type, CARD);
      assert.deepEqual(
        ['actions.view', 'policy.view', 'devices.view'].map((name) => desk.named(name).length),
        [1, 1, 1],
      );
    });

    it('of the wrong kind of entity does nothing', async () => {
      for (const data of [onAlert('action.approve'), onAction('alert.take'), onPolicy('device.isolate', chosen)]) {
        const answer = await click(data);
        assert.match(String(answer.value), /cannot be read/);
      }
      assert.deepEqual(desk.named('actions.approve'), []);
    });
  });

  describe('that arrives as a message, from a client without Action.Execute', () => {
    const submit = (data: unknown, changes: object = {}) =>
      desk.post(activity(desk, { type: 'message', value: data, replyToId: 'root', ...changes }));

    it('acts the same and answers in the thread', async () => {
      await submit(onAlert('alert.take'));
      assert.equal((desk.named('alerts.take')[0]?.[0] as Click).idempotencyKey, `alert.take:${ALERT}:1:${PERSON}`);
      const [sent] = desk.connector.calls;
      assert.equal(sent?.path, '/v3/conversations/19:alerts@thread.tacv2;messageid=root/activities');
      assert.match(String(sent?.body['text']), /^A-1042: /);
    });

    it('redraws the card of a personal chat in place', async () => {
      await submit(onAlert('alert.take'), personal);
      assert.deepEqual(
        [desk.connector.calls[0]?.method, desk.connector.calls[0]?.path],
        ['PUT', '/v3/conversations/a:chat/activities/root'],
      );
    });

    it('gets the sentence of a refusal, and of data that cannot be read', async () => {
      fail('alerts.take', new DomainError('conflict', 'Bo took this 4 s ago.'));
      await submit(onAlert('alert.take'));
      await submit({ verb: '__proto__' });
      assert.deepEqual(
        desk.connector.calls.map((call) => call.body['text']),
        ['Bo took this 4 s ago.', 'This button is not known here. Say "queue" or "show A-1" to get a current card.'],
      );
    });
  });
});
