import assert from 'node:assert/strict';
import type { AlertVerdict } from '../../domain/actions/action-gateway.js';
import { createAlertUpdates } from '../../microsoft/alert-updates.js';
import { faultOf } from './harness.js';
import { connection, never, openPretend } from './pretend.js';
import type { Asked, Pretend, Reply } from './pretend.js';

const id = 'da637865765418431569_-773071023';
const verdict: AlertVerdict = {
  classification: 'falsePositive',
  determination: 'notMalicious',
  comment: 'Closed by Ana in Teams, A-7.',
};

describe('alerts resolved at Microsoft', () => {
  let pretend: Pretend;
  let comments: unknown[];
  beforeEach(async () => {
    pretend = await openPretend();
    comments = [];
    pretend.answer = serve;
  });
  afterEach(() => pretend.close());

  const resolve = (alertId = id) =>
    createAlertUpdates(pretend.options()).resolve(connection, alertId, verdict, never());
  const steps = () => pretend.asked.map(({ method, path }) => `${method} ${path}`);
  const path = `/v1.0/security/alerts_v2/${id}`;

  /** Counts an update for each change, as Microsoft does. */
  function serve({ method, body }: Asked): Reply {
    if (method === 'POST') comments.push(JSON.parse(body));
    const minute = pretend.asked.filter((asked) => asked.method !== 'GET').length;
    const lastUpdateDateTime = `2026-03-01T08:0${minute}:00.1234567Z`;
    return method === 'POST' ? { json: { value: comments } } : { json: { id, lastUpdateDateTime, comments } };
  }

  it('get the comment first, then the verdict, whose answer tells the last update', async () => {
    assert.deepEqual(await resolve(), { lastUpdate: '2026-03-01T08:02:00.1234567Z' });
    assert.deepEqual(steps(), [`GET ${path}`, `POST ${path}/comments`, `PATCH ${path}`]);
    assert.deepEqual(JSON.parse(pretend.asked[2]?.body ?? ''), {
      status: 'resolved',
      classification: 'falsePositive',
      determination: 'notMalicious',
    });
    assert.deepEqual(JSON.parse(pretend.asked[1]?.body ?? ''), {
      '@odata.type': 'microsoft.graph.security.alertComment',
      comment: verdict.comment,
    });
    assert.deepEqual([...new Set(pretend.tokenScopes)], ['https://graph.microsoft.com/.default']);
  });

  it('may be resolved again: the comment that stands there is not repeated', async () => {
    pretend.answer = (asked) => (asked.method === 'PATCH' ? { status: 503 } : serve(asked));
    await assert.rejects(resolve(), faultOf('unavailable', /503/));
    pretend.answer = serve;
    await resolve();
    assert.equal(steps().filter((step) => step.startsWith('POST')).length, 1);
  });

  it('leave once in each try, and say what came of it', async () => {
    const cases: [Reply, Parameters<typeof faultOf>[0], RegExp][] = [
      [{ status: 429, headers: { 'retry-after': '30' } }, 'throttled', /throttles/],
      [{ status: 500 }, 'unavailable', /500/],
      [{ fails: 'reset' }, 'unavailable', /could not be reached/],
      [{ status: 403 }, 'on_hold', /SecurityAlert\.ReadWrite\.All of Microsoft Graph/],
      [{ status: 400, json: { error: { code: 'BadRequest', message: 'no such value' } } }, 'protocol', /no such value/],
    ];
    for (const [reply, fault, sentence] of cases) {
      const before = pretend.asked.length;
      pretend.answer = (asked) => (asked.method === 'GET' ? serve(asked) : reply);
      await assert.rejects(resolve(), faultOf(fault, sentence));
      assert.equal(pretend.asked.length - before, 2, 'one read, one write');
    }
  });

  it('are read again when the answer has no last update, as one without a body', async () => {
    pretend.answer = (asked) => (asked.method === 'PATCH' ? { status: 204, text: '' } : serve(asked));
    assert.deepEqual(await resolve(), { lastUpdate: '2026-03-01T08:02:00.1234567Z' });
    pretend.answer = () => ({ json: { id } });
    await assert.rejects(resolve(), faultOf('protocol', /without its last update/));
  });

  it('that Microsoft does not know, or whose id is none, are not written to', async () => {
    pretend.answer = () => ({ status: 404, text: '' });
    await assert.rejects(resolve(), faultOf('unavailable', /does not find this/));
    assert.deepEqual(steps(), [`GET ${path}`]);
    for (const bad of ['', '..', 'x'.repeat(256)])
      await assert.rejects(resolve(bad), faultOf('protocol', /none of Mic/));
    pretend.answer = serve;
    await resolve('a/../b?x=1#y');
    assert.equal(steps().at(-1), 'PATCH /v1.0/security/alerts_v2/a%2F..%2Fb%3Fx%3D1%23y');
  });
});
