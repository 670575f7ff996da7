import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { EdrDevicesRow, SyncCursorsRow } from '../../database/rows.js';
import { ana, channels } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { cardsIn, press, verbsOf, wordsOf } from '../helpers/shown.js';
import { alertArrives, entra, rowsOf } from './support/story.js';

describe('From Defender to the channel, with two processes', () => {
  let on: Installation;
  before(async () => (on = await openInstallation({ apps: 2 })));
  after(() => on.close());

  const cards = () => cardsIn(on.teams, channels.contosoAlerts);

  it('a Defender alert becomes one card with what an analyst needs', async () => {
    const alert = await alertArrives(on, { title: 'Suspicious PowerShell', severity: 'high' });
    const { card, message } = alert.shown();
    const words = wordsOf(card);
    for (const part of [
      '▲ High',
      alert.name,
      'Suspicious PowerShell',
      'Contoso',
      'Open',
      'EDR',
      'Nobody yet',
      'Seen once',
    ])
      assert.ok(words.includes(part), `${part} in ${words}`);
    assert.deepEqual(verbsOf(card), ['alert.take', 'device.isolate', 'device.scan', 'alert.assign']);
    assert.match(message.summary ?? '', /Suspicious PowerShell/);
  });

  it('the same alert read 100 times by two processes is one row and one card, seen once', async () => {
    const alert = await alertArrives(on);
    const { admin } = on.database;
    const reads = async () => Number((await admin('sync_runs').sum({ n: 'unchanged_count' })).at(0)?.['n'] ?? 0);
    const before = on.teams.log.calls.length;
    for (let time = 0; time < 100; time += 1) await on.sync();
    await on.delivered();
    assert.ok((await reads()) >= 100, `${await reads()} records were read again`);
    assert.deepEqual(
      (await rowsOf(on, alert.microsoftId)).map((row) => row.seen_count),
      [1],
    );
    assert.equal(cards().filter((one) => one.name === alert.name).length, 1);
    assert.equal(on.teams.log.calls.length, before, 'nothing was sent to Teams for it');
  });

  it('updated and read 5 times at Microsoft it is seen 6 times, and the card says so', async () => {
    const alert = await alertArrives(on);
    const { message } = alert.shown();
    for (let time = 0; time < 5; time += 1) {
      on.cloud.repeatAlert(entra.contoso, alert.microsoftId);
      await on.sync();
      await on.sync();
    }
    await on.delivered();
    assert.equal((await alert.row()).seen_count, 6);
    assert.match(wordsOf(alert.shown().card), /Seen 6 times/);
    assert.equal(alert.shown().message.id, message.id, 'the same post, updated in place');
  });

  it('an older state that arrives late changes nothing', async () => {
    const alert = await alertArrives(on, { title: 'The newer words' });
    const lastUpdateDateTime = new Date(Date.now() - 60_000).toISOString();
    on.cloud.updateAlert(entra.contoso, alert.microsoftId, { title: 'The older words', lastUpdateDateTime });
    await on.sync();
    await on.delivered();
    assert.deepEqual([(await alert.row()).seen_count, (await alert.row()).title], [1, 'The newer words']);
  });

  it('a severity that rises while the alert is open is shown; one that falls is not', async () => {
    const alert = await alertArrives(on, { severity: 'medium' });
    on.cloud.updateAlert(entra.contoso, alert.microsoftId, { severity: 'high' });
    await on.sync();
    await on.delivered();
    assert.match(wordsOf(alert.shown().card), /▲ High/);
    on.cloud.updateAlert(entra.contoso, alert.microsoftId, { severity: 'low' });
    await on.sync();
    await on.delivered();
    assert.match(wordsOf(alert.shown().card), /▲ High.*Seen 3 times/);
  });

  it('what Microsoft resolved says so on the open card and offers Close; resolved before we saw it, it is mirrored only', async () => {
    const alert = await alertArrives(on);
    await press(on.teams, ana.name, alert.shown(), 'alert.take');
    on.cloud.updateAlert(entra.contoso, alert.microsoftId, { status: 'resolved' });
    const { id: other = '' } = on.cloud.raiseAlert(entra.contoso, { status: 'resolved' });
    await on.sync();
    await on.delivered();
    const { card } = alert.shown();
    assert.match(wordsOf(card), /Close it here if you agree/);
    assert.equal(verbsOf(card)[0], 'alert.close');
    assert.deepEqual(await rowsOf(on, other), []);
    const mirrored = await on.database.admin('edr_alerts').where({ microsoft_alert_id: other });
    assert.equal(mirrored.length, 1);
  });

  it('an alert that names a device we do not know creates the device with it', async () => {
    const mdeDeviceId = randomUUID().replaceAll('-', '');
    const evidence = [
      { '@odata.type': '#microsoft.graph.security.deviceEvidence', mdeDeviceId, deviceDnsName: 'new-1.contoso.com' },
    ];
    const alert = await alertArrives(on, { evidence });
    const device = await on.database
      .admin<EdrDevicesRow>('edr_devices')
      .where({ microsoft_device_id: mdeDeviceId })
      .first();
    assert.equal(device?.tenant_id, on.tenantIds.contoso);
    assert.match(wordsOf(alert.shown().card), /new-1\.contoso\.com/);
  });

  it('a tenant whose reading fails does not stop the other', async () => {
    on.cloud.faults.turnOn(entra.fabrikam, { kind: 'consent_revoked' });
    await on.sync('fabrikam');
    const alert = await alertArrives(on);
    assert.equal((await alert.row()).status, 'open');
    const cursor = await on.database
      .admin<SyncCursorsRow>('sync_cursors')
      .where({ tenant_id: on.tenantIds.fabrikam, source: 'alerts' })
      .first();
    assert.match(cursor?.hold_reason ?? '', /consent/i);
    await on.delivered();
    assert.ok(
      on.teams.messages(channels.fabrikamAlerts).some((one) => /on hold/.test(one.text)),
      'admins read why',
    );
    on.cloud.faults.turnOff(entra.fabrikam);
    await on.sync('fabrikam');
    await on.delivered();
    assert.ok(on.teams.messages(channels.fabrikamAlerts).some((one) => /works again/.test(one.text)));
  });
});
