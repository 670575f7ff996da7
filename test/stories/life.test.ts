import assert from 'node:assert/strict';
import { alex, ana, channels, maya } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { cardsIn, fillIn, press, wordsOf } from '../helpers/shown.js';
import { ask, chatOf } from './support/people.js';
import { alertArrives, entra } from './support/story.js';
import type { Told } from './support/story.js';

describe('The life of an installation', () => {
  let on: Installation;
  let open: Told;
  let closed: Told;

  beforeEach(async () => {
    on = await openInstallation();
    await ask(on, maya, 'whoami');
    [open, closed] = [
      await alertArrives(on, { title: 'Still open' }),
      await alertArrives(on, { title: 'Long closed' }),
    ];
    await press(on.teams, ana.name, closed.shown(), 'alert.take');
    await on.delivered();
    await fillIn(on.teams, ana.name, closed.shown(), 'alert.close', {
      outcome: 'closed_benign',
      notes: 'a test of the customer',
    });
    await on.delivered();
  });
  afterEach(() => on.close());

  const here = (alert: Told) => cardsIn(on.teams, channels.contosoAlerts).filter((one) => one.name === alert.name);
  const links = () =>
    on.database
      .admin<{ tenant_id: string; state: string; purpose: string }>('channel_links')
      .where({ tenant_id: on.tenantIds.contoso });

  it('the app is removed: delivery stops and admins read it; added again, open cards are posted once more, once', async () => {
    await on.teams.removeApp(channels.contosoAlerts);
    const sent = on.teams.log.calls.length;
    const meanwhile = on.cloud.raiseAlert(entra.contoso, { title: 'Raised meanwhile' });
    await on.sync();
    await on.delivered();
    const calls = on.teams.log.calls.slice(sent).filter((one) => one.conversationId === channelId());
    assert.deepEqual(calls, []);
    assert.match(
      on.teams
        .messages(chatOf(on, maya))
        .map((one) => one.text)
        .join(),
      /no longer receives/,
    );

    await on.teams.addApp(channels.contosoAlerts);
    await on.delivered();
    assert.ok((await links()).every((link) => link.state === 'active'));
    assert.equal(here(open).length, 2, 'the old card, and the new one');
    assert.equal(here(closed).length, 1);
    const words = cardsIn(on.teams, channels.contosoAlerts).map((one) => wordsOf(one.card));
    assert.equal(words.filter((one) => one.includes('Raised meanwhile')).length, 1);
    assert.ok(meanwhile.id);
    await on.teams.addApp(channels.contosoAlerts);
    await on.delivered();
    assert.equal(here(open).length, 2, 'a second event posts nothing');
  });

  it('the app comes back through another process than the one that saw it go', async () => {
    await on.startApp();
    for (const app of on.apps)
      await on.through(app, () => on.teams.say(ana.name, channels.contosoAlerts, '<at>AVIAN</at> whoami'));
    const [first, second] = on.apps;
    assert.ok(first && second);
    await on.through(first, () => on.teams.removeApp(channels.contosoAlerts));
    assert.equal((await links()).find((link) => link.purpose === 'alerts')?.state, 'lost');
    await on.through(second, () => on.teams.addApp(channels.contosoAlerts));
    assert.equal((await links()).find((link) => link.purpose === 'alerts')?.state, 'active');
    await on.delivered();
    assert.equal(here(open).length, 2);
  });

  it('the channel is deleted and restored: the same', async () => {
    await on.teams.deleteChannel(channels.contosoAlerts);
    const state = (await links()).find((link) => link.purpose === 'alerts')?.state;
    assert.equal(state, 'lost');
    await on.delivered();
    const told = on.teams.messages(chatOf(on, maya)).map((one) => one.text);
    assert.match(told.join(), /Contoso alerts no longer receives alerts/);
    const health = (await (await fetch(`${on.apps[0]?.address ?? ''}/healthz`)).json()) as { lostLinks: number };
    assert.equal(health.lostLinks, 1);
    await on.teams.restoreChannel(channels.contosoAlerts);
    await on.delivered();
    assert.equal(here(open).length, 2);
    assert.equal(here(closed).length, 1);
  });

  it('an admin moves the alerts to another channel: open cards follow, closed ones stay', async () => {
    await on.teams.say(alex.name, channels.lobby, '<at>AVIAN</at> link alerts Contoso');
    await on.delivered();
    const names = cardsIn(on.teams, channels.lobby).map((one) => one.name);
    assert.deepEqual(names, [open.name]);
    const next = on.cloud.raiseAlert(entra.contoso, { title: 'The next one' });
    await on.sync();
    await on.delivered();
    assert.ok(next.id);
    assert.match(
      cardsIn(on.teams, channels.lobby)
        .map((one) => wordsOf(one.card))
        .join(),
      /The next one/,
    );
    await on.teams.say(alex.name, channels.lobby, '<at>AVIAN</at> unlink alerts');
    on.cloud.raiseAlert(entra.contoso);
    await on.sync();
    await on.delivered();
    assert.equal(cardsIn(on.teams, channels.lobby).length, 2);
  });

  it('a channel serves one tenant: another cannot be linked to it', async () => {
    const { message } = await on.teams.say(alex.name, channels.contosoAlerts, '<at>AVIAN</at> link reports Fabrikam');
    assert.match(
      on.teams
        .replies(message.id)
        .map((one) => one.text)
        .join(),
      /another tenant/,
    );
  });

  function channelId(): string {
    return [...on.teams.conversations.values()].find((one) => one.name === channels.contosoAlerts)?.id ?? '';
  }
});
