import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { compareTimes } from '../../microsoft/timestamps.js';
import { createRandom } from '../../sandbox/cloud/random.js';
import { sandboxTransport } from '../../sandbox/cloud/transport.js';
import {
  collect,
  contoso,
  contosoConnection,
  fabrikamConnection,
  faultOf,
  idsOf,
  leaking,
  openBench,
} from './harness.js';
import type { Bench } from './harness.js';

const tenant = contoso.entraTenantId;
/** `count` alerts, `perMoment` of them always sharing one update time. */
const many = (count: number, perMoment = 1, created = (index: number) => index) =>
  Array.from({ length: count }, (_, index) => ({
    id: `da${String(index).padStart(6, '0')}`,
    title: `Alert ${index}`,
    status: 'new',
    severity: 'low',
    createdDateTime: new Date(Date.UTC(2026, 3, 1) + created(index)).toISOString(),
    lastUpdateDateTime: new Date(Date.UTC(2026, 4, 1) + Math.floor(index / perMoment) * 1000).toISOString(),
  }));

describe('reading alerts of Graph through MSAL and the Graph client', () => {
  let bench: Bench;
  const open = async (...options: Parameters<typeof openBench>) => (bench = await openBench(...options));
  afterEach(() => bench.close());

  it('reads everything of a tenant, oldest update first, with one token', async () => {
    await open();
    const pages = await collect(bench.source());
    const alerts = pages.flatMap((page) => page.alerts);
    assert.equal(alerts.length, bench.cloud.alerts(tenant).length);
    const updates = alerts.map((alert) => alert.lastUpdate);
    assert.deepEqual(updates, [...updates].sort(compareTimes));
    assert.equal(bench.tokenPosts(), 1);
  });

  it('asks for the documented query and for enum members that came later', async () => {
    await open();
    await collect(bench.source(), contosoConnection, '2026-05-01T10:00:00.1234567Z');
    const request = bench.cloud.requestLog.find(({ path }) => path === '/v1.0/security/alerts_v2');
    const query = new URLSearchParams(request?.query);
    assert.equal(query.get('$filter'), 'lastUpdateDateTime ge 2026-05-01T10:00:00.1234567Z');
    assert.equal(query.get('$orderby'), 'lastUpdateDateTime asc');
    assert.equal(query.get('$top'), '1000');
    assert.equal(query.has('$skip'), false);
    assert.equal(request?.prefer, 'include-unknown-enum-members');
    assert.equal(request?.host, 'graph.microsoft.com');
  });

  it('gives only what changed at or after the given time, to the last of seven digits', async () => {
    await open({ tenants: [{ ...contoso, alerts: [] }] });
    for (const digit of [4, 5, 6]) {
      bench.cloud.raiseAlert(tenant, { id: `da${digit}`, lastUpdateDateTime: `2026-05-01T10:00:00.123456${digit}Z` });
    }
    const pages = await collect(bench.source(), contosoConnection, '2026-05-01T10:00:00.1234565Z');
    assert.deepEqual(idsOf(pages), ['da5', 'da6']);
  });

  it('refuses to put anything but a time into the filter', async () => {
    await open();
    await assert.rejects(collect(bench.source(), contosoConnection, "x' or 1 eq 1"), RangeError);
    assert.equal(bench.cloud.requestLog.length, 0);
  });

  it('follows the links of Graph to the end', async () => {
    await open({ tenants: [{ ...contoso, alerts: many(25) }] });
    const pages = await collect(bench.source({ pageSize: 10 }));
    assert.deepEqual(
      pages.map((page) => page.alerts.length),
      [10, 10, 5],
    );
    assert.equal(new Set(idsOf(pages)).size, 25);
  });

  it('goes on at the last update time when full pages come without a link', async () => {
    await open({ tenants: [{ ...contoso, alerts: many(35, 4) }] });
    bench.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'never' });
    const pages = await collect(bench.source({ pageSize: 10 }));
    assert.equal(new Set(idsOf(pages)).size, 35);
    assert.ok(pages.every((page) => !page.partial));
  });

  it('reads more alerts of one moment than fit a page by their creation, and the later ones too', async () => {
    const later = { ...many(1)[0], id: 'later', lastUpdateDateTime: '2026-06-01T00:00:00Z' };
    await open({ tenants: [{ ...contoso, alerts: [...many(45, 45), later] }] });
    bench.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'never' });
    const pages = await collect(bench.source({ pageSize: 10 }));
    assert.equal(new Set(idsOf(pages)).size, 46);
    assert.ok(pages.every((page) => !page.partial));
  });

  it('says so when alerts of one moment cannot be told apart, and still reads the later ones', async () => {
    const later = { ...many(1)[0], id: 'later', lastUpdateDateTime: '2026-06-01T00:00:00Z' };
    await open({ tenants: [{ ...contoso, alerts: [...many(30, 30, () => 0), later] }] });
    bench.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'never' });
    const pages = await collect(bench.source({ pageSize: 10 }));
    assert.ok(pages.some((page) => page.partial));
    assert.ok(idsOf(pages).includes('later'));
  });

  it('gives up on links that never end', async () => {
    await open();
    bench.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'endless' });
    await assert.rejects(collect(bench.source({ maxPages: 7 })), faultOf('protocol', /within 7 pages/));
    assert.equal(bench.cloud.requestLog.filter(({ path }) => path.endsWith('alerts_v2')).length, 7);
  });

  it('gives up on a link that repeats itself', async () => {
    await open();
    bench.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'repeated' });
    await assert.rejects(collect(bench.source()), faultOf('protocol', /same link/));
  });

  it('never sends anything to the host of a foreign link', async () => {
    await open();
    const met: unknown[] = [];
    const stranger = createServer((request, response) => {
      met.push(request.headers);
      response.end('{}');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    try {
      for (const host of [
        'graph.microsoft.com.example',
        'graph.microsoft.us',
        'graph.microsoft.com:x@evil.example',
        'graph.microsoft.com:444',
      ]) {
        const bare = host.split('@').at(-1) ?? host;
        const transport = leaking(sandboxTransport(bench.url), bare, address);
        bench.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'foreign', host });
        await assert.rejects(collect(bench.source({ transport })), faultOf('protocol', /host that is not its own/));
      }
      assert.deepEqual(met, []);
      await leaking(sandboxTransport(bench.url), 'evil.example', address)('https://evil.example/');
      assert.equal(met.length, 1, 'the stranger would have been reached');
    } finally {
      stranger.close();
    }
  });

  it('marks a page that a provider is missing from, and goes on', async () => {
    await open({ tenants: [{ ...contoso, alerts: many(25) }] });
    bench.cloud.faults.turnOn(tenant, { kind: 'partial' }, 1);
    const pages = await collect(bench.source({ pageSize: 10 }));
    assert.deepEqual(
      pages.map((page) => page.partial),
      [true, false, false],
    );
    assert.ok(bench.logged.some((line) => line.includes('microsoftDefenderForIdentity')));
  });

  it('names a malformed record and keeps the others of its page', async () => {
    await open();
    bench.cloud.faults.turnOn(tenant, { kind: 'malformed_record' }, 1);
    const [page] = await collect(bench.source());
    assert.equal(page?.alerts.length, bench.cloud.alerts(tenant).length);
    assert.deepEqual(
      page?.malformed.map(({ which }) => which),
      ['da-broken'],
    );
    assert.match(page?.malformed[0]?.why ?? '', /lastUpdateDateTime/);
  });

  it('keeps two tenants apart', async () => {
    await open();
    const source = bench.source();
    const [ours, theirs] = await Promise.all([collect(source), collect(source, fabrikamConnection)]);
    const shared = idsOf(ours).filter((id) => idsOf(theirs).includes(id));
    assert.deepEqual(shared, []);
  });

  it('sees an alert again when it is repeated, with a later time', async () => {
    await open({ tenants: [{ ...contoso, alerts: [] }] });
    const raised = bench.cloud.raiseAlert(tenant);
    bench.cloud.repeatAlert(tenant, raised.id);
    const [alert] =
      (await collect(bench.source(), contosoConnection, String(raised.lastUpdateDateTime)))[0]?.alerts ?? [];
    assert.equal(alert?.microsoftAlertId, raised.id);
    assert.ok(compareTimes(alert?.lastUpdate ?? '', String(raised.lastUpdateDateTime)) > 0);
  });

  it('reads every alert once or more whatever the page size and the ties are', async () => {
    const random = createRandom('ties');
    for (let round = 0; round < 12; round++) {
      const alerts = many(1 + random.below(60), 1 + random.below(30));
      await open({ tenants: [{ ...contoso, alerts }] });
      if (round % 2) bench.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'never' });
      const pages = await collect(bench.source({ pageSize: 2 + random.below(12) }));
      assert.equal(new Set(idsOf(pages)).size, alerts.length);
      if (round < 11) await bench.close();
    }
  });
});
