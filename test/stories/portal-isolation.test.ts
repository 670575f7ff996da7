import assert from 'node:assert/strict';
import { setActionPolicy } from '../../domain/actions/operator-policy.js';
import { fleetOf } from '../../sandbox/cloud/fleet.js';
import { sandboxTenants } from '../../sandbox/cloud/tenants.js';
import { ana } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { fillIn, verbsOf, wordsOf } from '../helpers/shown.js';
import { alertArrives, entra } from './support/story.js';
import type { Told } from './support/story.js';

const [laptop] = fleetOf(sandboxTenants[0]).devices;
const machineId = laptop.mdeDeviceId;
const evidence = [
  {
    '@odata.type': '#microsoft.graph.security.deviceEvidence',
    mdeDeviceId: machineId,
    deviceDnsName: laptop.dnsName,
    hostName: laptop.hostName,
    osPlatform: laptop.osPlatform,
    onboardingStatus: 'onboarded',
  },
];

describe('An isolation from the Defender portal', () => {
  let on: Installation;
  before(async () => {
    on = await openInstallation();
    await setActionPolicy(on.database.admin, on.tenantIds.contoso, { dryRun: false });
  });
  after(() => on.close());

  const order = (type: string, scope?: string) =>
    on.cloud.orderInPortal(entra.contoso, { machineId, type, ...(scope !== undefined && { scope }) });
  const syncs = async () => {
    await on.sync('contoso', 'devices');
    await on.delivered();
  };
  const verbs = (alert: Told) => verbsOf(alert.shown().card);

  it('is on the card of an open alert after the next sync, with a release that works', async () => {
    const alert = await alertArrives(on, { severity: 'high', evidence });
    assert.doesNotMatch(wordsOf(alert.shown().card), /isolated/);
    assert.deepEqual([verbs(alert).includes('device.isolate'), verbs(alert).includes('device.release')], [true, false]);

    order('Isolate', 'Selective');
    await syncs();
    assert.match(wordsOf(alert.shown().card), /selectively isolated/);
    assert.deepEqual([verbs(alert).includes('device.isolate'), verbs(alert).includes('device.release')], [false, true]);

    await fillIn(on.teams, ana.name, alert.shown(), 'device.release', { reason: 'Cleaned' });
    const actions = await on.database.admin('edr_actions').pluck<string[]>('id');
    assert.equal(actions.length, 1);
    for (let n = 0; n < 2; n += 1) await on.acted(actions[0] ?? '');
    assert.equal(on.cloud.isolation(entra.contoso, machineId), 'not_isolated');
    assert.match(wordsOf(alert.shown().card), /not isolated/);
    await syncs();
    assert.match(wordsOf(alert.shown().card), /not isolated/, 'what is older changes nothing');

    order('Isolate');
    await syncs();
    assert.match(wordsOf(alert.shown().card), /(?<!not |selectively )isolated/);
    order('Unisolate');
    await syncs();
    assert.match(wordsOf(alert.shown().card), /not isolated/);
    assert.deepEqual([verbs(alert).includes('device.isolate'), verbs(alert).includes('device.release')], [true, false]);
  });
});
