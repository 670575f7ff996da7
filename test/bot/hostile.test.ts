import assert from 'node:assert/strict';
import fc from 'fast-check';
import { actions } from '../../bot/actions/index.js';
import { parseCommand } from '../../bot/commands/parse.js';
import { plainText } from '../../bot/commands/plain-text.js';
import { CARD_SCHEMA } from '../../cards/card.js';
import { activity, clicked, openDesk, said } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { ENTRA, TENANT } from './support/recorded-services.js';

interface Answer {
  readonly statusCode?: number;
  readonly type?: string;
  readonly value?: unknown;
}

const good = {
  verb: 'alert.take',
  tenantId: TENANT,
  entity: 'alert',
  entityId: '00000000-0000-4000-8000-000000001042',
  version: 1,
  schema: CARD_SCHEMA,
};

describe('Hostile data', () => {
  let desk: Desk;
  const reached = () => desk.calls.filter(({ name }) => name !== 'channels.remember');

  before(async () => {
    desk = await openDesk();
  });
  after(() => desk.close());
  beforeEach(() => {
    desk.calls.splice(0);
    desk.connector.calls.splice(0);
  });

  it('of any shape in a click gets an answer, and reaches no use case', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ depthSize: 'small' }), async (data) => {
        const { status, body } = await desk.post(clicked(desk, data));
        assert.equal(status, 200);
        assert.equal(typeof (body as Answer).statusCode, 'number');
        assert.equal(typeof (body as Answer).type, 'string');
        assert.deepEqual(reached(), []);
      }),
      { numRuns: 200 },
    );
  });

  it('under a verb that exists gets an answer, and reaches no use case', async () => {
    const verb = fc.constantFrom(...Object.keys(actions), '__proto__', 'constructor', 'toString', 'hasOwnProperty');
    const part = fc.oneof(fc.jsonValue({ depthSize: 'xsmall' }), fc.constant('x'.repeat(50_000)), fc.constant(-1));
    const broken = fc.constantFrom('tenantId', 'entity', 'entityId', 'version', 'schema');
    await fc.assert(
      fc.asyncProperty(verb, broken, part, async (name, key, value) => {
        fc.pre(!(key === 'entity' && (value === 'alert' || value === 'incident')));
        // It is about no entity, so that what is said of one is not read.
        fc.pre(!(name === 'sync.show' && key !== 'tenantId' && key !== 'schema'));
        fc.pre(!(typeof value === 'number' && Number.isInteger(value) && value >= 0));
        const { status, body } = await desk.post(clicked(desk, { ...good, verb: name, [key]: value }));
        assert.deepEqual([status, (body as Answer).statusCode], [200, 200]);
        assert.deepEqual(reached(), []);
      }),
      { numRuns: 200 },
    );
  });

  it('in an invoke as a whole is answered with HTTP 200 and a body', async () => {
    const names = [
      'adaptiveCard/action',
      'task/fetch',
      'task/submit',
      'composeExtension/query',
      '__proto__',
      undefined,
    ];
    const values = [
      undefined,
      null,
      {},
      [],
      'x',
      7,
      { action: null },
      { action: {} },
      { action: [] },
      { data: null },
      { data: 'x' },
    ];
    for (const name of names) {
      for (const value of values) {
        const { status, body } = await desk.post(activity(desk, { type: 'invoke', name, value }));
        assert.deepEqual([status, typeof body], [200, 'object'], `${name} ${JSON.stringify(value)}`);
      }
    }
    assert.deepEqual(reached(), []);
  });

  it('in the other parts of an activity is not a crash', async () => {
    const key = fc.constantFrom(
      'from',
      'recipient',
      'channelData',
      'entities',
      'id',
      'name',
      'text',
      'value',
      'membersAdded',
      'action',
      'timestamp',
    );
    const type = fc.constantFrom('message', 'conversationUpdate', 'installationUpdate', 'other');
    await fc.assert(
      fc.asyncProperty(key, type, fc.jsonValue({ depthSize: 'small' }), async (name, kind, value) => {
        const { status } = await desk.post(activity(desk, { type: kind, text: 'nothing', [name]: value }));
        assert.equal(status, 200);
      }),
      { numRuns: 200 },
    );
    assert.deepEqual(
      desk.log.filter((line) => line.level === 'error'),
      [],
    );
  });

  it('in a message is taken apart without a crash, in time that does not explode', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"'.repeat(9999), '<at>'.repeat(3000), '&#x'.repeat(5000)),
    );
    fc.assert(
      fc.property(nasty, (text) => {
        const { name, args } = parseCommand(plainText(text, [], undefined));
        assert.equal(typeof name, 'string');
        assert.equal(typeof args.rest(0), 'string');
      }),
    );
  });

  it('cannot forge the mention of a person with characters of our own', () => {
    const plain = plainText('assign A-1 \uE0000\uE001 x', [], undefined);
    assert.equal(parseCommand(plain).args.mention(1), null);
  });

  it('of 100 KB in a message is answered', async () => {
    assert.equal((await desk.post(said(desk, 'x'.repeat(100_000)))).status, 200);
    assert.equal(desk.connector.calls.length, 1);
  });

  it('that calls a card of everybody a list does not draw a list over it', async () => {
    const page = { verb: 'list.page', tenantId: TENANT, list: 'queue', cursor: 'abc', schema: CARD_SCHEMA };
    const group = { conversation: { id: '19:group@thread.v2', conversationType: 'groupChat', tenantId: ENTRA } };
    const submit = (changes: object) => desk.post(activity(desk, { type: 'message', value: page, ...changes }));
    await submit({ replyToId: 'root' });
    await submit({ replyToId: 'card', ...group });
    await submit({ replyToId: 'list-in-the-thread' });
    assert.deepEqual(
      desk.connector.calls.map(({ method, path }) => [method, path]),
      [
        ['POST', '/v3/conversations/19:alerts@thread.tacv2;messageid=root/activities'],
        ['POST', '/v3/conversations/19:group@thread.v2/activities'],
        ['PUT', '/v3/conversations/19:alerts@thread.tacv2/activities/list-in-the-thread'],
      ],
    );
    for (const { body } of desk.connector.calls) assert.match(JSON.stringify(body), /Triage queue/);
  });
});
