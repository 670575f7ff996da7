import assert from 'node:assert/strict';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import type { MicrosoftRecord } from '../../sandbox/cloud/tenants.js';
import { contoso, fabrikam, openCloud, tenant, walk } from './cloud-client.js';

const now = new Date('2026-05-04T09:00:00Z');
const words = (rows: readonly MicrosoftRecord[], member: string) => new Set(rows.map((row) => row[member]));

describe('the fleet of the sandbox', () => {
  const cloud = createSandboxCloud({ clock: () => now });
  const machines = cloud.machines(tenant);
  const managed = cloud.managedDevices(tenant);
  const named = (part: string) => machines.filter((one) => String(one['computerDnsName']).includes(part));

  it('has the devices that alerts name, under the same ids', () => {
    for (const company of [contoso, fabrikam]) {
      const ids = words(cloud.machines(company.entraTenantId), 'id');
      const named = cloud
        .alerts(company.entraTenantId)
        .flatMap(({ evidence }) => evidence as readonly MicrosoftRecord[])
        .flatMap(({ mdeDeviceId }) => (mdeDeviceId === undefined ? [] : [mdeDeviceId]));
      assert.ok(named.length > 0 && named.every((id) => ids.has(id)));
    }
    assert.ok(machines.length >= 25 && machines.length <= 30);
    assert.ok(cloud.machines(fabrikam.entraTenantId).length < machines.length);
  });

  it('holds what real fleets hold besides ordinary laptops', () => {
    const is = (part: string, member: string) => named(part).map((one) => one[member]);
    assert.deepEqual(is('srv-dc-01', 'machineTags'), [['domain-controller', 'tier-0']]);
    assert.deepEqual(is('lap-ceo-01', 'deviceValue'), ['High']);
    assert.deepEqual(is('lap-new-07', 'onboardingStatus'), ['CanBeOnboarded']);
    assert.deepEqual(is('lap-new-07', 'osArchitecture'), [null]);
    assert.deepEqual(is('srv-old-01', 'osPlatform'), ['WindowsServer2008R2']);
    assert.deepEqual(is('lap-0301', 'lastSeen'), ['0001-01-01T00:00:00Z']);
    assert.deepEqual(is('desk-lab-01', 'riskScore'), ['Severe']);
    assert.deepEqual(is('lap-0310', 'aadDeviceId'), [null]);
    assert.deepEqual(is('lap-0310', 'isAadJoined'), [true]);
    assert.equal(named('Nestor’s MacBook Pro').length, 1);
  });

  it('has a reinstalled device under two ids of one Entra id, and two devices of one host name', () => {
    const reinstalled = named('lap-0255');
    assert.equal(words(reinstalled, 'id').size, 2);
    assert.equal(words(reinstalled, 'aadDeviceId').size, 1);
    assert.deepEqual([...words(reinstalled, 'healthStatus')].sort(), ['Active', 'Inactive']);
    const namesakes = named('kiosk-lobby-2');
    assert.equal(words(namesakes, 'computerDnsName').size, 1);
    assert.equal(words(namesakes, 'aadDeviceId').size, 2);
  });

  it('has devices that only one of Defender and Intune knows, and joins the others by the Entra id', () => {
    const entra = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : null);
    const inDefender = new Set(machines.map((one) => entra(one['aadDeviceId'])));
    const onlyIntune = managed.filter((one) => !inDefender.has(entra(one['azureADDeviceId'])));
    assert.ok(onlyIntune.some((one) => one['operatingSystem'] === 'iOS'));
    assert.ok(onlyIntune.some((one) => one['deviceName'] === 'LAP-0402'));
    assert.ok(managed.length - onlyIntune.length >= 12);
    assert.ok(words(managed, 'complianceState').size >= 6);
  });

  it('has about 40 CVEs with the oddities of real ones, some of them on many devices', () => {
    const cves = cloud.vulnerabilities(tenant);
    assert.ok(cves.length >= 38 && cves.length <= 45);
    assert.ok(cves.some(({ id }) => id === 'TVM-2020-0002'));
    assert.ok(cves.some(({ publishedOn }) => publishedOn === '0001-01-01T00:00:00Z'));
    assert.ok(cves.some(({ cvssV3 }) => cvssV3 === null));
    const counts = new Map<unknown, number>();
    for (const { cveId } of cloud.exposures(tenant)) counts.set(cveId, (counts.get(cveId) ?? 0) + 1);
    assert.ok([...counts.values()].some((count) => count >= 12));
    assert.ok([...counts.values()].some((count) => count <= 4));
    const ids = words(machines, 'id');
    assert.ok(cloud.exposures(tenant).every(({ deviceId }) => ids.has(deviceId)));
  });

  it('reports once a day while it is online', () => {
    let clock = now.getTime();
    const living = createSandboxCloud({ clock: () => new Date(clock) });
    const seen = () => String(living.machines(tenant)[0]?.['lastSeen']);
    const id = String(machines[0]?.['id']);
    const first = seen();
    assert.ok(first <= now.toISOString() && Date.parse(first) > clock - 86_400_000);
    clock += 86_400_000;
    assert.equal(Date.parse(seen()) - Date.parse(first), 86_400_000);
    living.setOnline(tenant, id, false);
    const last = seen();
    clock += 8 * 86_400_000;
    assert.equal(seen(), last);
    assert.equal(living.machines(tenant)[0]?.['healthStatus'], 'Inactive');
    living.setOnline(tenant, id, true);
    assert.deepEqual([living.isOnline(tenant, id), living.machines(tenant)[0]?.['healthStatus']], [true, 'Active']);
  });
});

