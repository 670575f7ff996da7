import assert from 'node:assert/strict';
import type { ActionOrder, DeviceActions, OrderOutcome } from '../../domain/actions/action-gateway.js';
import { SourceError } from '../../domain/alerts/alert-source.js';
import type { RequestBudget } from '../../domain/sync/request-budget.js';
import { createDeviceActions } from '../../microsoft/device-actions.js';
import type { RestOptions } from '../../microsoft/rest.js';
import { faultOf, sharedJson } from './harness.js';
import { connection, never, openPretend } from './pretend.js';
import type { Asked, Pretend, Reply } from './pretend.js';

const machineId = '7b1f4967d9728e5aa3c06a9e617a22a4a5a17378';
const actionId = '5382f7ea-7557-4ab7-9782-d50480024a4e';
const isolate: ActionOrder = {
  kind: 'isolate',
  microsoftDeviceId: machineId,
  parameter: 'Full',
  comment: 'Ana for Contoso',
};

/** As Defender sends it; give what matters. */
const sent = (given: object = {}) => ({
  id: actionId,
  type: 'Isolate',
  scope: 'Full',
  requestor: 'AVIAN',
  requestorComment: 'Ana for Contoso',
  status: 'Pending',
  machineId,
  creationDateTimeUtc: '2026-03-01T08:00:00.1234567Z',
  lastUpdateDateTimeUtc: null,
  ...given,
});
const error = (status: number, code: string, message: string, headers = {}): Reply => ({
  status,
  headers,
  json: { error: { code, message, target: 'c-1' } },
});

