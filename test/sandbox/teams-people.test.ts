import assert from 'node:assert/strict';

import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';
import { directory } from './directory.js';
import { startEchoBot } from './echo-bot.js';
import type { EchoBot } from './echo-bot.js';

const contoso = directory.tenants[0]?.entraTenantId;
const annAad = directory.tenants[0]?.people[0]?.aadObjectId;

describe('People in the pretend Teams', () => {
  let bot: EchoBot;
  let teams: PretendTeams;
  let serviceUrl: string;
  let channel: string;
  let now: Date;

  beforeEach(async () => {
    now = new Date('2026-03-01T10:00:00Z');
    bot = await startEchoBot(directory.appId);
    teams = createPretendTeams({
      directory,
      botEndpoint: bot.endpoint,
      enforceLimits: false,
      deadlineMs: 200,
      now: () => now,
    });
    serviceUrl = await teams.listen();
    channel = [...teams.conversations.values()].find((one) => one.name === 'Security alerts')?.id ?? '';
  });
  afterEach(() => Promise.all([teams.close(), bot.close()]));

  const take = (number: number) => ({
    type: 'Action.Execute' as const,
    verb: 'take',
    data: { verb: 'take', alert: number, version: 1 },
  });

  it('mention the bot in a channel and are answered in the thread', async () => {
    const { message, answer } = await teams.say('Ann Archer', 'Security alerts', '<at>AVIAN</at> hello');
    assert.equal(answer?.status, 200);
    assert.deepEqual(
      teams.replies(message.id).map((one) => one.text),
      ['You said: hello'],
    );
    const [activity] = bot.received;
    assert.equal(activity?.from?.aadObjectId, annAad);
    assert.equal(activity?.conversation?.id, `${channel};messageid=${message.id}`);
    assert.equal(activity?.conversation?.tenantId, contoso);
    assert.equal(activity?.serviceUrl, serviceUrl);
    const data = activity?.channelData as { tenant: { id: string }; team: { name: string }; channel: { id: string } };
    assert.deepEqual([data.tenant.id, data.team.name, data.channel.id], [contoso, 'Contoso SOC', channel]);
    assert.equal(activity?.entities?.find((one) => one.type === 'mention')?.['text'], '<at>AVIAN</at>');
  });

  it('talk among themselves without the bot hearing it', async () => {
    const { answer } = await teams.say('Ann Archer', 'Security alerts', 'lunch?');
    assert.equal(answer, null);
    assert.equal(bot.received.length, 0);
  });

  it('send a slash command that nobody else sees, and which says so to the bot', async () => {
    const { message } = await teams.say('Ann Archer', 'Security alerts', '/help', { targeted: true });
    assert.equal(message.targetId, teams.people.values().next().value?.id);
    assert.equal((bot.received[0]?.recipient as { isTargeted?: boolean }).isTargeted, true);
  });

  it('click a button, and see the card that the bot answered with until the post is edited', async () => {
    const id = await bot.raise(serviceUrl, channel, { number: 7 });
    const result = await teams.click('Ann Archer', id, take(7));
    assert.equal(result.outcome, 'card');
    const activity = bot.received.at(-1);
    const { name, replyToId, conversation } = activity ?? {};
    assert.deepEqual([name, replyToId], ['adaptiveCard/action', id]);
    assert.equal((activity?.value as { trigger: string }).trigger, 'manual');
    assert.equal(conversation?.id, `${channel};messageid=${id}`);
    const message = teams.message(id);
    const [ann, bo] = [...teams.people.values()];
    assert.ok(message && ann && bo);
    teams.world.views.set(ann.id, message, { type: 'AdaptiveCard', mine: true });
    assert.equal(teams.world.views.cardFor(ann.id, message)?.['mine'], true);
    assert.equal(teams.world.views.cardFor(bo.id, message)?.['mine'], undefined);
    await teams.click('Bo Berg', id, { ...take(7), verb: 'investigate' });
    const edited = teams.message(id);
    assert.ok(edited && edited.version > message.version);
    assert.equal(teams.world.views.cardFor(ann.id, edited)?.['mine'], undefined);
  });

  it('read the error of the bot, or that it cannot be reached in time', async () => {
    const id = await bot.raise(serviceUrl, channel, { number: 8 });
    const refused = await teams.click('Gita Rao', id, take(8));
    assert.ok(refused.outcome === 'failed' && refused.text.includes('Ask Adam Okoye'));
    bot.answerInvokesWith(() => new Promise(() => undefined));
    const late = await teams.click('Ann Archer', id, take(8));
    assert.deepEqual([late.outcome, late.answer.status], ['failed', 0]);
    assert.ok(late.outcome === 'failed' && late.text.startsWith('Unable to reach app'));
    bot.answerInvokesWith(async () => ({ status: 500, body: 'x' }));
    const broken = await teams.click('Ann Archer', id, take(8));
    assert.ok(broken.outcome === 'failed' && broken.text.startsWith('Something went wrong'));
  });

  it('have one click delivered three times, with the same id and with new ones', async () => {
    const id = await bot.raise(serviceUrl, channel, { number: 9 });
    await teams.clickRepeatedly('Ann Archer', id, take(9), { times: 3, ids: 'same' });
    assert.equal(new Set(bot.received.map((one) => one.id)).size, 1);
    await teams.clickRepeatedly('Ann Archer', id, take(9), { times: 3, ids: 'new' });
    assert.equal(bot.received.length, 6);
    assert.equal(new Set(bot.received.map((one) => one.id)).size, 4);
  });

  it('get a fresh card by looking, when the card lists them, at most once a minute or after an edit', async () => {
    const [ann] = teams.people.values();
    const id = await bot.raise(serviceUrl, channel, { number: 10 }, [ann?.id ?? '']);
    assert.equal(await teams.look('Bo Berg', id), null);
    assert.equal((await teams.look('Ann Archer', id))?.outcome, 'card');
    assert.equal((bot.received.at(-1)?.value as { trigger: string }).trigger, 'automatic');
    assert.equal(await teams.look('Ann Archer', id), null);
    now = new Date(now.getTime() + 61_000);
    assert.equal((await teams.look('Ann Archer', id))?.outcome, 'card');
    await teams.click('Bo Berg', id, take(10));
    assert.equal((await teams.look('Ann Archer', id))?.outcome, 'card');
    assert.equal((await teams.refresh('Bo Berg', id, 'manual')).outcome, 'card');
  });

  it('open a dialog by a Submit button, send it, and the post changes', async () => {
    const id = await bot.raise(serviceUrl, channel, { number: 11 });
    const data = { msteams: { type: 'task/fetch' }, verb: 'close', alert: 11 };
    const opened = await teams.click('Ann Archer', id, { type: 'Action.Submit', data });
    assert.ok(opened.outcome === 'dialog');
    assert.equal(opened.dialog.title, 'Close A-11');
    assert.equal(opened.dialog.card?.['type'], 'AdaptiveCard');
    const sent = await teams.submitDialog('Ann Archer', channel, { verb: 'close', alert: 11, notes: 'nothing' });
    assert.ok(sent.outcome === 'message' && sent.text === 'A-11 is closed.');
    assert.equal(bot.received.at(-1)?.replyToId, undefined);
  });

  it('press a plain Submit button, which arrives as a message with a value and no text', async () => {
    const id = await bot.raise(serviceUrl, channel, { number: 12 });
    const result = await teams.click('Ann Archer', id, { type: 'Action.Submit', data: { verb: 'take', alert: 12 } });
    assert.equal(result.outcome, 'done');
    const { type, text, replyToId, ...rest } = bot.received.at(-1) ?? {};
    assert.deepEqual(
      [type, text, rest.value as unknown, replyToId],
      ['message', undefined, { verb: 'take', alert: 12 }, id],
    );
  });

  it('are known by the tenant they belong to', async () => {
    await teams.say('Finn Falk', 'Alerts', '<at>AVIAN</at> hello');
    const data = bot.received[0]?.channelData as { tenant: { id: string } };
    assert.equal(data.tenant.id, directory.tenants[1]?.entraTenantId);
  });
});
