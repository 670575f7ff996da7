import assert from 'node:assert/strict';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import type { SandboxCloud, SandboxCloudOptions } from '../../sandbox/cloud/cloud.js';
import { sandboxActor, sandboxApp, sandboxTenants } from '../../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../../sandbox/cloud/transport.js';

const [contoso, fabrikam] = sandboxTenants;
const tenant = contoso.entraTenantId;
interface Page {
  value: { id: string; createdDateTime: string; serviceSource: string }[];
  '@odata.nextLink'?: string;
  '@odata.count'?: number;
  error?: { code: string };
}

describe('the pretend cloud of the sandbox', () => {
  let cloud: SandboxCloud;
  let url = '';
  let close: () => Promise<void>;
  const open = async (options: SandboxCloudOptions = {}) => {
    cloud = createSandboxCloud({ requestsPerMinute: 10_000, ...options });
    ({ url, close } = await cloud.listen());
  };
  afterEach(() => close());

  const token = async (changes: Record<string, string> = {}, entra = tenant) => {
    const scope = 'https://graph.microsoft.com/.default';
    const form = {
      grant_type: 'client_credentials',
      client_id: sandboxApp.clientId,
      client_secret: sandboxApp.secret,
      scope,
    };
    const body = new URLSearchParams({ ...form, ...changes });
    return fetch(`${url}/${entra}/oauth2/v2.0/token`, { method: 'POST', body });
  };
  const bearer = async (app = sandboxApp) => {
    const answer = await token({ client_id: app.clientId, client_secret: app.secret });
    return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`;
  };
  const graph = async (path: string, init: RequestInit = {}, authorization?: string) =>
    fetch(`${url}/v1.0/security/alerts_v2${path}`, {
      ...init,
      headers: { authorization: authorization ?? (await bearer()), ...init.headers },
    });
  const page = async (path: string, init?: RequestInit) => (await (await graph(path, init)).json()) as Page;
  const number = async (response: Response) => ((await response.json()) as { error_codes: number[] }).error_codes[0];

  it('refuses tokens with the numbers of Entra', async () => {
    await open();
    assert.equal((await token()).status, 200);
    assert.equal(await number(await token({ client_id: 'x' })), 700016);
    assert.equal(await number(await token({ client_secret: 'x' })), 7000215);
    assert.equal(await number(await token({ client_secret: '' })), 7000218);
    assert.equal(await number(await token({ scope: 'User.Read' })), 1002012);
    assert.equal(await number(await token({ scope: 'https://example.com/.default' })), 500011);
    assert.equal(await number(await token({}, 'nowhere')), 90002);
  });

  it('lets nobody read without a token of its own', async () => {
    await open();
    for (const authorization of ['', 'Bearer x', 'Bearer a.b.c', `${await bearer()}x`]) {
      const answer = await graph('', {}, authorization);
      assert.equal(answer.status, 401);
      assert.equal(((await answer.json()) as Page).error?.code, 'InvalidAuthenticationToken');
    }
  });

  it('cuts $top to 1000, ends $skip at 500 and refuses filters that Graph does not know', async () => {
    await open({ tenants: [{ ...contoso, alerts: [] }] });
    cloud.burst(tenant, 1100);
    assert.equal((await page('?$top=5000')).value.length, 1000);
    assert.equal((await graph('?$skip=500')).status, 200);
    assert.equal((await graph('?$skip=501')).status, 400);
    for (const filter of ["investigationState eq 'running'", 'lastUpdateDateTime ge soon', "severity gt 'low'", 'x']) {
      assert.equal((await graph(`?$filter=${encodeURIComponent(filter)}`)).status, 400, filter);
    }
    assert.equal((await graph('?$orderby=title')).status, 400);
  });

  it('gives the newest first, and links with the name of Graph', async () => {
    await open();
    const first = await page('?$top=5&$count=true');
    const times = first.value.map((alert) => alert.createdDateTime);
    assert.deepEqual(times, [...times].sort().reverse());
    assert.equal(first['@odata.count'], cloud.alerts(tenant).length);
    assert.match(first['@odata.nextLink'] ?? '', /^https:\/\/graph\.microsoft\.com\/v1\.0\//);
    const second = await page(new URL(first['@odata.nextLink'] ?? '').search);
    assert.deepEqual(
      second.value.filter((alert) => first.value.some(({ id }) => id === alert.id)),
      [],
    );
  });

  it('filters by what is documented', async () => {
    await open({ tenants: [{ ...contoso, alerts: [] }] });
    cloud.raiseAlert(tenant, { id: 'a', severity: 'high', status: 'new', createdDateTime: '2026-05-01T10:00:00.5Z' });
    cloud.raiseAlert(tenant, {
      id: 'b',
      severity: 'low',
      status: 'new',
      createdDateTime: '2026-05-01T10:00:00.5000001Z',
    });
    const ids = async (filter: string) =>
      (await page(`?$filter=${encodeURIComponent(filter)}`)).value.map(({ id }) => id);
    assert.deepEqual(await ids("severity eq 'high' and status eq 'new'"), ['a']);
    assert.deepEqual(await ids('createdDateTime gt 2026-05-01T10:00:00.5Z'), ['b']);
    assert.deepEqual(await ids('createdDateTime le 2026-05-01T10:00:00.500Z'), ['a']);
    assert.deepEqual(await ids('createdDateTime eq 2026-05-01T10:00:00.5000001Z'), ['b']);
    assert.deepEqual(await ids('createdDateTime lt 2026-05-01T10:00:00Z'), []);
  });

  it('sends late enum members only to those who ask', async () => {
    await open({ tenants: [{ ...contoso, alerts: [] }] });
    cloud.raiseAlert(tenant, { serviceSource: 'microsoftSentinel' });
    assert.equal((await page('')).value[0]?.serviceSource, 'unknownFutureValue');
    const asking = await page('', { headers: { prefer: 'include-unknown-enum-members' } });
    assert.equal(asking.value[0]?.serviceSource, 'microsoftSentinel');
  });

  it('changes an alert by PATCH of the acting app and moves its last update', async () => {
    await open();
    const before = cloud.raiseAlert(tenant);
    const actor = await bearer(sandboxActor);
    const send = (id: string, body: unknown, authorization = actor) =>
      graph(`/${id}`, { method: 'PATCH', body: JSON.stringify(body) }, authorization);
    assert.equal((await send(before.id ?? '', { status: 'resolved' }, await bearer())).status, 403);
    const changed = (await (await send(before.id ?? '', { status: 'resolved' })).json()) as typeof before;
    assert.equal(changed.status, 'resolved');
    assert.ok(String(changed.lastUpdateDateTime) > String(before.lastUpdateDateTime));
    assert.equal(changed['resolvedDateTime'], changed.lastUpdateDateTime);
    const read = (await (await graph(`/${before.id}`)).json()) as typeof before;
    assert.equal(read.status, 'resolved');
    assert.equal((await send(before.id ?? '', { status: 'finished' })).status, 400);
    assert.equal((await send(before.id ?? '', { determination: 'compromisedUser' })).status, 400);
    assert.equal((await send(before.id ?? '', { determination: 'compromisedAccount' })).status, 200);
    assert.equal((await send('nothing', { status: 'new' })).status, 404);
  });

  it('answers 429 from the 151st request of a minute on, for that tenant only', async () => {
    let now = new Date('2026-05-01T10:00:00Z');
    await open({ requestsPerMinute: 150, clock: () => now });
    const authorization = await bearer();
    for (let request = 0; request < 150; request++)
      assert.equal((await graph('?$top=1', {}, authorization)).status, 200);
    const refused = await graph('?$top=1', {}, authorization);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '60']);
    const other = (await (await token({}, fabrikam.entraTenantId)).json()) as { access_token: string };
    assert.equal((await graph('?$top=1', {}, `Bearer ${other.access_token}`)).status, 200);
    now = new Date(now.getTime() + 61_000);
    assert.equal((await graph('?$top=1', {}, authorization)).status, 200);
  });

  it('is reached through the names of Microsoft and through no other', async () => {
    await open();
    const transport = sandboxTransport(url);
    assert.equal((await transport('https://graph.microsoft.com/v1.0/security/alerts_v2')).status, 401);
    assert.equal(cloud.requestLog.at(-1)?.host, 'graph.microsoft.com');
    await assert.rejects(async () => transport('https://example.com/'), /does not reach example\.com/);
    await assert.rejects(async () => transport('http://graph.microsoft.com/'), TypeError);
  });
});
