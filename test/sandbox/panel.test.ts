import assert from 'node:assert/strict';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import type { SandboxCloud } from '../../sandbox/cloud/cloud.js';
import { sandboxTenants } from '../../sandbox/cloud/tenants.js';
import type { PanelControl } from '../../sandbox/console/panel.js';
import { readValues } from '../../sandbox/console/panel.js';
import { newestAlertsDevice } from '../../sandbox/local/panel-device-choice.js';
import { deviceControls } from '../../sandbox/local/panel-devices.js';
import { faultControls } from '../../sandbox/local/panel-faults.js';

const [contoso, fabrikam] = sandboxTenants;
const tenant = contoso.entraTenantId;
const place = { personId: 'p', conversationId: 'c' };

describe('the panel for devices and faults', () => {
  let cloud: SandboxCloud;
  let controls: readonly PanelControl[];
  beforeEach(() => {
    cloud = createSandboxCloud({ tenants: [{ ...contoso, alerts: [] }, fabrikam] });
    controls = [...deviceControls(cloud, () => tenant), ...faultControls(cloud)];
  });
  const find = (id: string) => controls.find((one) => one.id === id) ?? assert.fail(`there is no control ${id}`);
  const press = async (id: string, values: Record<string, string> = {}) => {
    const control = find(id);
    return control.kind === 'button' ? control.run(readValues(control.fields ?? [], values), place) : assert.fail(id);
  };
  const flip = async (id: string, on: boolean) => {
    const control = find(id);
    return control.kind === 'toggle' ? control.run(on, place) : assert.fail(id);
  };

  it('switches the device of the newest alert off and on', async () => {
    assert.equal(await press('device-offline'), 'No alert names a device.');
    const { id } = cloud.machines(tenant)[3] ?? {};
    cloud.raiseAlert(tenant, { evidence: [{ mdeDeviceId: id }] });
    cloud.raiseAlert(tenant, { evidence: [] });
    assert.equal(newestAlertsDevice(cloud, tenant)?.['id'], id);
    await press('device-offline');
    assert.equal(cloud.isOnline(tenant, String(id)), false);
    assert.match((await press('device-online')) ?? '', /lap-0219.* is online/);
    assert.equal(cloud.isOnline(tenant, String(id)), true);
  });

  it('finds a device by a part of its name, whatever the form of its apostrophe', async () => {
    assert.match((await press('device-offline', { device: "nestor's mac" })) ?? '', /^Nestor’s MacBook Pro is offline/);
    assert.equal(await press('device-offline', { device: 'nobody' }), 'There is no device "nobody".');
  });

  it('makes a device noncompliant and compliant again', async () => {
    const state = () =>
      cloud.managedDevices(tenant).find((one) => one['deviceName'] === 'con-lap-0117')?.['complianceState'];
    await press('not-compliant', { device: 'lap-0117' });
    assert.equal(state(), 'noncompliant');
    await press('compliant', { device: 'lap-0117' });
    assert.equal(state(), 'compliant');
    assert.match((await press('not-compliant', { device: 'srv-file-01' })) ?? '', /Intune does not know/);
  });

  it('lets a vulnerability appear on three devices, and fixes the one that most devices have', async () => {
    const before = cloud.exposures(tenant).length;
    const said = await press('vulnerability-new');
    const cveId = /^CVE-\S+/.exec(said ?? '')?.[0];
    assert.equal(cloud.exposures(tenant).filter((one) => one['cveId'] === cveId).length, 3);
    assert.equal(cloud.vulnerabilities(tenant).find(({ id }) => id === cveId)?.['cvssV3'], 9.8);
    const gone = Number(/from (\d+)/.exec((await press('vulnerability-fix')) ?? '')?.[1]);
    assert.ok(gone > 3);
    assert.equal(cloud.exposures(tenant).length, before + 3 - gone);
  });

  it('decides over one action only, and takes a decision back', async () => {
    await press('next-action', { fate: 'fails' });
    assert.deepEqual(cloud.faults.active(tenant), [{ kind: 'action_fails' }]);
    await press('next-action', { fate: 'lost' });
    assert.deepEqual(cloud.faults.active(tenant, 'defender'), [{ kind: 'answer_lost', how: 'reset' }]);
    await press('next-action', { fate: 'succeeds' });
    assert.deepEqual(cloud.faults.active(tenant), []);
  });

  it('keeps faults of one API apart from those of all', async () => {
    const isOn = (id: string) => {
      const control = find(id);
      return control.kind === 'toggle' && control.isOn();
    };
    await flip('fault-throttle-defender', true);
    assert.deepEqual([isOn('fault-throttle'), isOn('fault-throttle-defender')], [false, true]);
    await flip('fault-not_licensed-intune', true);
    assert.deepEqual(cloud.faults.active(fabrikam.entraTenantId, 'intune'), [{ kind: 'not_licensed' }]);
    await flip('fault-throttle-defender', false);
    await flip('fault-not_licensed-intune', false);
    assert.deepEqual(cloud.faults.active(tenant), []);
  });
});
