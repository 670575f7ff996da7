import assert from 'node:assert/strict';
import { CARD_SCHEMA } from '../../cards/card.js';
import { DomainError } from '../../domain/errors.js';
import { alertView } from '../cards/views.js';
import { activity, openDesk } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { TENANT } from './support/recorded-services.js';

interface Task {
  readonly task: { readonly type: string; readonly value: unknown };
}
interface Form {
  readonly title: string;
  readonly card: { readonly contentType: string; readonly content: unknown };
}

const close = (more: object = {}) => ({
  verb: 'alert.close',
  tenantId: TENANT,
  entity: 'alert',
  entityId: alertView().alert.id,
  version: 1,
  schema: CARD_SCHEMA,
  ...more,
});

describe('A dialog', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  async function task(name: 'task/fetch' | 'task/submit', data: unknown): Promise<Task['task']> {
    const { status, body } = await desk.post(activity(desk, { type: 'invoke', name, value: { data, context: {} } }));
    assert.equal(status, 200);
    return (body as Task).task;
  }

  it('opens with the form of its button', async () => {
    const { type, value } = await task('task/fetch', { ...close(), msteams: { type: 'task/fetch' } });
    const form = value as Form;
    assert.deepEqual(
      [type, form.title, form.card.contentType],
      ['continue', 'Close A-1042', 'application/vnd.microsoft.card.adaptive'],
    );
    assert.match(JSON.stringify(form.card.content), /"id":"notes"/);
    assert.deepEqual(desk.named('alerts.close'), []);
  });

  it('closes with what became of it', async () => {
    desk.answers.set('alerts.close', () => ({ view: alertView({ status: 'closed_benign' }), repeated: false }));
    const { type, value } = await task('task/submit', close({ outcome: 'closed_benign', notes: 'A tool of IT' }));
    assert.equal(type, 'message');
    assert.match(String(value), /^A-1042: .*benign/i);
  });

  it('comes again with the reason and with what was written, when that can be mended', async () => {
    desk.answers.set('alerts.close', () => {
      throw new DomainError('invalid', 'Write at least 10 characters about what you found.');
    });
    const written = close({ outcome: 'closed_benign', notes: 'too short' });
    const { type, value } = await task('task/submit', written);
    const content = JSON.stringify((value as Form).card.content);
    assert.equal(type, 'continue');
    assert.match(content, /Write at least 10 characters/);
    assert.match(content, /"value":"too short"/);
    assert.match(content, /"id":"outcome"[^{]*|"value":"closed_benign"/);
  });

  it('keeps what was written through a fault of ours', async () => {
    desk.answers.set('alerts.close', () => {
      throw new Error('boom');
    });
    const { type, value } = await task('task/submit', close({ outcome: 'closed_benign', notes: 'Written with care' }));
    const content = JSON.stringify((value as Form).card.content);
    assert.equal(type, 'continue');
    assert.match(content, /Reference [0-9a-f]{6}/);
    assert.match(content, /Written with care/);
  });

  it('closes with the sentence when somebody was faster', async () => {
    desk.answers.set('alerts.close', () => {
      throw new DomainError('conflict', 'Bo closed this 4 s ago.');
    });
    const answer = await task('task/submit', close({ outcome: 'closed_benign', notes: 'A tool of IT' }));
    assert.deepEqual(answer, { type: 'message', value: 'Bo closed this 4 s ago.' });
  });

  it('is a sentence for a button without a form, an unknown one, and a person who may not read', async () => {
    const refusal = new DomainError('refused', 'You are no member of this tenant.');
    assert.match(String((await task('task/fetch', close({ verb: 'alert.take' }))).value), /opens no form/);
    assert.match(String((await task('task/fetch', { verb: 'alert.nuke' })).value), /not known here/);
    desk.answers.set('access.resolveActor', () => {
      throw refusal;
    });
    assert.deepEqual(await task('task/fetch', close()), { type: 'message', value: refusal.message });
  });
});
