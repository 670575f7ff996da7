import assert from 'node:assert/strict';
import { CARD_SCHEMA } from '../../cards/card.js';
import { DomainError } from '../../domain/errors.js';
import type { ActionOrderRequest, Click } from '../../domain/services.js';
import { actionForm, actionRow, actionView, deviceId, formDevice } from '../cards/action-views.js';
import { alertView } from '../cards/views.js';
import { ofType } from '../cards/walk.js';
import { activity, openDesk } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { PERSON, TENANT } from './support/recorded-services.js';

interface Task {
  readonly type: string;
  readonly value: unknown;
}
interface Form {
  readonly title: string;
  readonly card: { readonly content: { readonly actions: readonly { readonly data: object }[] } };
}

const ALERT = alertView().alert.id;
const data = (verb: string, more: object = {}) => ({
  verb,
  tenantId: TENANT,
  entity: 'alert',
  entityId: ALERT,
  version: 1,
  schema: CARD_SCHEMA,
  ...more,
});

describe('A request for an action on a device', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  async function task(name: 'task/fetch' | 'task/submit', given: unknown): Promise<Task> {
    const { status, body } = await desk.post(
      activity(desk, { type: 'invoke', name, value: { data: given, context: {} } }),
    );
    assert.equal(status, 200);
    return (body as { task: Task }).task;
  }
  const open = async (given: object) => (await task('task/fetch', given)).value as Form;
  /** What the form sends with these words in it. */
  const sent = ({ card }: Form, written: object) => ({ ...card.content.actions[0]?.data, ...written });
  const keys = () => desk.named('actions.request').map(([click]) => (click as Click).idempotencyKey);
  const written = { parameter: 'Full', reason: 'Emotet was run' };

  it('opens with the devices of its cause, and comes back as a request for one of them', async () => {
    const form = await open(data('device.isolate'));
    assert.equal(form.title, 'Isolate device');
    assert.deepEqual(desk.named('actions.form')[0]?.slice(1), ['isolate', { entity: 'alert', entityId: ALERT }]);
    const answer = await task('task/submit', sent(form, written));
    assert.deepEqual(answer, {
      type: 'message',
      value: 'ACT-7: isolation of con-lap-0117 is requested. Bo Berg and Maya Chen are asked.',
    });
    const [click, order] = desk.named('actions.request')[0] as [Click, ActionOrderRequest];
    assert.deepEqual(
      [click.entityId, click.version, click.card, click.actor.aadObjectId],
      [deviceId, null, null, PERSON],
    );
    assert.deepEqual(order, { kind: 'isolate', cause: { entity: 'alert', entityId: ALERT }, ...written });
  });

  it('from a release asks for no kind, from an isolation names it as the cause', async () => {
    const form = await open(data('device.release', { entity: 'action', entityId: actionRow().id }));
    await task('task/submit', sent(form, { reason: 'It is clean' }));
    const [, order] = desk.named('actions.request')[0] as [Click, ActionOrderRequest];
    assert.deepEqual(order, {
      kind: 'unisolate',
      cause: { entity: 'action', entityId: actionRow().id },
      parameter: null,
      reason: 'It is clean',
    });
  });

  it('delivered three times, or sent from the same form twice, has one key', async () => {
    const form = await open(data('device.isolate'));
    await Promise.all([1, 2, 3].map(() => task('task/submit', sent(form, written))));
    assert.deepEqual([keys().length, new Set(keys()).size], [3, 1]);
  });

  it('made anew after the device has had another action has another key, and so has one with other words', async () => {
    await task('task/submit', sent(await open(data('device.isolate')), written));
    desk.answers.set('actions.form', () => actionForm([formDevice({ actionCount: 5 })]));
    const later = await open(data('device.isolate'));
    await task('task/submit', sent(later, written));
    await task('task/submit', sent(later, { ...written, reason: 'Something else' }));
    await task('task/submit', sent(await open(data('device.scan')), { ...written, parameter: 'Quick' }));
    assert.equal(new Set(keys()).size, 4);
  });

  it('is for the device that was chosen when there are several, and for none that the form did not offer', async () => {
    const other = '00000000-0000-4000-8000-00000000d002';
    desk.answers.set('actions.form', () =>
      actionForm([formDevice(), formDevice({ id: other, name: 'con-srv-01', actionCount: 0 })]),
    );
    const form = await open(data('device.isolate'));
    await task('task/submit', sent(form, { ...written, deviceId: other }));
    assert.equal((desk.named('actions.request')[0]?.[0] as Click).entityId, other);
    const again = await task('task/submit', sent(form, written));
    assert.match(JSON.stringify(again), /Choose a device\./);
    const strange = await task('task/submit', sent(form, { ...written, deviceId: ALERT }));
    assert.match(JSON.stringify(strange), /cannot be read/);
    assert.equal(desk.named('actions.request').length, 1);
  });

  it('believes nothing that comes back', async () => {
    for (const more of [
      { deviceId: 'x' },
      { actionCounts: null },
      { actionCounts: { [deviceId]: -1 } },
      { actionCounts: { [deviceId]: 'many' } },
      { actionCounts: { __proto__: null, constructor: 1 } },
      { parameter: { toString: 'x' } },
      { reason: ['x'] },
      { reason: 'x'.repeat(501) },
    ]) {
      await task(
        'task/submit',
        data('device.isolate', { deviceId, actionCounts: { [deviceId]: 4 }, ...written, ...more }),
      );
    }
    assert.deepEqual(desk.named('actions.request'), []);
  });

  it('that cannot be made says why before anything is written, and has nothing to send', async () => {
    desk.answers.set('actions.form', () => actionForm([formDevice({ fault: 'It is not onboarded.' })]));
    const form = await open(data('device.isolate'));
    assert.match(JSON.stringify(form), /It is not onboarded\./);
    assert.deepEqual(ofType(form.card.content, 'Action.Submit'), []);
  });

  it('overtaken closes the form with the sentence; one that can be mended keeps what was written', async () => {
    const form = await open(data('device.isolate'));
    desk.answers.set('actions.request', () => {
      throw new DomainError('conflict', 'ACT-6, the isolation of this device, is in progress.');
    });
    const overtaken = await task('task/submit', sent(form, written));
    assert.deepEqual(overtaken, { type: 'message', value: 'ACT-6, the isolation of this device, is in progress.' });
    desk.answers.set('actions.request', () => {
      throw new DomainError('invalid', 'The reason must not be blank.');
    });
    const again = await task('task/submit', sent(form, { parameter: 'Selective', reason: 'x' }));
    assert.equal(again.type, 'continue');
    assert.match(JSON.stringify(again.value), /The reason must not be blank.*"value":"Selective"/);
  });

  it('from a choice by command finds the reason in the form already', async () => {
    const form = await open(data('device.isolate', { entity: 'device', entityId: deviceId, reason: 'Emotet was run' }));
    const [reason] = ofType(form.card.content, 'Input.Text');
    assert.equal(reason?.['value'], 'Emotet was run');
  });

  it('goes on by dialogs: reject, cancel, review and the facts of the device', async () => {
    const onAction = (verb: string) => data(verb, { entity: 'action', entityId: actionRow().id, version: 3 });
    for (const [verb, title] of [
      ['action.reject', 'Reject ACT-7'],
      ['action.cancel', 'Cancel action ACT-7'],
      ['action.review', 'Mark as reviewed ACT-7'],
    ] as const)
      assert.equal((await open(onAction(verb))).title, title);
    const facts = await open(data('device.show', { entity: 'device', entityId: deviceId, version: 0 }));
    assert.match(JSON.stringify(facts), /con-lap-0117/);
    assert.deepEqual(facts.card.content.actions, []);
    desk.answers.set('actions.reject', () => ({ view: actionView({ status: 'rejected' }), repeated: false }));
    const rejected = await task('task/submit', { ...onAction('action.reject'), reason: 'A drill' });
    assert.equal(rejected.value, 'ACT-7: isolation of con-lap-0117 was rejected.');
    assert.deepEqual(desk.named('actions.reject')[0]?.[1], 'A drill');
  });
});
