import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SourceError } from '../../domain/alerts/alert-source.js';
import type { MicrosoftApi, RequestBudget } from '../../domain/sync/request-budget.js';
import { microsoftCloud } from '../../microsoft/cloud.js';
import { managedDeviceParser, settingSummaryParser } from '../../microsoft/intune-parser.js';
import { machineParser } from '../../microsoft/machine-parser.js';
import { parseRecords } from '../../microsoft/page-records.js';
import { defender, graphIntune, graphSecurity } from '../../microsoft/rest-api.js';
import { createRestReader } from '../../microsoft/rest-reader.js';
import { sendOnce } from '../../microsoft/rest.js';
import type { RestOptions, RestWrite } from '../../microsoft/rest.js';
import { TransportFailure } from '../../microsoft/transport-failure.js';
import { changeParser, cveParser } from '../../microsoft/vulnerability-parser.js';
import { faultOf, sharedJson } from './harness.js';
import { connection, never, openPretend } from './pretend.js';
import type { Asked, Pretend } from './pretend.js';

const worldwide = microsoftCloud('worldwide');
const api = defender(worldwide);

describe('requests to the APIs of Microsoft', () => {
  let pretend: Pretend;
  beforeEach(async () => (pretend = await openPretend()));
  afterEach(() => pretend.close());

  const read = (more: Partial<RestOptions> = {}, of = api, asked: object = {}) =>
    createRestReader(
      pretend.options(more),
      of,
    )({
      ...{ connection, target: '/machines/m1', permission: 'Machine.Read.All', signal: never() },
      ...asked,
    });
  const isolate: RestWrite = {
    connection,
    method: 'POST',
    path: '/machines/m1/isolate',
    body: { Comment: 'why', IsolationType: 'Full' },
    urgent: true,
    signal: never(),
  };
  const write = (more: Partial<RestOptions> = {}, changed: Partial<RestWrite> = {}) =>
    sendOnce(pretend.options(more), api, { ...isolate, ...changed });
  const error = (status: number, code: string, message: string) => () => ({
    status,
    json: { error: { code, message, target: 'c-1' } },
  });

  describe('that read', () => {
    it('name consent and audience when Defender refuses every token', async () => {
      pretend.answer = error(401, 'Unauthorized', 'Authorization has been denied for this request.');
      await assert.rejects(
        read(),
        faultOf('on_hold', /consent and Machine\.Read\.All/, /api\.securitycenter\.microsoft\.com/, /has been denied/),
      );
      assert.equal(pretend.asked.length, 2, 'once more with a new token, then no more');
    });

    it('name the permission that a 403 of Defender is about', async () => {
      pretend.answer = () => ({ status: 403 });
      await assert.rejects(read(), faultOf('on_hold', /Machine\.Read\.All of WindowsDefenderATP/, /no explanation/));
    });

    it('take a 404 with an empty body for an outage, or for an absence where that is an answer', async () => {
      pretend.answer = () => ({ status: 404, text: '' });
      await assert.rejects(read(), faultOf('unavailable', /Defender does not find this in the worldwide cloud/));
      const { status, body } = await read({}, api, { mayBeAbsent: true });
      assert.deepEqual([status, body], [404, null]);
    });

    for (const code of ['429', 'TooManyRequests'])
      it(`are throttled by code ${code}, with and without Retry-After`, async () => {
        const json = { error: { code, message: 'API calls quota exceeded! maximum allowed 1500 per 01:00:00' } };
        pretend.answer = () => ({ status: 429, headers: { 'retry-after': '120' }, json });
        const waiting: unknown = await read().catch((reason: unknown) => reason);
        assert.ok(waiting instanceof SourceError);
        assert.deepEqual([waiting.fault, waiting.retryAfterMs, pretend.pauses], ['throttled', 120_000, []]);
        pretend.answer = () => ({ status: 429, json });
        await assert.rejects(read(), faultOf('throttled', /Defender throttles this tenant/));
        assert.deepEqual(pretend.pauses, [1000, 2000]);
      });

    it('call an HTML page, an empty body and broken JSON of a success a fault of protocol', async () => {
      for (const text of ['<html>Sign in</html>', '', '{"value":[']) {
        pretend.answer = () => ({ text });
        await assert.rejects(read(), faultOf('protocol', /Defender answered with something that is not JSON/));
      }
    });

    it('understand every recorded error body', async function () {
      const recorded = ['graph', 'mde'].map((name) => [name, sharedJson(`samples/${name}-errors.json`)] as const);
      if (recorded.some(([, bodies]) => bodies === null)) this.skip();
      const faults: unknown[] = [];
      for (const [name, bodies] of recorded)
        for (const { http, body } of bodies as { http: number; body: unknown }[]) {
          pretend.answer = () => ({ status: http, json: body });
          const fault: unknown = await read({}, name === 'mde' ? api : graphIntune(worldwide)).catch((e: unknown) => e);
          faults.push([http, fault instanceof SourceError ? fault.fault : fault]);
        }
      assert.deepEqual(faults, [
        [401, 'on_hold'],
        [403, 'on_hold'],
        [401, 'on_hold'],
        [400, 'not_licensed'],
        [404, 'unavailable'],
        [400, 'protocol'],
        [429, 'throttled'],
        [400, 'protocol'],
        [401, 'on_hold'],
      ]);
    });

    it('go to the hosts of their cloud with tokens for it', async () => {
      const expected = {
        worldwide: ['api.security.microsoft.com', 'graph.microsoft.com', 'api.securitycenter.microsoft.com'],
        gcc: ['api-gcc.securitycenter.microsoft.us', 'graph.microsoft.com', 'api-gcc.securitycenter.microsoft.us'],
        gcc_high: ['api-gov.securitycenter.microsoft.us', 'graph.microsoft.us', 'api-gov.securitycenter.microsoft.us'],
        dod: ['api-gov.securitycenter.microsoft.us', 'dod-graph.microsoft.us', 'api-gov.securitycenter.microsoft.us'],
      } as const;
      for (const [name, [defenderHost, graphHost, audience]] of Object.entries(expected)) {
        await pretend.close();
        const cloud = microsoftCloud(name as keyof typeof expected);
        pretend = await openPretend(cloud);
        pretend.answer = () => ({ json: {} });
        await read({}, defender(cloud));
        await read({}, graphSecurity(cloud));
        assert.deepEqual(
          pretend.asked.map(({ host }) => host),
          [defenderHost, graphHost],
        );
        assert.deepEqual(
          pretend.tokenScopes.map((scope) => scope.split(' ')[0]),
          [`https://${audience}/.default`, `https://${graphHost}/.default`],
        );
      }
    });

    it('never leave for a host that is not of their API, whatever they are asked', async () => {
      for (const target of ['https://graph.microsoft.com/v1.0/me', 'https://evil.example/api/machines']) {
        await assert.rejects(read({}, api, { target }), faultOf('protocol', /left the known hosts/));
      }
      assert.deepEqual(pretend.asked, []);
    });

    it('wait for the budget of their API before each request, repeated ones included', async () => {
      const waits = [300, 200, 0, 0, 0];
      const met: [string, MicrosoftApi, boolean][] = [];
      const budget: RequestBudget = async (of, which, urgent) => {
        met.push([of.tenantId, which, urgent]);
        return waits.shift() ?? 0;
      };
      pretend.answer = () => (pretend.asked.length === 1 ? { status: 503 } : { json: {} });
      await read({ budget });
      assert.deepEqual(pretend.pauses, [300, 200, 1000]);
      assert.deepEqual(met, Array(4).fill(['tenant-1', 'defender', false]));
      met.length = 0;
      await read({ budget }, graphIntune(worldwide), { urgent: true });
      await read({ budget }, graphSecurity(worldwide));
      assert.deepEqual(
        met.map(([, which, urgent]) => [which, urgent]),
        [
          ['graph_intune', true],
          ['graph_security', false],
        ],
      );
    });

    it('stop waiting for the budget when the caller gives up, with the reason of the caller', async () => {
      const stop = new AbortController();
      const budget: RequestBudget = async () => {
        setImmediate(() => stop.abort(new Error('shutting down')));
        return 60_000;
      };
      await assert.rejects(read({ budget, retry: undefined }, api, { signal: stop.signal }), /shutting down/);
      assert.deepEqual(pretend.asked, []);
    });
  });

  describe('that write', () => {
    const failureOf = async (sent: ReturnType<typeof write>) => {
      const outcome = await sent;
      assert.ok(outcome instanceof TransportFailure);
      return outcome;
    };
    const only = (): Asked => {
      assert.equal(pretend.asked.length, 1);
      const [asked] = pretend.asked;
      assert.ok(asked);
      return asked;
    };

    it('are sent once with their body as it is, and answered whatever the status', async () => {
      pretend.answer = error(400, 'ActiveRequestAlreadyExists', 'Action is already in progress');
      const answer = await write();
      assert.ok(!(answer instanceof TransportFailure));
      assert.equal(answer.status, 400);
      assert.match(answer.text, /ActiveRequestAlreadyExists/);
      const { method, host, path, body, authorization } = only();
      assert.deepEqual([method, host, path], ['POST', 'api.security.microsoft.com', '/api/machines/m1/isolate']);
      assert.equal(body, '{"Comment":"why","IsolationType":"Full"}');
      assert.match(authorization ?? '', /^Bearer token-1 /);
    });

    for (const status of [429, 500, 502, 503, 504])
      it(`are not repeated after HTTP ${status}`, async () => {
        pretend.answer = () => ({ status, headers: { 'retry-after': '1' } });
        const answer = await write();
        assert.ok(!(answer instanceof TransportFailure));
        assert.deepEqual([answer.status, answer.headers.get('retry-after')], [status, '1']);
        only();
      });

    it('are not repeated when the connection breaks after sending, and may have arrived', async () => {
      pretend.answer = () => ({ fails: 'reset' });
      assert.deepEqual((await failureOf(write())).neverSent, false);
      only();
    });

    it('are not repeated when no answer comes in time', async () => {
      pretend.answer = () => ({ fails: 'hang' });
      const failure = await failureOf(write({ limits: { timeoutMs: 100, maxBytes: 1000 } }));
      assert.deepEqual([failure.kind, failure.neverSent], ['timeout', false]);
      only();
    });

    it('have an open outcome when the caller gives up after sending', async () => {
      const stop = new AbortController();
      pretend.answer = () => {
        setImmediate(() => stop.abort(new Error('shutting down')));
        return { fails: 'hang' };
      };
      const failure = await failureOf(write({}, { signal: stop.signal }));
      assert.match(failure.message, /given up before its answer came/);
      only();
    });

    it('say so when no connection came about', async () => {
      const options = pretend.options();
      await options.tokens.get(connection, api.scope, never());
      await pretend.close();
      const failure = await failureOf(sendOnce(options, api, isolate));
      assert.equal(failure.neverSent, true);
      pretend = await openPretend();
    });

    it('never leave when the caller gave up before, or there is no token', async () => {
      const signal = AbortSignal.abort(new Error('shutting down'));
      await assert.rejects(write({}, { signal }), /shutting down/);
      const get = () => Promise.reject(new SourceError('on_hold', 'no consent'));
      await assert.rejects(write({ tokens: { get, refuse: () => undefined } }), faultOf('on_hold'));
      assert.deepEqual(pretend.asked, []);
    });

    it('never leave when the caller gives up while there is no budget', async () => {
      const stop = new AbortController();
      const budget: RequestBudget = async () => {
        setImmediate(() => stop.abort(new Error('shutting down')));
        return 60_000;
      };
      await assert.rejects(write({ budget, retry: undefined }, { signal: stop.signal }), /^Error: shutting down$/);
      assert.deepEqual(pretend.asked, []);
    });

    it('are not repeated with a new token, which is for the next request', async () => {
      const options = pretend.options();
      pretend.answer = error(401, 'Unauthorized', 'Authorization has been denied for this request.');
      await sendOnce(options, api, isolate);
      only();
      await sendOnce(options, api, isolate);
      assert.deepEqual(
        pretend.asked.map(({ authorization }) => authorization?.split(' ')[1]),
        ['token-1', 'token-2'],
      );
    });

    it('use the reserve of the budget that is for people', async () => {
      const met: unknown[] = [];
      await write({
        budget: async (_, which, urgent) => {
          met.push([which, urgent]);
          return 0;
        },
      });
      assert.deepEqual(met, [['defender', true]]);
    });

    it('stay with their host whatever their path is', async () => {
      for (const path of ['@evil.example/x', '//evil.example/x', ':443@evil.example/x', '/../../x']) {
        await write({}, { path });
      }
      assert.deepEqual([...new Set(pretend.asked.map(({ host }) => host))], ['api.security.microsoft.com']);
    });
  });

  it('write no token into the log', async () => {
    pretend.answer = () => ({ status: 401 });
    await read().catch(() => undefined);
    await write();
    assert.ok(pretend.logged.length > 0);
    assert.doesNotMatch(pretend.logged.join('\n'), /token-\d|hush/);
  });

  it('give records of which any may be anything at all', () => {
    const parsers = [machineParser, managedDeviceParser, settingSummaryParser, changeParser, cveParser];
    const members = ['id', 'deviceId', 'cveId', 'computerDnsName', 'machineTags', 'cvssV3', 'lastSeen', 'osBuild'];
    const record = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom(...members), fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }))),
    );
    fc.assert(
      fc.property(fc.array(record), (rows) => {
        for (const parser of parsers) {
          const page = parseRecords<never, unknown>({ rows, partial: false, number: 1 }, parser as never);
          assert.ok(page.items.length + page.malformed.length <= rows.length);
          assert.doesNotMatch(JSON.stringify(page), /\\u0000|\\ud[89a-f]/i);
        }
      }),
    );
  });
});
