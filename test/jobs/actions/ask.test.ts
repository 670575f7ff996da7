import assert from 'node:assert/strict';
import { pino } from 'pino';
import type { ApprovalAsksRow } from '../../../database/rows.js';
import type { Actor } from '../../../domain/access/actor.js';
import { createChannelService } from '../../../domain/channels/channel-service.js';
import { askApprovers } from '../../../jobs/actions/ask.js';
import { click, conversation } from '../../helpers/builders.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { createPretendTeams } from '../delivery/pretend-teams.js';
import type { PretendTeams } from '../delivery/pretend-teams.js';
import { loopWorld, settled } from '../delivery/world.js';
import { actionWorld, pass } from './world.js';
import type { ActionWorld } from './world.js';

describe('asking everybody who may approve', () => {
  let base: TestDatabase;
  let on: ActionWorld;
  let teams: PretendTeams;
  let loops: ReturnType<typeof loopWorld>;
  before(async () => {
    base = await testDatabase();
    loops = loopWorld(base, () => teams);
  });
  beforeEach(async () => {
    on = await actionWorld(base);
    teams = createPretendTeams();
  });
  afterEach(() => loops.stopAll());
  after(() => base.drop());

  const signal = new AbortController().signal;
  const ask = (id: string) =>
    askApprovers(
      { db: base.db, gateway: teams.gateway, log: pino({ level: 'silent' }) },
      on.tenantId,
      { entity: 'action', id },
      signal,
    );
  const asks = async (id: string) => {
    const rows = await base
      .admin<ApprovalAsksRow & { name: string }>('approval_asks as k')
      .join('tenant_members as m', (join) => join.on('m.user_id', 'k.user_id').andOn('m.tenant_id', 'k.tenant_id'))
      .whereRaw('k.tenant_id = ? and k.entity_id = ?', [on.tenantId, id])
      .orderByRaw('m.display_name')
      .select('k.*', 'm.display_name as name');
    return rows as (ApprovalAsksRow & { name: string })[];
  };
  const reached = async (id: string) => (await asks(id)).map((row) => [row.name, row.reached]);
  const chatOf = (person: Actor) => `a:chat-${person.aadObjectId}`;
  const deliver = async (options = {}) => {
    loops.start({ channels: createChannelService(base.db), ...options });
    await settled(base, [{ tenantId: on.tenantId, conversationId: on.channel, analystId: '' }]);
    await loops.stopAll();
  };
  const heard = (conversationId: string) =>
    teams.journal.filter((message) => message.conversationId === conversationId);

  it('opens their chats, puts the card there, and everybody sees who was asked', async () => {
    const id = await on.ask('isolate');
    const wait = (await ask(id)) ?? 0;
    assert.ok(wait > 590_000 && wait <= 600_000, 'the next thing is the reminder');
    assert.deepEqual(await reached(id), [
      ['Maya', 'personal'],
      ['Mona', 'personal'],
    ]);
    await deliver();
    for (const person of [on.maya, on.mona]) {
      assert.deepEqual(
        heard(chatOf(person)).map(({ operation }) => operation),
        ['post'],
      );
    }
    assert.equal(heard(on.channel)[0]?.operation, 'post');
    assert.match(heard(chatOf(on.maya))[0]?.words ?? '', /ACT-1/);
  });

  it('asks nobody twice, whatever is repeated, and remembers the chats for the next time', async () => {
    const id = await on.ask('isolate');
    await Promise.all([ask(id), ask(id)]);
    await ask(id);
    await deliver();
    assert.equal(heard(chatOf(on.maya)).length, 1);
    const opened = teams.opened.length;
    await on.service.reject(click(on.maya, id), 'Not now');
    const next = await on.ask('isolate');
    await ask(next);
    await deliver();
    assert.equal(teams.opened.length, opened, 'no chat was opened again');
    assert.equal(heard(chatOf(on.maya)).filter(({ operation }) => operation === 'post').length, 2);
  });

  it('redraws the copies in personal chats when it is decided', async () => {
    const id = await on.ask('isolate');
    await ask(id);
    await deliver();
    await on.approve(id, on.mona);
    await deliver();
    assert.deepEqual(
      heard(chatOf(on.maya)).map(({ operation }) => operation),
      ['post', 'update'],
    );
  });

  it('mentions in the channel who cannot be reached in person, in one message', async () => {
    teams.unreachable.set(on.maya.aadObjectId, 'lost');
    teams.unreachable.set(on.mona.aadObjectId, 'lost');
    const id = await on.ask('isolate');
    await ask(id);
    assert.deepEqual(await reached(id), [
      ['Maya', 'mention'],
      ['Mona', 'mention'],
    ]);
    await deliver();
    const mentions = heard(on.channel).filter(({ words }) => words.includes('waits for your decision'));
    assert.deepEqual(
      mentions.map(({ words }) => words.slice(0, 17)),
      ['Maya, Mona: ACT-1'],
    );
  });

  it('says that somebody could not be reached when nothing is linked', async () => {
    teams.unreachable.set(on.maya.aadObjectId, 'lost');
    const id = await on.ask('isolate');
    await base.admin('conversations').insert({
      ...{ conversation_id: chatOf(on.mona), kind: 'personal', service_url: 'https://smba.trafficmanager.net/emea/' },
      ...{ entra_tenant_id: on.entraTenantId, bot_id: '28:bot', aad_object_id: on.mona.aadObjectId },
    });
    await base.admin('channel_links').where({ tenant_id: on.tenantId }).update({ state: 'removed' });
    await ask(id);
    assert.deepEqual(await reached(id), [
      ['Maya', 'nowhere'],
      ['Mona', 'personal'],
    ]);
  });

  it('tries again when Teams does not answer just now, and after two minutes names the person in the channel', async () => {
    teams.unreachable.set(on.maya.aadObjectId, 'throttled');
    const id = await on.ask('isolate');
    assert.equal(await ask(id), 15_000);
    assert.deepEqual(await reached(id), [
      ['Maya', null],
      ['Mona', 'personal'],
    ]);
    await pass(base, 3);
    await ask(id);
    assert.deepEqual((await reached(id))[0], ['Maya', 'mention']);
  });

  it('goes on to the channel when a chat that could be opened takes no message', async () => {
    const id = await on.ask('isolate');
    await ask(id);
    const post: PretendTeams['gateway']['post'] = async (to, content) => {
      if (to.conversationId === chatOf(on.maya)) teams.faults.unshift({ fault: 'lost' });
      return teams.gateway.post(to, content);
    };
    await deliver({ gateway: { ...teams.gateway, post } });
    assert.deepEqual(await reached(id), [
      ['Maya', null],
      ['Mona', 'personal'],
    ]);
    const jobs = await base.admin('graphile_worker.jobs').where({ task_identifier: 'ask_approvers' }).select('key');
    assert.ok(jobs.some(({ key }) => key === `${on.tenantId}/ask/${id}`));
    await ask(id);
    assert.deepEqual((await reached(id))[0], ['Maya', 'mention']);
    await deliver();
    assert.equal(heard(on.channel).filter(({ words }) => words.startsWith('Maya:')).length, 1);
    assert.deepEqual(heard(chatOf(on.maya)), []);
  });

  it('reminds once after ten minutes, where each was asked', async () => {
    teams.unreachable.set(on.maya.aadObjectId, 'lost');
    const id = await on.ask('isolate');
    await ask(id);
    await deliver();
    await pass(base, 10);
    assert.equal(await ask(id), null);
    await ask(id);
    await pass(base, 10);
    await ask(id);
    await deliver();
    assert.deepEqual(
      heard(chatOf(on.mona))
        .map(({ words }) => words)
        .slice(1),
      ['ACT-1 still waits for your decision. Its card is above.'],
    );
    assert.equal(heard(on.channel).filter(({ words }) => /^Maya: ACT-1 still waits/.test(words)).length, 1);
  });

  it('says nothing about what was decided meanwhile', async () => {
    const id = await on.ask('isolate');
    await on.approve(id);
    assert.equal(await ask(id), null);
    assert.deepEqual(teams.opened, []);
    const other = await actionWorldOf();
    await ask(other);
    await on.service.reject(click(on.maya, other), 'Not now');
    await deliver();
    assert.deepEqual(heard(chatOf(on.maya)), [], 'the card that would have asked was dropped');
    await pass(base, 10);
    assert.equal(await ask(other), null);
  });

  it('drops a reminder that was decided before it left', async () => {
    const id = await on.ask('isolate');
    await ask(id);
    await deliver();
    await pass(base, 10);
    await ask(id);
    await on.approve(id);
    await deliver();
    assert.deepEqual(
      heard(chatOf(on.mona)).map(({ operation }) => operation),
      ['post', 'update'],
    );
  });

  it('asks and tells nobody who is no active member any more', async () => {
    const id = await on.ask('isolate');
    await ask(id);
    await base
      .admin('tenant_members')
      .where({ tenant_id: on.tenantId, user_id: on.maya.userId })
      .update({ is_active: false });
    await deliver();
    assert.deepEqual(heard(chatOf(on.maya)), []);
    assert.equal(heard(chatOf(on.mona)).length, 1);
    await ask(id);
    assert.deepEqual((await reached(id))[0], ['Maya', 'nowhere']);
  });

  it('asks nobody whose role may not read any more', async () => {
    const id = await on.ask('isolate');
    await base
      .admin('tenant_members')
      .where({ tenant_id: on.tenantId, user_id: on.maya.userId })
      .update({ role: 'user' });
    await ask(id);
    assert.deepEqual((await reached(id))[0], ['Maya', 'nowhere']);
  });

  it('never asks people of another tenant, nor in a chat that another tenant knows', async () => {
    const other = await actionWorld(base);
    await conversation(base.admin, {
      kind: 'personal',
      entraTenantId: other.entraTenantId,
      aadObjectId: other.maya.aadObjectId,
    });
    const id = await on.ask('isolate');
    await ask(id);
    await deliver();
    assert.deepEqual(new Set(teams.opened), new Set([on.maya.aadObjectId, on.mona.aadObjectId]));
  });

  async function actionWorldOf(): Promise<string> {
    on = await actionWorld(base);
    return on.ask('isolate');
  }
});
