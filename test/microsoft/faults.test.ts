import assert from 'node:assert/strict';
import { SourceError } from '../../domain/alerts/alert-source.js';
import { sandboxApp } from '../../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../../sandbox/cloud/transport.js';
import { collect, contoso, contosoConnection, fabrikamConnection, faultOf, openBench } from './harness.js';
import type { Bench } from './harness.js';

const tenant = contoso.entraTenantId;

describe('when Graph does not answer as hoped', () => {
  let bench: Bench;
  beforeEach(async () => (bench = await openBench()));
  afterEach(() => bench.close());

  const graphRequests = () => bench.cloud.requestLog.filter(({ path }) => path.startsWith('/v1.0/'));
  const thrown = async (): Promise<SourceError> => {
    const error: unknown = await collect(bench.source()).then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof SourceError);
    return error;
  };

  it('waits as long as Retry-After asks and then succeeds', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'throttle', retryAfterSeconds: 7 }, 2);
    assert.equal((await collect(bench.source())).length, 1);
    assert.deepEqual(bench.pauses, [7000, 7000]);
  });

  it('hands a long Retry-After to the caller instead of sleeping', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'throttle', retryAfterSeconds: 120 });
    const error = await thrown();
    assert.deepEqual([error.fault, error.retryAfterMs, bench.pauses.length], ['throttled', 120_000, 0]);
  });

  it('backs off by itself when a 429 does not say how long, three calls at most', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'throttle', retryAfterSeconds: null });
    const error = await thrown();
    assert.deepEqual([error.fault, error.retryAfterMs], ['throttled', undefined]);
    assert.deepEqual(bench.pauses, [1000, 2000]);
    assert.equal(graphRequests().length, 3);
  });

  for (const [status, isHtml] of [
    [500, false],
    [502, true],
    [503, false],
    [504, true],
  ] as const) {
    it(`repeats a read after HTTP ${status}${isHtml ? ' with an HTML page' : ''}, then calls Graph unavailable`, async () => {
      bench.cloud.faults.turnOn(tenant, { kind: 'server_error', status, html: isHtml });
      await assert.rejects(collect(bench.source()), faultOf('unavailable', new RegExp(`HTTP ${status}`)));
      assert.equal(graphRequests().length, 3);
    });
  }

  it('survives a server error that passes', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'server_error', status: 503 }, 1);
    assert.equal((await collect(bench.source())).length, 1);
  });

  it('repeats a read whose connection broke', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'reset' }, 1);
    assert.equal((await collect(bench.source())).length, 1);
    bench.cloud.faults.turnOn(tenant, { kind: 'reset' });
    await assert.rejects(collect(bench.source()), faultOf('unavailable', /could not be reached/));
  });

  it('stops waiting for an answer that never comes, and does not ask again', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'hang' });
    const limits = { timeoutMs: 150, maxBytes: 1_000_000 };
    await assert.rejects(collect(bench.source({ limits })), faultOf('unavailable', /no answer in 150 ms/));
    assert.equal(graphRequests().length, 1);
  });

  it('stops at once when the caller gives up, with the reason of the caller', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'hang' });
    const stop = new AbortController();
    const reading = collect(bench.source(), contosoConnection, null, stop.signal);
    while (graphRequests().length === 0) await new Promise((resolve) => setImmediate(resolve));
    stop.abort(new Error('shutting down'));
    await assert.rejects(reading, /shutting down/);
  });

  it('does not read an answer larger than the limit', async () => {
    bench.cloud.raiseAlert(tenant, { description: 'x'.repeat(300_000) });
    const limits = { timeoutMs: 5000, maxBytes: 200_000 };
    await assert.rejects(collect(bench.source({ limits })), faultOf('protocol', /larger than 200000 bytes/));
  });

  it('calls broken JSON a fault of protocol', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'malformed_json' });
    await assert.rejects(collect(bench.source()), faultOf('protocol', /not JSON/));
  });

  it('calls JSON that is no page, and a redirect, faults of protocol', async () => {
    const inner = sandboxTransport(bench.url);
    const answering =
      (graph: Response) =>
      async (...call: Parameters<typeof fetch>) =>
        new Request(call[0]).url.includes('graph') ? graph : inner(...call);
    const noPage = answering(Response.json({ values: [] }));
    await assert.rejects(collect(bench.source({ transport: noPage })), faultOf('protocol', /not a page/));
    const away = answering(new Response(null, { status: 302, headers: { location: 'https://evil.example/' } }));
    await assert.rejects(collect(bench.source({ transport: away })), faultOf('protocol', /HTTP 302/));
  });

  it('renews a refused token once and goes on', async () => {
    const source = bench.source({ tokens: bench.tokens() });
    await collect(source);
    bench.cloud.faults.turnOn(tenant, { kind: 'token_refused' }, 1);
    assert.equal((await collect(source)).length, 1);
    assert.equal(bench.tokenPosts(), 2);
  });

  it('does not ask for tokens for ever when every one is refused', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'token_refused' });
    await assert.rejects(collect(bench.source()), faultOf('on_hold', /refuses every token/));
    assert.equal(bench.tokenPosts(), 2);
  });

  it('goes on when the token expires between two pages', async () => {
    let now = new Date();
    await bench.close();
    bench = await openBench({ clock: () => now });
    bench.cloud.burst(tenant, 20);
    const ids = new Set<string>();
    const stop = new AbortController().signal;
    for await (const page of bench.source({ pageSize: 10 }).pages(contosoConnection, null, stop)) {
      for (const alert of page.alerts) ids.add(alert.microsoftAlertId);
      now = new Date(now.getTime() + 2 * 3600 * 1000);
    }
    assert.equal(ids.size, 34);
    assert.ok(bench.tokenPosts() > 1);
  });

  it('goes on after a restart of the cloud that forgot all tokens', async () => {
    const tokens = bench.tokens();
    await collect(bench.source({ tokens }));
    const other = await openBench();
    try {
      assert.equal((await collect(other.source({ tokens: { ...tokens, ...retargeted(tokens, other) } }))).length, 1);
    } finally {
      await other.close();
    }
  });

  it('names the permission that is missing', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'permission_missing' });
    await assert.rejects(
      collect(bench.source()),
      faultOf('on_hold', /SecurityAlert\.Read\.All/, new RegExp(tenant), /Authorization_RequestDenied/),
    );
  });

  it('names the consent that was withdrawn while a token is still valid', async () => {
    const source = bench.source();
    await collect(source);
    bench.cloud.faults.turnOn(tenant, { kind: 'consent_revoked' });
    await assert.rejects(collect(source), faultOf('on_hold', /no consent/, /Authorization_IdentityNotFound/));
  });

  it('says that a tenant has no licence', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'not_licensed' });
    await assert.rejects(collect(bench.source()), faultOf('not_licensed', /no licence/));
  });

  it('takes a 404 with an empty body for an outage', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'not_found' });
    await assert.rejects(collect(bench.source()), faultOf('unavailable', /404/));
  });

  it('never lets the trouble of one tenant reach another', async () => {
    bench.cloud.faults.turnOn(tenant, { kind: 'throttle', retryAfterSeconds: 300 });
    const source = bench.source();
    await assert.rejects(collect(source), faultOf('throttled'));
    assert.equal((await collect(source, fabrikamConnection)).length, 1);
  });

  it('is throttled by the 151st request of a minute', async () => {
    await bench.close();
    bench = await openBench({ requestsPerMinute: 150 });
    const source = bench.source();
    for (let request = 1; request <= 150; request++) await collect(source);
    const error = await thrown();
    assert.equal(error.fault, 'throttled');
    assert.ok((error.retryAfterMs ?? 0) > 30_000);
  });

  it('writes no secret and no token into the log, whatever goes wrong', async () => {
    const kinds = ['token_refused', 'permission_missing', 'secret_wrong', 'malformed_json', 'consent_revoked'] as const;
    const source = bench.source();
    for (const kind of kinds) {
      bench.cloud.faults.turnOn(tenant, { kind });
      const error: unknown = await collect(source).then(
        () => null,
        (reason: unknown) => reason,
      );
      bench.logged.push(String(error), error instanceof Error ? String(error.stack) : '');
      bench.cloud.faults.turnOff(tenant);
    }
    const everything = bench.logged.join('\n');
    assert.ok(everything.length > 0);
    assert.equal(everything.includes(sandboxApp.secret), false);
    assert.doesNotMatch(everything, /eyJ[\w-]+\.[\w-]+\./);
  });
});

/** Tokens of the first cloud until one is refused, then of the second. */
function retargeted(first: ReturnType<Bench['tokens']>, other: Bench) {
  const second = other.tokens();
  let current = first;
  const get: typeof first.get = (...call) => current.get(...call);
  const refuse: typeof first.refuse = () => void (current = second);
  return { get, refuse };
}
