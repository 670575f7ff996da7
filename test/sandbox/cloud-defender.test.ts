import assert from 'node:assert/strict';
import { createLimits } from '../../sandbox/cloud/rate-limit.js';
import { sandboxActor, sandboxApp } from '../../sandbox/cloud/tenants.js';
import type { SandboxCloudOptions } from '../../sandbox/cloud/cloud.js';
import { contoso, defenderScope, fabrikam, graphScope, openCloud, pathOf, tenant, walk } from './cloud-client.js';
import type { CloudClient } from './cloud-client.js';

const ids = (rows: readonly { readonly [member: string]: unknown }[]) => rows.map((row) => row['id']);

describe('the pretend Defender for Endpoint', () => {
  let client: CloudClient;
  const open = async (options: SandboxCloudOptions = {}) => {
    client = await openCloud(options);
  };
  afterEach(() => client.close());

  it('takes tokens of its own audience only, in the words of a real tenant', async () => {
    await open();
    const refused = await client.ask('/api/machines', {}, await client.token(sandboxApp, graphScope));
    assert.deepEqual([refused.status, refused.code], [401, 'Unauthorized']);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
    const xdr = await client.token(sandboxApp, 'https://api.security.microsoft.com/.default');
    assert.equal((await client.ask('/api/machines', {}, xdr)).status, 401);
    assert.equal((await client.ask('/api/machines')).status, 401);
    const old = await client.token(sandboxApp, 'https://securitycenter.onmicrosoft.com/windowsatpservice/.default');
    assert.equal((await client.ask('/api/machines', {}, old)).status, 200);
    const mde = await client.token(sandboxApp, defenderScope);
    assert.equal((await client.ask('/v1.0/security/alerts_v2', {}, mde)).code, 'InvalidAuthenticationToken');
  });

  it('lets each app do only what it was granted', async () => {
    await open();
    const [machine] = client.cloud.machines(tenant);
    const body = JSON.stringify({ Comment: 'because', IsolationType: 'Full' });
    const reader = await client.token(sandboxApp, defenderScope);
    const isolate = await client.ask(
      `/api/machines/${String(machine?.['id'])}/isolate`,
      { method: 'POST', body },
      reader,
    );
    assert.deepEqual([isolate.status, isolate.code], [403, 'Forbidden']);
    const actor = await client.token(sandboxActor, defenderScope);
    assert.equal((await client.ask('/api/vulnerabilities', {}, actor)).status, 403);
    assert.equal((await client.ask('/api/machines', {}, actor)).status, 200);
    await client.close();
    await open({ actor: null });
    assert.equal(await client.token(sandboxActor, defenderScope), undefined);
  });

  it('pages by links of its older host, except with $top', async () => {
    await open({ pageSize: 7 });
    const all = client.cloud.machines(tenant);
    const first = await client.get('/api/machines');
    assert.equal(first.rows.length, 7);
    assert.equal(first.next, 'https://api.securitycenter.microsoft.com/api/machines?%24skip=7');
    assert.deepEqual(ids(await walk(client, '/api/machines')), ids(all));
    const top = await client.get('/api/machines?$top=5&$skip=25');
    assert.deepEqual(ids(top.rows), ids(all.slice(25, 30)));
    assert.equal(top.next, undefined);
    assert.deepEqual((await client.get('/api/machines?$top=5&$skip=100')).rows, []);
    client.cloud.faults.turnOn(tenant, { kind: 'next_link', give: 'endless' }, 1);
    assert.equal((await client.get('/api/machines?$top=5')).next, undefined);
    client.cloud.faults.turnOff(tenant);
    client.cloud.removeMachine(tenant, String(all[3]?.['id']));
    const added = client.cloud.addMachine(tenant);
    const rest = [...all.slice(0, 3), ...all.slice(4), added];
    assert.deepEqual(ids(await walk(client, '/api/machines')), ids(rest));
  });

  it('ends $top at 10,000 machines and 8,000 vulnerabilities', async () => {
    await open();
    assert.equal((await client.get('/api/machines?$top=10000')).status, 200);
    assert.equal((await client.get('/api/machines?$top=10001')).status, 400);
    assert.equal((await client.get('/api/vulnerabilities?$top=8001')).status, 400);
    assert.equal((await client.get('/api/machines?$top=some')).code, 'BadRequest');
  });

  it('finds a machine by id or name, and answers with nothing at all when there is none', async () => {
    await open();
    const machine = client.cloud.machines(tenant)[0];
    const name = String(machine?.['computerDnsName']);
    assert.equal((await client.get(`/api/machines/${String(machine?.['id'])}`)).body['computerDnsName'], name);
    assert.equal((await client.get(`/api/machines/${name}`)).body['id'], machine?.['id']);
    const missing = await client.get(`/api/machines/${'0'.repeat(40)}`);
    assert.deepEqual([missing.status, missing.text], [404, '']);
    const wrong = await client.post('/api/machines', {});
    assert.deepEqual([wrong.status, wrong.text], [405, '']);
  });

  it('filters what is documented and refuses the rest', async () => {
    await open();
    const count = async (filter: string) =>
      (await client.get(`/api/machines?$filter=${encodeURIComponent(filter)}`)).rows.length;
    const all = client.cloud.machines(tenant);
    assert.equal(await count("riskScore eq 'High'"), all.filter((one) => one['riskScore'] === 'High').length);
    assert.equal(
      await count("osPlatform eq 'macOS' or (osPlatform eq 'Windows10' and riskScore eq 'High')"),
      all.filter(
        (one) => one['osPlatform'] === 'macOS' || (one['osPlatform'] === 'Windows10' && one['riskScore'] === 'High'),
      ).length,
    );
    for (const filter of ["color eq 'red'", "riskScore gt 'Low'", "(riskScore eq 'High'", "riskScore eq 'High' or"])
      assert.equal((await client.get(`/api/machines?$filter=${encodeURIComponent(filter)}`)).status, 400, filter);
  });

  it('exports all vulnerabilities by pageSize, and with $top gives no link', async () => {
    await open({ pageSize: 50 });
    const all = client.cloud.exposures(tenant);
    const path = '/api/machines/SoftwareVulnerabilitiesByMachine';
    assert.equal((await client.get(path)).rows.length, 50);
    const page = await client.get(`${path}?pageSize=100`);
    assert.match(
      page.next ?? '',
      /^https:\/\/api\.securitycenter\.microsoft\.com\/api\/machines\/SoftwareVuln.*pageSize=100/,
    );
    assert.deepEqual(ids(await walk(client, `${path}?pageSize=100`)), ids(all));
    assert.equal((await client.get(`${path}?$top=10`)).next, undefined);
    assert.equal((await client.get(`${path}?pageSize=200001`)).status, 400);
    assert.match(String(page.rows[0]?.['firstSeenTimestamp']), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    const other = await walk(client, '/api/vulnerabilities/machinesVulnerabilities');
    assert.deepEqual(
      other.map((row) => `${String(row['machineId'])} ${String(row['cveId'])}`),
      all.map((row) => `${String(row['deviceId'])} ${String(row['cveId'])}`),
    );
  });

  it('tells what came and went, at most 14 days back', async () => {
    await open();
    const path = (since: string) => `/api/machines/SoftwareVulnerabilityChangesByMachine?sinceTime=${since}`;
    const since = client.now().toISOString();
    client.pass(1000);
    const [old] = client.cloud.exposures(tenant);
    const machineId = String(client.cloud.machines(tenant)[0]?.['id']);
    client.cloud.fixExposure(tenant, String(old?.['id']));
    client.cloud.putVulnerability(tenant, 'CVE-2026-1', { cvssV3: 9.9 });
    client.cloud.addExposure(tenant, machineId, 'CVE-2026-1');
    client.cloud.addExposure(tenant, machineId, 'CVE-2026-1', { exploitabilityLevel: 'ExploitIsInKit' });
    const changes = (await client.get(path(since))).rows;
    assert.deepEqual(
      changes.map((one) => [one['status'], one['cveId']]),
      [
        ['Fixed', old?.['cveId']],
        ['New', 'CVE-2026-1'],
        ['Updated', 'CVE-2026-1'],
      ],
    );
    assert.equal(ids(client.cloud.exposures(tenant)).includes(old?.['id']), false);
    const fortnight = new Date(client.now().getTime() - 14 * 86_400_000);
    assert.ok((await client.get(path(fortnight.toISOString()))).rows.length > changes.length, 'some are recent');
    const older = await client.get(path(new Date(fortnight.getTime() - 1).toISOString()));
    assert.deepEqual([older.status, older.code], [400, 'BadRequest']);
    assert.equal((await client.get(path(''))).status, 400);
    assert.equal((await client.get('/api/machines/SoftwareVulnerabilityChangesByMachine')).status, 400);
  });

  it('counts the page in @odata.count, and the machines of each CVE', async () => {
    await open({ pageSize: 10 });
    const page = await client.get('/api/vulnerabilities');
    assert.equal(page.body['@odata.count'], 10);
    assert.equal(pathOf(page.next), '/api/vulnerabilities?%24skip=10');
    const cves = await walk(client, '/api/vulnerabilities');
    const exposures = client.cloud.exposures(tenant);
    for (const cve of cves) {
      const machines = new Set(exposures.filter((one) => one['cveId'] === cve['id']).map((one) => one['deviceId']));
      assert.equal(cve['exposedMachines'], machines.size);
    }
    const machineId = String(exposures[0]?.['deviceId']);
    const own = await client.get(`/api/machines/${machineId}/vulnerabilities`);
    const known = exposures.filter((one) => one['deviceId'] === machineId).map((one) => one['cveId']);
    assert.deepEqual(new Set(ids(own.rows)), new Set(known));
    assert.equal(typeof (await client.get('/api/exposureScore')).body['score'], 'number');
  });

  it('answers 429 from the 101st request of a minute and the 31st export on, for that tenant only', async () => {
    await open({ requestsPerMinute: undefined });
    const reader = await client.token(sandboxApp, defenderScope);
    const path = '/api/machines/SoftwareVulnerabilitiesByMachine?$top=1';
    for (let request = 1; request <= 30; request++) assert.equal((await client.ask(path, {}, reader)).status, 200);
    assert.match((await client.ask(path, {}, reader)).text, /maximum allowed 30 per 00:01:00/);
    const machines = '/api/machines?$top=1';
    for (let request = 1; request <= 100; request++) assert.equal((await client.ask(machines, {}, reader)).status, 200);
    const refused = await client.ask(machines, {}, reader);
    assert.match(refused.text, /"code":"429","message":"API calls quota exceeded! maximum allowed 100 per 00:01:00/);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '60']);
    const elsewhere = await client.token(sandboxApp, defenderScope, fabrikam.entraTenantId);
    assert.equal((await client.ask(machines, {}, elsewhere)).status, 200);
    client.pass(61_000);
    assert.equal((await client.ask(machines, {}, reader)).status, 200);
  });

  it('answers 429 from the 1,501st request of an hour on, however evenly they come', async () => {
    await open();
    let now = 0;
    const limit = createLimits(() => new Date(now)).defender;
    for (let request = 0; request < 1500; request++, now += 1000) assert.equal(limit.check('one'), null);
    assert.deepEqual(limit.check('one'), { seconds: 2101, limit: { requests: 1500, windowMs: 3_600_000 } });
    assert.equal(limit.check('other'), null);
    now += 3_600_000;
    assert.equal(limit.check('one'), null);
  });

  it('never shows one tenant what is of the other', async () => {
    await open();
    const elsewhere = await client.token(sandboxApp, defenderScope, fabrikam.entraTenantId);
    const theirs = (await client.ask('/api/machines', {}, elsewhere)).rows;
    const ours = new Set(ids((await client.get('/api/machines')).rows));
    assert.ok(theirs.length > 0 && theirs.every((one) => !ours.has(one['id'])));
    assert.ok(theirs.every((one) => !String(one['computerDnsName']).includes(contoso.domain)));
  });
});