describe('a big tenant of the sandbox', () => {
  const scale = { machines: 1000, exposuresPerMachine: 5, vulnerabilities: 100 };

  it('is served page by page, every record once, with its exposures and CVEs', async () => {
    const client = await openCloud({ scale });
    try {
      const machines = await walk(client, '/api/machines');
      assert.equal(words(machines, 'id').size, 1000);
      const exposures = await walk(client, '/api/machines/SoftwareVulnerabilitiesByMachine?pageSize=999');
      assert.equal(words(exposures, 'id').size, 5000);
      const ids = words(machines, 'id');
      assert.ok(exposures.every((one) => ids.has(one['deviceId'])));
      const managed = await walk(client, '/v1.0/deviceManagement/managedDevices');
      const entra = new Set(managed.map((one) => String(one['azureADDeviceId']).toLowerCase()));
      assert.deepEqual(entra, words(machines, 'aadDeviceId'));
      const cves = words(await walk(client, '/api/vulnerabilities'), 'id');
      assert.ok(exposures.every(({ cveId }) => cves.has(cveId)));
      const last = String(machines[999]?.['id']);
      assert.equal((await client.get(`/api/machines/${last}`)).body['id'], last);
      assert.equal((await client.post(`/api/machines/${last}/unisolate`, { Comment: 'x' })).status, 201);
      assert.equal((await client.get(`/api/machines/${'f'.repeat(40)}`)).status, 404);
    } finally {
      await client.close();
    }
  });

  it('changes by 1 % between two walks, and says so in the delta', async () => {
    const client = await openCloud({ scale });
    try {
      const read = async (path: string) =>
        new Map((await walk(client, path)).map((one) => [String(one['id']), JSON.stringify(one)]));
      const paths = ['/api/machines', '/api/machines/SoftwareVulnerabilitiesByMachine'] as const;
      const before = [await read(paths[0]), await read(paths[1])] as const;
      const since = client.now().toISOString();
      client.pass(60_000);
      client.cloud.churn(tenant);
      const after = [await read(paths[0]), await read(paths[1])] as const;
      const differing = (index: 0 | 1) =>
        [...after[index]].filter(([id, text]) => before[index].get(id) !== text).length;
      assert.deepEqual([differing(0), differing(1)], [10, 50]);
      const delta = await walk(
        client,
        `/api/machines/SoftwareVulnerabilityChangesByMachine?sinceTime=${since}&pageSize=30`,
      );
      const patched = new Map(before[1]);
      for (const { status, id } of delta)
        if (status === 'Fixed') patched.delete(String(id));
        else patched.set(String(id), '');
      assert.deepEqual(new Set(patched.keys()), new Set(after[1].keys()));
    } finally {
      await client.close();
    }
  });
});
