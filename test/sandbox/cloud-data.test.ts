import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDataFolder } from '../../sandbox/cloud/data-folder.js';
import { contoso, fabrikam, openCloud, tenant, walk } from './cloud-client.js';
import type { CloudClient } from './cloud-client.js';

const samples = fileURLToPath(new URL('../../../shared/data/samples/', import.meta.url));
const machine = { id: 'm1', computerDnsName: 'lap-1', osPlatform: 'Windows11', onboardingStatus: 'Onboarded' };
const exported = {
  id: 'e1',
  deviceId: 'm1',
  cveId: 'CVE-1',
  softwareVendor: 'v',
  softwareName: 'n',
  softwareVersion: '1',
};
const listed = { id: 'e2', machineId: 'm1', cveId: 'CVE-2', productVendor: 'v', productName: 'n', productVersion: '2' };

describe('a folder of data for the sandbox', () => {
  let folder = '';
  let client: CloudClient | undefined;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sandbox-'))));
  afterEach(async () => {
    await client?.close();
    client = undefined;
    rmSync(folder, { recursive: true });
  });
  const write = (name: string, content: unknown) =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  const serve = async () => {
    const { files: _files, ignored: _ignored, ...records } = await loadDataFolder(folder);
    client = await openCloud({ tenants: [{ ...contoso, ...records }, fabrikam] });
    return client;
  };

  it('is served resource by resource, whatever form its files have', async () => {
    write('machines.json', { value: [machine], '@odata.nextLink': 'https://example.com/' });
    write('Machines_2.json', [{ value: [{ id: 'm2' }] }, { value: [{ id: 'm3' }] }]);
    write('vulnerabilities.json', [{ id: 'CVE-1', cvssV3: 9.1 }]);
    write('SoftwareVulnerabilitiesByMachine.json', { value: [exported] });
    write('machinesVulnerabilities.json', [listed]);
    write('machineActions.json', { id: '5382f7ea-7557-4ab7-9782-d50480024a4e', machineId: 'm1', status: 'Succeeded' });
    write('managedDevices.json', { value: [{ id: 'd1', complianceState: 'noncompliant' }] });
    write('complianceSettingStates.json', [{ deviceId: 'd1', settingName: 'BitLocker', state: 'nonCompliant' }]);
    const { cloud } = await serve();
    assert.deepEqual(
      cloud
        .machines(tenant)
        .map(({ id }) => id)
        .sort(),
      ['m1', 'm2', 'm3'],
    );
    assert.deepEqual(cloud.vulnerabilities(tenant), [{ id: 'CVE-1', cvssV3: 9.1 }]);
    assert.equal(cloud.machineActions(tenant).length, 1);
    assert.deepEqual(cloud.alerts(tenant), []);
    const open = client ?? (await serve());
    const told = await walk(open, '/api/machines/SoftwareVulnerabilitiesByMachine');
    assert.deepEqual(told.map((one) => [one['deviceId'], one['cveId'], one['softwareVersion']]).sort(), [
      ['m1', 'CVE-1', '1'],
      ['m1', 'CVE-2', '2'],
    ]);
    const other = await walk(open, '/api/vulnerabilities/machinesVulnerabilities');
    assert.deepEqual(other.map((one) => one['productVersion']).sort(), ['1', '2']);
    const states = await walk(open, '/v1.0/deviceManagement/managedDevices/d1/deviceCompliancePolicyStates');
    assert.equal(states[0]?.['state'], 'nonCompliant');
    assert.ok(cloud.machines(fabrikam.entraTenantId).length > 0, 'the second tenant keeps its own');
  });

  it('may lack everything: nothing is made up for it', async () => {
    write('alerts.json', { value: [{ id: 'a', evidence: [{ mdeDeviceId: 'm9', deviceDnsName: 'lap-9' }] }] });
    const { cloud } = await serve();
    const lists = [
      cloud.machines(tenant),
      cloud.exposures(tenant),
      cloud.vulnerabilities(tenant),
      cloud.machineActions(tenant),
      cloud.managedDevices(tenant),
    ];
    assert.deepEqual(lists, [[], [], [], [], []]);
    assert.equal((await client?.post('/api/machines/m9/unisolate', { Comment: 'x' }))?.status, 404);
  });

  it('may hold vulnerabilities on devices in the file of vulnerabilities, and rows of the delta', async () => {
    write('vulnerabilities.json', [listed, { id: 'CVE-2', cvssV3: 5 }]);
    const time = '2026-05-01 10:00:00.0000000';
    write('softwareVulnerabilityChanges.json', [
      { ...exported, status: 'New', eventTimestamp: time },
      { ...exported, id: 'e3', cveId: 'CVE-3', status: 'Fixed', eventTimestamp: time },
    ]);
    const { cloud, ...served } = await serve();
    assert.deepEqual(
      cloud
        .exposures(tenant)
        .map(({ cveId }) => cveId)
        .sort(),
      ['CVE-1', 'CVE-2'],
    );
    const delta = await served.get(
      '/api/machines/SoftwareVulnerabilityChangesByMachine?sinceTime=2026-05-01T00:00:00Z',
    );
    assert.deepEqual(
      delta.rows.map(({ cveId, status }) => [cveId, status]),
      [
        ['CVE-1', 'New'],
        ['CVE-3', 'Fixed'],
      ],
    );
  });

  it('is refused with the file and the place', async () => {
    const refused = async (name: string, content: unknown, why: RegExp) => {
      write(name, content);
      await assert.rejects(loadDataFolder(folder), why);
      rmSync(join(folder, name));
    };
    await refused(
      'machines.json',
      { value: [machine, 7] },
      /machines\.json, page 1, record 2: expected a machine, found 7/,
    );
    await refused(
      'machineactions.json',
      [{ id: 'a' }, null],
      /machineactions\.json, record 2: expected a machine action/,
    );
    await refused('managedDevices.json', '{"value": [}', /managedDevices\.json, line 1, column 12: not JSON/);
    await refused('vulnerabilities.json', { rows: [] }, /vulnerabilities\.json: expected a page/);
    await refused('compliance.json', [{ id: 'x' }], /compliance\.json, record 1: expected a compliance policy/);
  });

  it('tells which files it read and which not', async () => {
    write('mde-machine.json', machine);
    write('graph-managedDevice.json', { id: 'd1' });
    write('secureScores.json', []);
    write('readme.txt', 'hello');
    const { files, ignored, machines, managedDevices } = await loadDataFolder(folder);
    assert.deepEqual([files, ignored], [['graph-managedDevice.json', 'mde-machine.json'], ['secureScores.json']]);
    assert.deepEqual([machines.length, managedDevices.length], [1, 1]);
  });

  it('may hold other resources of Microsoft beside, which are not looked at', async () => {
    write('graph-deviceComplianceDeviceStatuses.json', { value: [{ id: 'x', status: 'compliant' }] });
    write('graph-deviceCompliancePolicyDeviceStateSummary.json', { value: { compliantDeviceCount: 2 } });
    write('graph-deviceCompliancePolicySettingStateSummaries.json', { value: [{ id: 'x', setting: 'y' }] });
    write('graph-alerts_v2-comment.json', { value: [{ comment: 'hello' }] });
    write('graph-deviceComplianceSettingStates.json', [{ deviceId: 'd1', settingName: 'BitLocker', state: 'error' }]);
    const { files, alerts, compliance } = await loadDataFolder(folder);
    assert.deepEqual(files, ['graph-deviceComplianceSettingStates.json']);
    assert.deepEqual([alerts.length, compliance.length], [0, 1]);
  });

  it('may be all the samples of the documentation, where they are there', async function () {
    if (!existsSync(samples)) return this.skip();
    const { machines, managedDevices, alerts } = await loadDataFolder(samples);
    assert.ok(machines.length > 0 && managedDevices.length > 0 && alerts.length > 0);
  });

  it('may be the samples of the documentation, where they are there', async function () {
    if (!existsSync(samples)) return this.skip();
    const names = [
      'mde-machine.json',
      'mde-vulnerability.json',
      'mde-machinesVulnerabilities.json',
      'mde-SoftwareVulnerabilityChangesByMachine.json',
      'mde-machineaction.json',
      'mde-machineactions-list.json',
      'graph-managedDevice.json',
      'graph-alerts_v2-list.json',
    ];
    for (const name of names) copyFileSync(join(samples, name), join(folder, name));
    const { files, ignored } = await loadDataFolder(folder);
    assert.deepEqual([files.length, ignored], [names.length, []]);
    const { cloud } = await serve();
    const lists = [
      cloud.machines(tenant),
      cloud.vulnerabilities(tenant),
      cloud.exposures(tenant),
      cloud.machineActions(tenant),
      cloud.managedDevices(tenant),
    ];
    assert.deepEqual(
      lists.map((list) => list.length),
      [1, 1, 2, 3, 1],
    );
  });
});