describe('actions on machines of Defender', () => {
  let pretend: Pretend;
  beforeEach(async () => (pretend = await openPretend()));
  afterEach(() => pretend.close());

  const actions = (more: Partial<RestOptions> = {}): DeviceActions => createDeviceActions(pretend.options(more));
  const order = (given: Partial<ActionOrder> = {}, more: Partial<RestOptions> = {}) =>
    actions(more).order(connection, { ...isolate, ...given }, never());
  /** What one order comes to when Defender answers so, and that it left once. */
  async function once(reply: Reply, more: Partial<RestOptions> = {}): Promise<OrderOutcome> {
    pretend.answer = () => reply;
    const outcome = await order({}, more);
    assert.equal(pretend.asked.length, 1, 'the POST left once');
    return outcome;
  }
  const messageOf = (outcome: OrderOutcome) => ('message' in outcome ? outcome.message : '');

  it('are ordered with the members as Defender spells them', async () => {
    pretend.answer = () => ({ status: 201, json: sent() });
    await order();
    await order({ kind: 'unisolate', parameter: null });
    await order({ kind: 'scan', parameter: 'Quick' });
    await actions().cancel(connection, actionId, 'not any more', never());
    const of = ({ method, path, body }: Asked) => [method, path, JSON.parse(body) as unknown];
    const Comment = isolate.comment;
    assert.deepEqual(pretend.asked.map(of), [
      ['POST', `/api/machines/${machineId}/isolate`, { Comment, IsolationType: 'Full' }],
      ['POST', `/api/machines/${machineId}/unisolate`, { Comment }],
      ['POST', `/api/machines/${machineId}/runAntiVirusScan`, { Comment, ScanType: 'Quick' }],
      ['POST', `/api/machineactions/${actionId}/cancel`, { Comment: 'not any more' }],
    ]);
    assert.deepEqual([...new Set(pretend.asked.map((asked) => asked.host))], ['api.security.microsoft.com']);
    assert.deepEqual([...new Set(pretend.tokenScopes)], ['https://api.securitycenter.microsoft.com/.default']);
  });

  it('are accepted when Defender answers with the action, the pending one of somebody else included', async () => {
    const outcome = await once({ status: 201, json: sent({ lastUpdateDateTimeUtc: '2026-03-01T08:00:00.2345678Z' }) });
    assert.deepEqual(outcome, {
      is: 'accepted',
      action: {
        id: actionId,
        type: 'Isolate',
        status: 'Pending',
        microsoftDeviceId: machineId,
        comment: 'Ana for Contoso',
        createdAt: '2026-03-01T08:00:00.1234567Z',
        updatedAt: '2026-03-01T08:00:00.2345678Z',
      },
    });
  });

  for (const code of ['ActiveRequestAlreadyExists', 'BadRequest'])
    it(`are active already when Defender says so with the code ${code}`, async () => {
      assert.deepEqual(await once(error(400, code, 'Action is already in progress')), { is: 'active' });
    });

  describe('leave once and are not known to have been begun after', () => {
    const cases: Record<string, Reply> = {
      'an error of the server': error(500, 'InternalServerError', 'oops'),
      'a gateway that gave up': { status: 503, text: '<html>busy</html>', headers: { 'retry-after': '1' } },
      'a timeout of a gateway': { status: 504, text: '' },
      'a request timeout': { status: 408, text: '' },
      'a redirection': { status: 307, headers: { location: 'https://elsewhere.example/' } },
      'a connection that broke after the request was read': { fails: 'reset' },
      'a malformed 201': { status: 201, text: '{"id": "5382f7ea' },
      'a 201 without an action': { status: 201, json: { value: [] } },
      'a 204': { status: 204, text: '' },
    };
    for (const [name, reply] of Object.entries(cases))
      it(name, async () => {
        const outcome = await once(reply);
        assert.equal(outcome.is, 'unknown');
        assert.match(messageOf(outcome), /(not known|looked up)/);
      });

    it('an answer that does not come', async () => {
      const outcome = await once({ fails: 'hang' }, { limits: { timeoutMs: 200, maxBytes: 10_000 } });
      assert.equal(outcome.is, 'unknown');
      assert.match(messageOf(outcome), /gave no answer in 200 ms/);
    });

    it('an answer that is too long', async () => {
      const outcome = await once(
        { status: 201, text: 'x'.repeat(5_000) },
        { limits: { timeoutMs: 5_000, maxBytes: 99 } },
      );
      assert.equal(outcome.is, 'unknown');
    });

    it('a connection that was used before and breaks', async () => {
      const used = actions();
      pretend.answer = () => ({ json: sent() });
      await used.read(connection, actionId, never());
      pretend.answer = () => ({ fails: 'reset' });
      assert.equal((await used.order(connection, isolate, never())).is, 'unknown');
      assert.deepEqual(
        pretend.asked.map(({ method }) => method),
        ['GET', 'POST'],
      );
    });
  });

  describe('leave once, are refused and say what to do after', () => {
    const cases: [string, Reply, RegExp][] = [
      ['throttling', error(429, '429', 'API calls quota exceeded!', { 'retry-after': '90' }), /again in 2 minutes/],
      ['throttling without a time', error(429, 'TooManyRequests', 'quota'), /again in a few minutes/],
      ['a refused token', error(401, 'Unauthorized', 'denied'), /check its consent and Machine\.Isolate/],
      ['a missing permission', error(403, 'Forbidden', 'missing roles'), /lacks the permission Machine\.Isolate/],
      ['a device that is gone', { status: 404, text: '' }, /does not know this device any more/],
      ['an unsupported system', error(400, 'OsPlatformNotSupported', 'no'), /operating system of this device/],
      ['an old client', error(400, 'ClientVersionNotSupported', 'no'), /Update the client/],
      ['another refusal', error(400, 'InvalidRequestBody', 'Request body is incorrect'), /InvalidRequestBody/],
    ];
    for (const [name, reply, sentence] of cases)
      it(name, async () => {
        const outcome = await once(reply);
        assert.equal(outcome.is, 'refused');
        assert.match(messageOf(outcome), sentence);
        assert.match(messageOf(outcome), /Nothing was begun\./);
      });

    it('no answer to a scan without its permission', async () => {
      pretend.answer = () => ({ status: 403 });
      const outcome = await order({ kind: 'scan', parameter: 'Full' });
      assert.match(messageOf(outcome), /Machine\.Scan of WindowsDefenderATP/);
    });
  });

  it('a refused token is renewed for the next order', async () => {
    const used = actions();
    pretend.answer = () => error(401, 'Unauthorized', 'denied');
    await used.order(connection, isolate, never());
    await used.order(connection, isolate, never());
    const [first, second] = pretend.asked.map((asked) => asked.authorization);
    assert.notEqual(first, second);
  });

  describe('do not leave at all', () => {
    it('without a token', async () => {
      const tokens = {
        get: () => Promise.reject(new SourceError('on_hold', 'The client secret of app 1 has expired.')),
        refuse: () => undefined,
      };
      const outcome = await order({}, { tokens });
      assert.deepEqual(outcome, {
        is: 'refused',
        message: 'The client secret of app 1 has expired. Nothing was begun.',
      });
      assert.deepEqual(pretend.asked, []);
    });

    it('when nobody listens, and that is known', async () => {
      const gone = await openPretend();
      const { transport } = gone.options();
      await gone.close();
      const outcome = await order({}, { transport });
      assert.equal(outcome.is, 'refused');
      assert.match(messageOf(outcome), /could not be reached \(ECONNREFUSED\)\. Nothing was begun/);
    });

    it('for an id that is no machine id', async () => {
      for (const microsoftDeviceId of ['', "x' or 1 eq 1", '../machineactions', 'a'.repeat(101), 'a b']) {
        const outcome = await order({ microsoftDeviceId });
        assert.equal(outcome.is, 'refused', microsoftDeviceId);
      }
      assert.equal((await actions().cancel(connection, 'no-guid', 'why', never())).is, 'refused');
      assert.deepEqual(pretend.asked, []);
    });

    it('when the caller has given up before', async () => {
      await assert.rejects(actions().order(connection, isolate, AbortSignal.abort(new Error('stopping'))), /stopping/);
      assert.deepEqual(pretend.asked, []);
    });

    it('before the budget has one left, of which people may use the reserve', async () => {
      const taken: string[] = [];
      const budget: RequestBudget = (_connection, api, urgent) =>
        Promise.resolve(taken.push(`${api} ${String(urgent)} ${pretend.asked.length}`) < 2 ? 700 : 0);
      pretend.answer = () => ({ status: 201, json: sent() });
      await order({}, { budget });
      assert.deepEqual(taken, ['defender true 0', 'defender true 0']);
      assert.deepEqual([pretend.pauses, pretend.asked.length], [[700], 1]);
    });
  });

  it('are cancelled, or not any more', async () => {
    pretend.answer = () => ({ json: sent({ status: 'Cancelled' }) });
    const cancel = () => actions().cancel(connection, actionId, 'not any more', never());
    assert.equal((await cancel()).is, 'accepted');
    pretend.answer = () => error(400, 'InvalidInput', 'The action has ended');
    const late = await cancel();
    assert.deepEqual([late.is, /The action has ended/.test(messageOf(late))], ['refused', true]);
    pretend.answer = () => ({ status: 404, text: '' });
    assert.match(messageOf(await cancel()), /does not know this action/);
    assert.equal(pretend.asked.length, 3);
  });

  it('are listed for one machine, newest first, whatever the filter is worth', async () => {
    const rows = [
      sent({ id: 'a', creationDateTimeUtc: '2026-03-01T08:00:00.1Z' }),
      sent({ id: 'b', creationDateTimeUtc: '2026-03-01T08:00:00.1234567Z' }),
      sent({ id: 'c', machineId: 'f'.repeat(40) }),
      sent({ id: 'd', creationDateTimeUtc: '2026-02-28T08:00:00Z' }),
      sent({ id: 'e', creationDateTimeUtc: '0001-01-01T00:00:00Z', machineId: machineId.toUpperCase() }),
      { status: 'Pending' },
      sent({ id: 'g', type: null, status: 7, requestorComment: 'a\u0000b', machineId: null }),
    ];
    pretend.answer = () => ({ json: { value: rows } });
    const since = new Date('2026-03-01T00:00:00Z');
    const found = await actions().ofMachine(connection, machineId, since, never());
    assert.deepEqual(
      found.map(({ id }) => id),
      ['e', 'b', 'g', 'a'],
    );
    assert.deepEqual([found[2]?.type, found[2]?.status, found[2]?.comment], ['', '', 'ab']);
    assert.equal(
      pretend.asked[0]?.query.get('$filter'),
      `machineId eq '${machineId}' and creationDateTimeUtc ge 2026-03-01T00:00:00.000Z`,
    );
    assert.ok(pretend.logged.some((line) => line.includes('"malformed":1')));
    await actions().ofMachine(connection, machineId, null, never());
    assert.equal(pretend.asked[1]?.query.get('$filter'), `machineId eq '${machineId}'`);
    await assert.rejects(
      actions().ofMachine(connection, "x' or '1", null, never()),
      faultOf('protocol', /none of Def/),
    );
  });

  it('are read one by one, repeated when that helps, and may be unknown there', async () => {
    let times = 0;
    pretend.answer = () =>
      times++ === 0 ? { status: 503 } : { json: sent({ lastUpdateTimeUtc: 'x', externalID: 'y' }) };
    assert.equal((await actions().read(connection, actionId, never()))?.status, 'Pending');
    assert.deepEqual([pretend.asked.length, pretend.asked[0]?.path], [2, `/api/machineactions/${actionId}`]);
    pretend.answer = () => ({ status: 404, text: '' });
    assert.equal(await actions().read(connection, actionId, never()), null);
    pretend.answer = () => ({ json: [] });
    await assert.rejects(actions().read(connection, actionId, never()), faultOf('protocol', /no action/));
    await assert.rejects(actions().read(connection, 'no guid', never()), faultOf('protocol'));
  });

  it('go with what the machine is now, null when Defender does not know it', async () => {
    const json = {
      id: machineId,
      osPlatform: 'WindowsServer2022',
      healthStatus: 'Active',
      onboardingStatus: 'Onboarded',
      deviceValue: 'High',
      machineTags: ['tier-0'],
    };
    pretend.answer = () => ({ json });
    assert.deepEqual(await actions().machine(connection, machineId, never()), {
      health: 'Active',
      onboarding: 'Onboarded',
      operatingSystem: 'WindowsServer2022',
      osVersion: null,
      deviceValue: 'High',
      tags: ['tier-0'],
    });
    pretend.answer = () => ({ status: 404, text: '' });
    assert.equal(await actions().machine(connection, machineId, never()), null);
    pretend.answer = () => ({ status: 403 });
    await assert.rejects(
      actions().machine(connection, machineId, never()),
      faultOf('on_hold', /Machine\.Read\.All of WindowsDefenderATP/),
    );
  });

  it('of the documentation are understood', async function () {
    const samples = sharedJson('samples/mde-machineactions-list.json') as { value: { machineId: string }[] } | null;
    if (!samples) return this.skip();
    pretend.answer = () => ({ json: samples });
    const found = await actions().ofMachine(connection, samples.value[0]?.machineId ?? '', null, never());
    assert.deepEqual(
      found.map(({ type, status }) => [type, status]),
      [
        ['CollectInvestigationPackage', 'Succeeded'],
        ['RunAntiVirusScan', 'Succeeded'],
      ],
    );
  });
});
