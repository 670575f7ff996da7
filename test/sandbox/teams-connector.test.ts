import assert from 'node:assert/strict';

import { TeamsInfo } from 'botbuilder';

import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';
import { cardOf } from '../../sandbox/teams/message.js';
import { directory } from './directory.js';
import { startEchoBot } from './echo-bot.js';
import type { EchoBot } from './echo-bot.js';
import { restOf } from './rest.js';

describe('The pretend Teams, spoken to by the real botbuilder adapter', () => {
  let bot: EchoBot;
  let teams: PretendTeams;
  let serviceUrl: string;
  let rest: ReturnType<typeof restOf>;

  before(async () => {
    bot = await startEchoBot(directory.appId);
    teams = createPretendTeams({ directory, botEndpoint: bot.endpoint, enforceLimits: false });
    serviceUrl = await teams.listen();
    rest = restOf(serviceUrl, teams);
  });
  after(() => Promise.all([teams.close(), bot.close()]));

  it('takes a root post with a card and names it by the message id in the conversation id', async () => {
    const id = await bot.raise(serviceUrl, rest.idOf('Security alerts'));
    const message = teams.message(id);
    assert.equal(message?.rootId, id);
    assert.equal(cardOf(message)?.['type'], 'AdaptiveCard');
    assert.equal(teams.log.posts(rest.idOf('Security alerts')), 1);
  });

  it('puts a reply under the root post that the conversation id names, and edits and deletes it', async () => {
    const root = await bot.raise(serviceUrl, rest.idOf('Security alerts'));
    const thread = `${rest.idOf('Security alerts')};messageid=${root}`;
    const replyId = await bot.inConversation(serviceUrl, thread, async (context) => {
      const sent = await context.sendActivity('first');
      await context.updateActivity({
        type: 'message',
        text: 'second',
        id: sent?.id ?? '',
        conversation: context.activity.conversation,
      });
      return sent?.id ?? '';
    });
    assert.deepEqual(
      teams.replies(root).map(({ id, text, version }) => ({ id, text, version })),
      [{ id: replyId, text: 'second', version: 2 }],
    );
    assert.equal(teams.log.updates(replyId), 1);
    await bot.inConversation(serviceUrl, thread, (context) => context.deleteActivity(replyId));
    assert.notEqual(teams.message(replyId)?.deletedAt, null);
  });

  it('starts a new post when the bot writes to the bare channel', async () => {
    const before = teams.messages('Escalations').length;
    await bot.inConversation(serviceUrl, rest.idOf('Escalations'), (context) => context.sendActivity('a new post'));
    assert.equal(teams.messages('Escalations').length, before + 1);
  });

  it('opens one and the same personal chat for a person, however often it is asked', async () => {
    const [ann] = teams.people.values();
    const ask = () =>
      rest.call('POST', 'conversations', {
        isGroup: false,
        bot: { id: `28:${directory.appId}` },
        members: [{ id: ann?.id }],
        tenantId: ann?.entraTenantId,
        channelData: { tenant: { id: ann?.entraTenantId } },
      });
    const [first, second] = [await ask(), await ask()];
    assert.equal(first.status, 201);
    assert.equal(first.body.id, second.body.id);
    await bot.inConversation(serviceUrl, first.body.id ?? '', (context) => context.sendActivity('Hello Ann'));
    assert.deepEqual(
      teams.messages(first.body.id ?? '').map((one) => one.text),
      ['Hello Ann'],
    );
  });

  it('shows the roster, one member, the team and its channels', async () => {
    const channel = rest.idOf('Security alerts');
    const told = await bot.inConversation(serviceUrl, channel, async (context) => {
      context.activity.channelData = { team: { id: channel } };
      const page = await TeamsInfo.getPagedMembers(context, 50);
      const team = await TeamsInfo.getTeamDetails(context, channel);
      const channels = await TeamsInfo.getTeamChannels(context, channel);
      const member = await TeamsInfo.getMember(context, page.members[0]?.id ?? '');
      return { page, team, channels, member };
    });
    assert.equal(told.page.members.length, 5);
    assert.equal(told.member.aadObjectId, directory.tenants[0]?.people[0]?.aadObjectId);
    assert.equal(told.team.name, 'Contoso SOC');
    assert.deepEqual(
      told.channels.map((one) => one.name),
      ['Security alerts', 'Escalations'],
    );
    assert.equal(told.page.members.find((one) => one.name === 'Gita Rao')?.userRole, 'guest');
  });

  it('finds a member by Entra object id as well, and only in the conversations of that person', async () => {
    const [ann] = teams.people.values();
    const look = (channel: string, id: string) =>
      rest.call('GET', `conversations/${encodeURIComponent(rest.idOf(channel))}/members/${encodeURIComponent(id)}`);
    const found = await look('Security alerts', (ann?.aadObjectId ?? '').toUpperCase());
    const { id, tenantId } = found.body as { id?: string; tenantId?: string };
    assert.deepEqual([found.status, id, tenantId], [200, ann?.id, ann?.entraTenantId]);
    const missing = await look('Alerts', ann?.aadObjectId ?? '');
    assert.equal(missing.status, 404);
  });

  it('splits text and card into two messages and then names neither, as Teams does', async () => {
    const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'card' }] };
    const attachments = [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }];
    const root = (await rest.post('Escalations')).body.activityId ?? '';
    const thread = encodeURIComponent(`${rest.idOf('Escalations')};messageid=${root}`);
    const body = { type: 'message', text: 'text', attachments };
    const answer = await rest.call('POST', `conversations/${thread}/activities`, body);
    assert.equal(answer.body.id, undefined);
    assert.equal(teams.replies(root).length, 2);
  });

  const refusals: [string, () => Promise<{ status: number; body: { error?: { code: string } } }>, number, string][] = [
    ['an unknown activity', () => rest.update('Escalations', '17', 'x'), 404, 'ActivityNotFoundInConversation'],
    ['an unknown channel', () => rest.post('19:nowhere@thread.tacv2'), 404, 'ConversationNotFound'],
    ['a thread without a root post', () => rest.reply('Escalations', '17', 'x'), 404, 'ConversationNotFound'],
    [
      'a message above 100 KB',
      () => rest.post('Escalations', { type: 'message', text: 'x'.repeat(60_000) }),
      413,
      'MessageSizeTooBig',
    ],
    ['a message without content', () => rest.post('Escalations', { type: 'message' }), 400, 'BadArgument'],
    [
      'a card of version 1.6',
      () => rest.post('Escalations', withCard({ type: 'AdaptiveCard', version: '1.6' })),
      400,
      'BadArgument',
    ],
    [
      'an input without an id',
      () =>
        rest.post('Escalations', withCard({ type: 'AdaptiveCard', version: '1.5', body: [{ type: 'Input.Text' }] })),
      400,
      'BadArgument',
    ],
  ];
  for (const [what, ask, status, code] of refusals) {
    it(`refuses ${what} with ${status} ${code}`, async () => {
      const answer = await ask();
      assert.deepEqual([answer.status, answer.body.error?.code], [status, code]);
    });
  }

  it('refuses the bot everything in a team that it was removed from, until it is added again', async () => {
    await teams.removeApp('Alerts');
    assert.equal((await rest.post('Alerts')).body.error?.code, 'BotNotInConversationRoster');
    await teams.addApp('Alerts');
    assert.equal((await rest.post('Alerts')).status, 201);
    const kinds = bot.received.slice(-4).map((one) => `${one.type ?? ''} ${one.action ?? ''}`.trim());
    assert.deepEqual(kinds, [
      'installationUpdate remove',
      'conversationUpdate',
      'installationUpdate add',
      'conversationUpdate',
    ]);
  });

  it('forgets a deleted channel until it is restored, and tells the bot both times', async () => {
    await teams.deleteChannel('Escalations');
    assert.equal((await rest.post('Escalations')).body.error?.code, 'ConversationNotFound');
    await teams.restoreChannel('Escalations');
    assert.equal((await rest.post('Escalations')).status, 201);
    const told = bot.received.slice(-2).map((one) => (one.channelData as { eventType: string }).eventType);
    assert.deepEqual(told, ['channelDeleted', 'channelRestored']);
  });

  it('shows a targeted message to its recipient alone', async () => {
    const [ann] = teams.people.values();
    const path = `conversations/${encodeURIComponent(rest.idOf('Escalations'))}/activities?isTargetedActivity=true`;
    const answer = await rest.call('POST', path, { type: 'message', text: 'psst', recipient: { id: ann?.id } });
    assert.equal(teams.message(answer.body.id ?? '')?.targetId, ann?.id);
  });
});

function withCard(content: unknown): unknown {
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }] };
}
