import assert from 'node:assert/strict';
import { createDefenderMachines } from '../../microsoft/defender-machines.js';
import { faultOf, sharedJson } from './harness.js';
import { connection, itemsOf, never, openPretend, pagesOf, slice } from './pretend.js';
import type { Asked, Pretend } from './pretend.js';

const machineId = (index: number) => index.toString(16).padStart(40, '0');
const action = (index: number, given: object = {}) => ({
  id: `00000000-0000-4000-8000-${index.toString().padStart(12, '0')}`,
  type: 'Isolate',
  scope: 'Full',
  status: 'Succeeded',
  machineId: machineId(index),
  creationDateTimeUtc: '2026-03-01T08:00:00.1234567Z',
  lastUpdateDateTimeUtc: '2026-03-01T08:01:00.7654321Z',
  ...given,
});

describe('isolations and releases of Defender', () => {
  let pretend: Pretend;
  beforeEach(async () => (pretend = await openPretend()));
  afterEach(() => pretend.close());

  const isolations = (since: Date | null = null, pageSize = 1000) =>
    createDefenderMachines({ ...pretend.options(), pageSize }).isolations(connection, since, never());
  const typeAsked = ({ query }: Asked) => /type eq '(\w+)'/.exec(query.get('$filter') ?? '')?.[1];
  const told = async (...given: object[]) => {
    const rows = given.map((one, index) => action(index, one));
    pretend.answer = (asked) => ({ json: { value: typeAsked(asked) === 'Isolate' ? rows : [] } });
    const pages = await pagesOf(isolations());
    return {
      items: pages.flatMap((page) => page.items),
      malformed: pages.flatMap((page) => page.malformed.map(({ why }) => why)),
    };
  };

  it('are two lists for all machines, read by $skip until a page is short', async () => {
    const rows = {
      Isolate: Array.from({ length: 25 }, (_, n) => action(n)),
      Unisolate: [action(1, { type: 'Unisolate' })],
    };
    pretend.answer = (asked) => slice(rows[typeAsked(asked) as keyof typeof rows], asked);
    const met = await itemsOf(isolations(null, 10));
    assert.equal(met.length, 26);
    assert.deepEqual(met.at(-1), {
      microsoftDeviceId: machineId(1),
      state: 'not_isolated',
      at: '2026-03-01T08:01:00.7654321Z',
    });
    assert.deepEqual(
      pretend.asked.map(({ path, query }) => [path, query.get('$filter'), query.get('$top'), query.get('$skip')]),
      [
        ...['0', '10', '20'].map((skip) => ['/api/machineactions', "type eq 'Isolate'", '10', skip]),
        ['/api/machineactions', "type eq 'Unisolate'", '10', '0'],
      ],
    );
  });

  it('are asked for since a time, in the form that Defender takes', async () => {
    await itemsOf(isolations(new Date('2026-03-01T08:00:00Z')));
    assert.deepEqual(
      pretend.asked.map(({ query }) => query.get('$filter')),
      ['Isolate', 'Unisolate'].map((type) => `type eq '${type}' and creationDateTimeUtc ge 2026-03-01T08:00:00.000Z`),
    );
  });

  it('say what they leave a machine in, in whatever case', async () => {
    const { items, malformed } = await told(
      { scope: 'Selective' },
      { scope: null },
      { type: 'isolate', scope: 'FULL', status: 'succeeded' },
      { type: 'UNISOLATE', scope: null },
    );
    assert.deepEqual(
      [items.map(({ state }) => state), malformed],
      [['selectively_isolated', 'isolated', 'isolated', 'not_isolated'], []],
    );
  });

  it('count only when they succeeded, and nothing else is an isolation', async () => {
    const words = ['Pending', 'InProgress', 'Failed', 'TimeOut', 'Cancelled', 'Dreaming', null, 7];
    const types = ['RunAntiVirusScan', 'RestrictCodeExecution', 'Contain', null, {}];
    const of = [...words.map((status) => ({ status })), ...types.map((type) => ({ type }))];
    const { items, malformed } = await told(...of, ...of.map((one) => ({ ...one, machineId: null })));
    assert.deepEqual([items, malformed], [[], []]);
  });

  it('happened when Defender changed them last, as the documentation spells it too; else when they were begun', async () => {
    const { items } = await told(
      { lastUpdateDateTimeUtc: undefined, lastUpdateTimeUtc: '2026-03-01T09:00:00Z' },
      { lastUpdateDateTimeUtc: '0001-01-01T00:00:00Z' },
    );
    assert.deepEqual(
      items.map(({ at }) => at),
      ['2026-03-01T09:00:00Z', '2026-03-01T08:00:00.1234567Z'],
    );
  });

  it('without a machine or a time are named and left out, and the others stay', async () => {
    const noTime = { creationDateTimeUtc: '9999-12-31T23:59:59Z', lastUpdateDateTimeUtc: 'yesterday' };
    const { items, malformed } = await told({ machineId: null }, { machineId: ' ' }, noTime, { id: null }, {});
    assert.deepEqual(
      items.map(({ microsoftDeviceId }) => microsoftDeviceId),
      [machineId(4)],
    );
    assert.deepEqual(malformed, [
      'machineId: is missing',
      'machineId: is blank',
      'lastUpdateDateTimeUtc: is no time',
      'id: is missing',
    ]);
  });

  it('are not read for ever, and say which permission is missing', async () => {
    pretend.answer = () => ({ json: { value: Array.from({ length: 10 }, (_, n) => action(n)) } });
    await assert.rejects(itemsOf(isolations(null, 10)), faultOf('protocol', /same page of machine actions twice/));
    pretend.answer = () => ({ status: 403, json: { error: { code: 'Forbidden', message: 'Missing roles' } } });
    await assert.rejects(itemsOf(isolations()), faultOf('on_hold', /Machine\.Read\.All/));
  });

  it('read the samples of the documentation', async function () {
    const [one, list] = ['mde-machineaction', 'mde-machineactions-list'].map((name) =>
      sharedJson(`samples/${name}.json`),
    );
    if (!one || !list) this.skip();
    pretend.answer = (asked) => ({ json: typeAsked(asked) === 'Isolate' ? { value: [one] } : list });
    assert.deepEqual(await itemsOf(isolations()), [
      {
        microsoftDeviceId: '7b1f4967d9728e5aa3c06a9e617a22a4a5a17378',
        state: 'selectively_isolated',
        at: '2019-01-02T14:40:44.6596267Z',
      },
    ]);
  });
});
