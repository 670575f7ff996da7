import assert from 'node:assert/strict';
import { createConversationBook } from '../../bot/conversations.js';
import { readActivity } from '../../bot/activity.js';
import { activity, BOT, CHANNEL, openDesk, personal, said } from './support/desk.js';
import type { Desk } from './support/desk.js';
import { ENTRA, PERSON } from './support/recorded-services.js';

const TEAM = '19:team@thread.tacv2';

describe('What happens to conversations', () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  async function event(changes: object, data: object = {}): Promise<void> {
    const conversation = { id: TEAM, conversationType: 'channel', tenantId: ENTRA };
    const team = { id: TEAM, name: 'SOC' };
    const channelData = { tenant: { id: ENTRA }, team, ...data };
    assert.equal((await desk.post(activity(desk, { conversation, channelData, ...changes }))).status, 200);
  }
  const lost = () => desk.named('channels.lose').map(([id]) => id);

  it('is written down when the app comes, with how to reach them', async () => {
    await event({ type: 'installationUpdate', action: 'add' });
    assert.deepEqual(desk.named('channels.remember'), [
      [
        { conversationId: TEAM, kind: 'channel', serviceUrl: desk.connector.url, entraTenantId: ENTRA, botId: BOT },
        { team: 'SOC', teamId: TEAM, channel: null, aadObjectId: null },
      ],
    ]);
  });

  it('is written down when somebody speaks, once while nothing changes', async () => {
    await desk.post(said(desk, 'help'));
    await desk.post(said(desk, 'help'));
    await desk.post(said(desk, 'help', personal));
    const remembered = desk.named('channels.remember');
    assert.deepEqual(
      remembered.map(([reference]) => (reference as { conversationId: string }).conversationId),
      [CHANNEL, 'a:chat'],
    );
    assert.deepEqual(
      remembered.map(([, names]) => names),
      [
        { team: 'SOC', teamId: TEAM, channel: 'Alerts', aadObjectId: null },
        { team: null, teamId: null, channel: null, aadObjectId: PERSON },
      ],
    );
  });

  it('is written down again after ten minutes, or at once when something changed', async () => {
    let now = 0;
    const book = createConversationBook(desk.services.channels, () => now);
    const spoken = readActivity(said(desk, 'x'));
    await book.note(spoken);
    now = 9 * 60_000;
    await book.note(spoken);
    await book.note({ ...spoken, serviceUrl: 'http://127.0.0.1:1/' });
    now = 20 * 60_000;
    await book.note({ ...spoken, serviceUrl: 'http://127.0.0.1:1/' });
    assert.equal(desk.named('channels.remember').length, 3);
  });

  it('ends when the app, the channel or the team goes', async () => {
    const channel = { id: CHANNEL, name: 'Alerts' };
    await event({ type: 'installationUpdate', action: 'remove' });
    await event({ type: 'conversationUpdate', membersRemoved: [{ id: BOT }] });
    await event({ type: 'conversationUpdate' }, { eventType: 'channelDeleted', channel });
    await event({ type: 'conversationUpdate' }, { eventType: 'teamDeleted' });
    assert.deepEqual(lost(), [TEAM, TEAM, CHANNEL, TEAM]);
    assert.deepEqual(new Set(desk.named('channels.lose').map((args) => args[2])), new Set([ENTRA]));
    await event({ type: 'installationUpdate', action: 'remove', conversation: { id: TEAM } }, { tenant: undefined });
    assert.equal(lost().length, 4, 'an event of no tenant ends nothing');
    assert.deepEqual(desk.named('channels.remember'), []);
  });

  it('ends and goes on with the whole team, of which an event names one channel', async () => {
    await event({ type: 'installationUpdate', action: 'remove' });
    await event({ type: 'conversationUpdate' }, { eventType: 'teamArchived' });
    await event({ type: 'conversationUpdate' }, { eventType: 'channelDeleted', channel: { id: CHANNEL, name: 'x' } });
    await event({ type: 'conversationUpdate', membersAdded: [{ id: '29:bo' }] });
    assert.deepEqual(desk.named('channels.loseTeam'), [
      [TEAM, 'The app was removed.', ENTRA],
      [TEAM, 'The team was archived.', ENTRA],
    ]);
    assert.deepEqual(desk.named('channels.reviveTeam'), []);
    await event({ type: 'installationUpdate', action: 'add' });
    await event({ type: 'conversationUpdate', membersAdded: [{ id: BOT }] });
    await event({ type: 'conversationUpdate' }, { eventType: 'teamUnarchived' });
    assert.deepEqual(desk.named('channels.reviveTeam'), Array(3).fill([TEAM, ENTRA]));
  });

  it('goes on when the channel comes back, and when other people come and go', async () => {
    const channel = { id: CHANNEL, name: 'Alerts' };
    await event({ type: 'conversationUpdate' }, { eventType: 'channelRestored', channel });
    await event({ type: 'conversationUpdate', membersRemoved: [{ id: '29:bo' }] });
    await event(
      { type: 'conversationUpdate' },
      { eventType: 'channelCreated', channel: { id: '19:new', name: 'New' } },
    );
    assert.deepEqual(lost(), []);
    assert.deepEqual(
      desk.named('channels.remember').map(([reference]) => (reference as { conversationId: string }).conversationId),
      [CHANNEL, TEAM],
    );
  });

  it('that cannot be written down keeps nobody from being answered', async () => {
    desk.answers.set('channels.remember', () => {
      throw new Error('boom');
    });
    await desk.post(said(desk, 'help'));
    await event({ type: 'installationUpdate', action: 'add' });
    assert.equal(desk.connector.calls.length, 1);
  });

  it('leaves alone what it does not know', async () => {
    await event({ type: 'messageReaction' });
    await event({ type: 'typing' });
    assert.deepEqual(desk.calls, []);
  });
});
