import assert from 'node:assert/strict';
import { createLimits } from '../../sandbox/cloud/rate-limit.js';
import { sandboxActor, sandboxApp } from '../../sandbox/cloud/tenants.js';
import type { MicrosoftRecord } from '../../sandbox/cloud/tenants.js';
import type { SandboxCloudOptions } from '../../sandbox/cloud/cloud.js';
import { defenderScope, graphScope, openCloud, tenant, walk } from './cloud-client.js';
import type { CloudClient } from './cloud-client.js';

const root = '/v1.0/deviceManagement';
const ids = (rows: readonly MicrosoftRecord[]) => rows.map((row) => row['id']);

describe('the pretend Intune', () => {
  let client: CloudClient;
  const open = async (options: SandboxCloudOptions = {}) => {
    client = await openCloud(options);
  };
  afterEach(() => client.close());

  it('pages by links of Graph, also with $top, and ignores every $filter', async () => {
    await open({ pageSize: 5 });
    const all = client.cloud.managedDevices(tenant);
    const page = await client.get(`${root}/managedDevices?$top=4&$select=deviceName`);
    assert.deepEqual(Object.keys(page.rows[0] ?? {}), ['id', 'deviceName']);
    assert.match(
      page.next ?? '',
      /^https:\/\/graph\.microsoft\.com\/v1\.0\/deviceManagement\/managedDevices\?.*skiptoken/,
    );
    for (const query of ['', '?$top=4', "?$filter=deviceName eq 'nobody'"])
      assert.deepEqual(ids(await walk(client, `${root}/managedDevices${query}`)), ids(all), query);
    assert.equal((await client.get(`${root}/managedDevices?$top=0`)).status, 400);
    const one = await client.get(`${root}/managedDevices/${String(all[0]?.['id'])}`);
    assert.equal(one.body['deviceName'], all[0]?.['deviceName']);
    assert.equal((await client.get(`${root}/managedDevices/nobody`)).code, 'ResourceNotFound');
  });

  it('needs one permission for devices and another one for policies', async () => {
    await open({ roles: ['DeviceManagementManagedDevices.Read.All'] });
    assert.equal((await client.get(`${root}/managedDevices`)).status, 200);
    const refused = await client.get(`${root}/deviceCompliancePolicies`);
    assert.deepEqual([refused.status, refused.code], [403, 'Authorization_RequestDenied']);
    const actor = await client.token(sandboxActor, graphScope);
    assert.equal((await client.ask(`${root}/managedDevices`, {}, actor)).status, 403);
    const mde = await client.token(sandboxApp, defenderScope);
    assert.equal((await client.ask(`${root}/managedDevices`, {}, mde)).status, 401);
  });

  it('tells which settings a device fails, by device and by setting alike', async () => {
    await open({ pageSize: 6 });
    const summaries = await walk(client, `${root}/deviceCompliancePolicySettingStateSummaries`);
    const bySetting: MicrosoftRecord[] = [];
    for (const { id } of summaries) {
      const path = `${root}/deviceCompliancePolicySettingStateSummaries/${String(id)}/deviceComplianceSettingStates`;
      bySetting.push(...(await walk(client, path)));
    }
    let failing = 0;
    for (const device of client.cloud.managedDevices(tenant)) {
      const path = `${root}/managedDevices/${String(device['id'])}/deviceCompliancePolicyStates`;
      const [policy] = await walk(client, path);
      const own = policy?.['settingStates'] as readonly MicrosoftRecord[];
      const bad = own.filter(({ state }) => state !== 'compliant').map(({ setting }) => setting);
      const told = bySetting.filter((one) => one['deviceId'] === device['id'] && one['state'] !== 'compliant');
      assert.deepEqual(
        bad,
        told.map(({ setting }) => setting),
      );
      assert.equal(bad.length === 0, device['complianceState'] === 'compliant', String(device['complianceState']));
      if (device['complianceState'] === 'noncompliant') {
        failing++;
        assert.equal(policy?.['state'], 'nonCompliant', 'another case than that of complianceState');
      }
    }
    assert.ok(failing >= 3);
    const counted = summaries.reduce((sum, one) => sum + Number(one['nonCompliantDeviceCount']), 0);
    assert.equal(counted, bySetting.filter(({ state }) => state === 'nonCompliant').length);
  });

  it('tells the states of the devices under a policy', async () => {
    await open({ pageSize: 6 });
    const [windows] = await walk(client, `${root}/deviceCompliancePolicies`);
    const statuses = await walk(client, `${root}/deviceCompliancePolicies/${String(windows?.['id'])}/deviceStatuses`);
    const devices = client.cloud.managedDevices(tenant).filter((one) => one['operatingSystem'] === 'Windows');
    assert.deepEqual(
      statuses.map((one) => one['deviceDisplayName']),
      devices.map((one) => one['deviceName']),
    );
    assert.ok(statuses.some(({ status }) => status === 'nonCompliant'));
  });

  it('sees a device become noncompliant', async () => {
    await open();
    const device = client.cloud.managedDevices(tenant).find((one) => one['complianceState'] === 'compliant');
    const id = String(device?.['id']);
    client.cloud.changeManagedDevice(tenant, id, { complianceState: 'noncompliant' });
    assert.equal((await client.get(`${root}/managedDevices/${id}`)).body['complianceState'], 'noncompliant');
    const [policy] = (await client.get(`${root}/managedDevices/${id}/deviceCompliancePolicyStates`)).rows;
    assert.equal(policy?.['state'], 'nonCompliant');
  });

  it('is not there in a tenant without a licence, while Graph and Defender go on', async () => {
    await open();
    client.cloud.faults.turnOn(tenant, { kind: 'not_licensed' }, { api: 'intune' });
    const refused = await client.get(`${root}/managedDevices`);
    assert.deepEqual([refused.status, refused.code], [400, 'BadRequest']);
    assert.match(refused.text, /Request not applicable to target tenant\./);
    assert.equal((await client.get('/v1.0/security/alerts_v2')).status, 200);
    assert.equal((await client.get('/api/machines')).status, 200);
  });

  it('takes 2,000 requests in 20 seconds', async () => {
    await open();
    const limit = createLimits(() => client.now()).intune;
    for (let request = 0; request < 2000; request++) assert.equal(limit.check('one'), null);
    assert.equal(limit.check('one')?.seconds, 20);
    client.pass(20_000);
    assert.equal(limit.check('one'), null);
  });
});
