import assert from 'node:assert/strict';
import type { EdrActionsRow, EdrDevicesRow } from '../../database/rows.js';
import { setActionPolicy } from '../../domain/actions/operator-policy.js';
import type { FleetDevice } from '../../sandbox/cloud/fleet.js';
import { fleetOf } from '../../sandbox/cloud/fleet.js';
import { sandboxTenants } from '../../sandbox/cloud/tenants.js';
import { alex, ana, bo, channels, finn, guest, maya } from '../helpers/cast.js';
import type { Data, Shown } from '../helpers/shown.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { buttonsOf, cardsIn, dataOf, fillIn, press, pressWith, readOf, wordsOf } from '../helpers/shown.js';
import { alertArrives, auditOf, entra } from './support/story.js';
import type { Told } from './support/story.js';

const [laptop, third, other] = fleetOf(sandboxTenants[0]).devices;

/** An alert on a machine that the pretend Defender knows. */
const evidenceOf = (device: FleetDevice) => [
  {
    '@odata.type': '#microsoft.graph.security.deviceEvidence',
    mdeDeviceId: device.mdeDeviceId,
    deviceDnsName: device.dnsName,
    hostName: device.hostName,
    osPlatform: device.osPlatform,
    onboardingStatus: 'onboarded',
  },
];

