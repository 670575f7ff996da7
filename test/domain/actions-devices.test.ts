import assert from 'node:assert/strict';
import type { Actor } from '../../domain/access/actor.js';
import { preflightFault } from '../../domain/devices/preflight.js';
import { isSensitive } from '../../domain/devices/sensitive.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import { actorIn, openAlert, sourceDevice } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { insertActionRow, insertDevice } from '../helpers/actions.js';
import { first, rowsOf } from '../helpers/rows.js';

describe('what is known of a device', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
  });

  const device = (given: Parameters<typeof insertDevice>[2]) => insertDevice(t.admin, tenantId, given);
  const found = async (text: string) => (await services.devices.search(ann, text)).map((one) => one.name);

  it('is read whole: alerts, vulnerabilities, failed rules, open actions, lookalikes', async () => {
    const alert = await openAlert(t.db, tenantId, { device: sourceDevice({ name: 'desk-01' }) });
    const id = first(await rowsOf(t.admin, 'security_alerts', tenantId, { id: alert })).device_id ?? '';
    await t.admin('edr_devices').where({ id }).update({ serial_number: 'SN-1' });
    const vulnerabilities: { id: string }[] = await t
      .admin('edr_vulnerabilities')
      .insert(
        [7.0, 6.9, null].map((cvss, i) => ({
          tenant_id: tenantId,
          cve_id: `CVE-2026-${i}`,
          severity: 'High',
          cvss_score: cvss,
        })),
      )
      .returning('id');
    await t
      .admin('edr_device_vulnerabilities')
      .insert(vulnerabilities.map((one) => ({ tenant_id: tenantId, device_id: id, vulnerability_id: one.id })));
    await t.admin('edr_compliance').insert({
      tenant_id: tenantId,
      device_id: id,
      compliance_state: 'noncompliant',
      failed_rules: JSON.stringify([{ rule: 'Require BitLocker', state: 'nonCompliant' }, 'Antivirus']),
      checked_at: new Date(0),
    });
    const scan = await insertActionRow(t.admin, ann, id, { action_type: 'scan', status: 'in_progress' });
    await insertActionRow(t.admin, ann, id, { status: 'completed' });
    const serial = await device({ device_name: 'other', serial_number: 'SN-1' });
    const named = await device({ device_name: 'DESK-01', serial_number: 'SN-2' });
    await device({ device_name: 'desk-01', gone_at: new Date() });
    await device({ device_name: 'desk-01', superseded_by: named });
    const view = await services.devices.view(ann, id);
    assert.deepEqual(
      [view.openAlertCount, view.severeVulnerabilityCount, view.vulnerabilityCount, view.failedRules],
      [1, 1, 3, ['Antivirus', 'Require BitLocker']],
    );
    assert.deepEqual(
      view.openActions.map((one) => [one.id, one.kind, one.status]),
      [[scan, 'scan', 'in_progress']],
    );
    assert.deepEqual(
      view.lookalikes.map((one) => [one.id, one.why]),
      [
        [serial, 'serial number'],
        [named, 'name'],
      ],
    );
    assert.deepEqual([view.tenantName, view.isSensitive, view.device.isStub], ['Contoso', false, true]);
  });

  it('blank serial numbers and names resemble nothing', async () => {
    const id = await device({ device_name: '', serial_number: ' ' });
    await device({ device_name: '', serial_number: ' ' });
    assert.deepEqual((await services.devices.view(ann, id)).lookalikes, []);
  });

  it('is found by name, whatever quotes, case and domain, exact names first', async () => {
    for (const name of ['pc-7', 'pc-70', 'PC-7.contoso.com', 'Ann\u2019s laptop', 'web01.contoso.com'])
      await device({ device_name: name });
    assert.deepEqual(await found('PC-7'), ['pc-7', 'PC-7.contoso.com', 'pc-70']);
    assert.deepEqual(await found(' pc-7.contoso.com '), ['pc-7', 'PC-7.contoso.com']);
    assert.deepEqual(await found("ann's"), ['Ann\u2019s laptop']);
    assert.deepEqual(await found('ANN\u2019S LAPTOP'), ['Ann\u2019s laptop']);
    assert.deepEqual(await found('web01'), ['web01.contoso.com']);
    for (const none of ['', '  ', '%', '_c-7', 'x\u0000']) assert.deepEqual(await found(none), []);
  });

  it('is not found once it is gone or superseded, nor in another tenant; at most 10 are', async () => {
    const now = await device({ device_name: 'kiosk' });
    await device({ device_name: 'kiosk', gone_at: new Date() });
    await device({ device_name: 'kiosk', superseded_by: now });
    const other = await insertTenant(t.admin);
    await insertDevice(t.admin, other.tenantId, { device_name: 'kiosk' });
    assert.deepEqual(
      (await services.devices.search(ann, 'kiosk')).map((one) => one.id),
      [now],
    );
    for (let i = 0; i < 12; i += 1) await device({ device_name: `lab-${i}` });
    assert.equal((await found('lab')).length, 10);
  });

  it('servers, domain controllers and high-value devices are sensitive', () => {
    const of = (operatingSystem: string | null, deviceValue: string | null = 'Normal', tags: string[] = []) =>
      isSensitive({ operatingSystem, deviceValue, tags });
    for (const system of [
      'WindowsServer2012R2',
      'Windows Server 2022',
      'windowsserver2019',
      'Linux',
      'Ubuntu',
      'RedHatEnterpriseLinux',
    ])
      assert.ok(of(system), system);
    for (const system of ['Windows10', 'Windows11', 'macOS', 'iOS', null]) assert.ok(!of(system), String(system));
    assert.ok(of('Windows10', 'high'));
    assert.ok(of('Windows10', null, ['domain-controller']));
    assert.ok(of('Windows10', null, ['DC']));
    assert.ok(!of('Windows10', 'Low', ['dcf', 'controller room']));
  });

  it('nothing speaks against what is unknown or supported', () => {
    const known = { microsoftDeviceId: 'x', goneAt: null, supersededBy: null };
    const systems = [
      null,
      'Windows10',
      'Windows11',
      'WindowsServer2012R2',
      'WindowsServer2022',
      'macOS',
      'Linux',
      'NeverSeen',
    ];
    for (const operatingSystem of systems)
      for (const onboarding of [null, 'onboarded', 'Onboarded', 'aNewWord'])
        for (const osVersion of [null, 'Other', '21H2', '1709', '22000'])
          for (const kind of ['isolate', 'unisolate', 'scan'] as const)
            assert.equal(preflightFault({ ...known, operatingSystem, onboarding, osVersion }, kind, 'Full'), null);
  });
});