describe('An action on a device, from the button to Microsoft and back', () => {
  let on: Installation;
  before(async () => {
    on = await openInstallation({ apps: 2 });
    await setActionPolicy(on.database.admin, on.tenantIds.contoso, { dryRun: false });
  });
  after(() => on.close());

  const reason = 'A ransom note on the desktop';
  const arrives = (device: FleetDevice | undefined = laptop) => {
    assert.ok(device);
    return alertArrives(on, { severity: 'high', evidence: evidenceOf(device) });
  };
  const actions = () => on.database.admin<EdrActionsRow>('edr_actions').orderBy('number');
  const newest = async () => {
    const row = (await actions()).at(-1);
    assert.ok(row, 'there is an action');
    return row;
  };
  const posts = () => on.cloud.requestLog.filter(({ method, path }) => method === 'POST' && /isolate$/.test(path));
  const cardIn = (conversation: string, number: number): Shown => {
    const found = cardsIn(on.teams, conversation).find((one) => one.name === `ACT-${number}`);
    if (!found) throw new Error(`no card of ACT-${number} in ${conversation}`);
    return found;
  };
  const chatOf = (person: { readonly name: string }) => {
    const chat = [...on.teams.conversations.values()].find(
      (one) =>
        one.kind === 'personal' &&
        [...on.teams.people.values()].some((p) => p.name === person.name && p.id === one.personId),
    );
    if (!chat) throw new Error(`${person.name} has no chat with the bot`);
    return chat.id;
  };
  const asks = async (alert: Told, verb: string, inputs: Data = {}, person = ana.name) =>
    readOf(await fillIn(on.teams, person, alert.shown(), verb, { reason, ...inputs }));

  it('is asked of everybody who may approve, approved by another person, done once, and undone', async () => {
    const alert = await arrives();
    const said = await asks(alert, 'device.isolate');
    assert.match(said, /ACT-1.*Alex Rivera and Maya Chen|ACT-1.*Maya Chen and Alex Rivera/);
    await on.delivered();
    const action = await newest();
    await on.acted(action.id);
    assert.equal(posts().length, 0, 'nothing leaves before it is approved');
    assert.match(wordsOf(alert.shown().card), /ACT-1/);
    assert.match(wordsOf(cardIn(channels.contosoAlerts, 1).card), /Waiting for approval/);
    for (const person of [maya, alex]) assert.match(wordsOf(cardIn(chatOf(person), 1).card), /Waiting for approval/);
    assert.throws(() => cardIn(chatOf(bo), 1), 'an analyst is not asked unless the tenant lets peers approve');

    const own = readOf(await press(on.teams, ana.name, cardIn(channels.contosoAlerts, 1), 'action.approve'));
    assert.match(own, /own request|does not allow/i);
    const approved = readOf(await press(on.teams, maya.name, cardIn(chatOf(maya), 1), 'action.approve'));
    assert.match(approved, /Approved by Maya Chen/);
    const late = readOf(await press(on.teams, alex.name, cardIn(chatOf(alex), 1), 'action.approve'));
    assert.match(late, /Maya Chen approved this/);
    await on.acted(action.id);
    await on.acted(action.id);
    assert.equal(posts().length, 1);
    for (const place of [channels.contosoAlerts, chatOf(maya), chatOf(alex)])
      assert.match(wordsOf(cardIn(place, 1).card), /Completed/, place);
    assert.match(wordsOf(alert.shown().card), /isolated/);
    assert.equal(on.cloud.isolation(entra.contoso, laptop.mdeDeviceId), 'isolated');

    await asks(alert, 'device.release');
    const release = await newest();
    await on.acted(release.id);
    await on.acted(release.id);
    assert.equal((await newest()).status, 'completed');
    assert.equal(posts().length, 2);
    const trail = await auditOf(on, { tenant_id: on.tenantIds.contoso, entity_id: action.id });
    const told = JSON.stringify(trail);
    for (const word of [reason, String((await actions())[0]?.microsoft_action_id), action.user_id])
      assert.ok(told.includes(word), `the trail names ${word}`);
  });

  it('asked for three times by the same dialog and by two people is one request', async () => {
    const alert = await arrives(other);
    const message = alert.shown().message;
    const open = async (person: string) => {
      const opened = await on.teams.openDialog(person, message.id, dataOf(alert.shown().card, 'device.isolate'));
      assert.ok(opened.outcome === 'dialog' && opened.dialog.card);
      return { ...dataOf(opened.dialog.card, 'device.isolate'), reason };
    };
    const [mine, theirs] = [await open(ana.name), await open(bo.name)];
    const before = (await actions()).length;
    const send = (person: string, data: Data) => on.teams.submitDialog(person, message.conversationId, data);
    await Promise.all([send(ana.name, mine), send(ana.name, mine), send(ana.name, mine), send(bo.name, theirs)]);
    assert.equal((await actions()).length, before + 1);
  });

  it('is refused to a guest, to a member of another tenant and for a device that is not the alert’s', async () => {
    const alert = await arrives(third);
    const before = (await actions()).length;
    assert.match(await asks(alert, 'device.isolate', {}, guest.name), /Whoever runs this installation/);
    assert.match(await asks(alert, 'device.isolate', {}, finn.name), /not a member|another tenant/);
    const device = await on.database
      .admin<EdrDevicesRow>('edr_devices')
      .where({ tenant_id: on.tenantIds.contoso, microsoft_device_id: other?.mdeDeviceId ?? '' })
      .first();
    assert.ok(device);
    const opened = await on.teams.openDialog(
      ana.name,
      alert.shown().message.id,
      dataOf(alert.shown().card, 'device.isolate'),
    );
    assert.ok(opened.outcome === 'dialog' && opened.dialog.card);
    const forged = {
      ...dataOf(opened.dialog.card, 'device.isolate'),
      reason: 'Another one',
      deviceId: device.id,
      actionCounts: { [device.id]: 0 },
    };
    const answer = await on.teams.submitDialog(ana.name, alert.shown().message.conversationId, forged);
    assert.match(readOf(answer), /Not found here/);
    assert.equal((await actions()).length, before);
  });

  it('that is rejected never leaves, and its button on an old card does nothing more', async () => {
    const action = await newest();
    assert.equal(action.status, 'requested');
    const stale = cardIn(chatOf(maya), action.number);
    const data = dataOf(stale.card, 'action.approve');
    const rejected = await fillIn(on.teams, alex.name, cardIn(chatOf(alex), action.number), 'action.reject', {
      reason: 'Call the user first',
    });
    assert.match(readOf(rejected), /rejected/i);
    const sent = posts().length;
    assert.match(readOf(await pressWith(on.teams, maya.name, stale.message, data)), /Alex Rivera rejected this/);
    await on.acted(action.id);
    assert.equal(posts().length, sent);
    assert.equal(
      buttonsOf(cardIn(chatOf(maya), action.number).card).some((one) => one['verb'] === 'action.approve'),
      false,
    );
  });
});
