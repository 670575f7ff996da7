import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inSystem } from '../../../database/transaction.js';
import { claimLanes, releaseLanes } from '../../../domain/channels/lane-store.js';
import type { Lane } from '../../../domain/channels/lane-store.js';
import { beginNext } from '../../../jobs/delivery/begin.js';
import { entityCards } from '../../../jobs/delivery/cards.js';
import { deliveryTimes } from '../../../jobs/delivery/context.js';
import type { DeliveryContext } from '../../../jobs/delivery/context.js';
import { createSignals } from '../../../jobs/delivery/signals.js';
import { createTenantPace } from '../../../jobs/delivery/tenant-pace.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { addThreadLine, insertAlerts, insertChannel, makeStale, outboxStates } from './channel.js';
import type { TestChannel } from './channel.js';
import { createPretendTeams } from './pretend-teams.js';
import type { PretendTeams } from './pretend-teams.js';
import { loopWorld, quick, scaledLimits, settled, silent } from './world.js';

describe('several delivery loops', () => {
  let base: TestDatabase;
  let teams: PretendTeams;
  let world: ReturnType<typeof loopWorld>;
  before(async () => {
    base = await testDatabase();
    world = loopWorld(base, () => teams);
  });
  beforeEach(() => {
    teams = createPretendTeams([], 2);
  });
  afterEach(() => world.stopAll());
  after(() => base.drop());

  const claim = (owner: string, limit = 10) =>
    inSystem(base.db, (trx) => claimLanes(trx, { owner, leaseMs: 60_000, limit, after: null }));

  it('never deliver one conversation at once, and lose or repeat nothing', async () => {
    const channels: TestChannel[] = [];
    for (let n = 0; n < 4; n += 1) channels.push(await insertChannel(base.admin));
    const loops = [world.start({ slice: 2 }), world.start({ slice: 2 }), world.start({ slice: 2 })];
    for (const channel of channels) {
      const ids = await insertAlerts(base.admin, channel.tenantId, ['One', 'Two', 'Three', 'Four', 'Five', 'Six']);
      await makeStale(base, channel, ids);
      for (const loop of loops) loop.wake();
    }
    await settled(base, channels);
    assert.equal(teams.mostAtOnce, 1);
    assert.equal(teams.journal.length, 24);
    for (const channel of channels) {
      const words = teams.journal.filter((m) => m.conversationId === channel.conversationId).map((m) => m.words);
      assert.deepEqual(
        words.map((text) => /One|Two|Three|Four|Five|Six/.exec(text)?.[0]),
        ['One', 'Two', 'Three', 'Four', 'Five', 'Six'],
      );
    }
  });

  it('share the lanes: what one has claimed, another does not get', async () => {
    const channels = [await insertChannel(base.admin), await insertChannel(base.admin)];
    for (const channel of channels) {
      await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, ['One']));
    }
    const [one, other] = [randomUUID(), randomUUID()];
    const [mine, theirs] = await Promise.all([claim(one), claim(other)]);
    assert.equal(mine.length + theirs.length, 2);
    assert.deepEqual(await claim(randomUUID()), []);
    await releaseLanes(base.db, one, null);
    await releaseLanes(base.db, other, null);
    assert.equal((await claim(one, 1)).length, 1);
    await releaseLanes(base.db, one, null);
    world.start();
    await settled(base, channels);
  });

  it('take turns: looking goes on behind the lane that was claimed last', async () => {
    const channels: TestChannel[] = [];
    for (let n = 0; n < 3; n += 1) channels.push(await insertChannel(base.admin));
    for (const channel of channels) {
      await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, ['One']));
    }
    const seen = new Set<string>();
    let after: Lane | null = null;
    for (let n = 0; n < 3; n += 1) {
      const owner = randomUUID();
      const from: Lane | null = after;
      const [lane]: Lane[] = await inSystem(base.db, (trx) =>
        claimLanes(trx, { owner, leaseMs: 60_000, limit: 1, after: from }),
      );
      await releaseLanes(base.db, owner, null);
      assert.ok(lane);
      seen.add(lane.conversationId);
      after = lane;
    }
    assert.equal(seen.size, 3);
    world.start();
    await settled(base, channels);
  });

  /** What is in the database when a process was killed while a request was out. */
  const killedMidRequest = async (channel: TestChannel) => {
    const owner = randomUUID();
    const limits = scaledLimits(1_000);
    const context: DeliveryContext = {
      db: base.db,
      gateway: teams.gateway,
      channels: { lose: () => Promise.resolve() },
      cards: entityCards,
      limits,
      times: { ...deliveryTimes, ...quick },
      pace: createTenantPace(limits.tenant),
      log: silent,
      owner,
      slice: 20,
      stopping: new AbortController().signal,
    };
    const leaseMs = 150;
    const [lane] = await inSystem(base.db, (trx) => claimLanes(trx, { owner, leaseMs, limit: 1, after: null }));
    assert.ok(lane);
    const step = await beginNext({ ...context, times: { ...context.times, leaseMs } }, lane, {
      after: '0',
      sent: undefined,
    });
    assert.equal(step.is, 'begun');
    assert.equal(lane.conversationId, channel.conversationId);
  };

  it('take over the lane of a dead one when its lease ends, and repeat the card whose outcome is unknown once', async () => {
    const channel = await insertChannel(base.admin);
    await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, ['Case']));
    await killedMidRequest(channel);
    assert.deepEqual(await claim(randomUUID()), []);
    world.start();
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['sent']);
    assert.equal(teams.journal.length, 1);
    const row = await base
      .admin<{ attempts: number; tenant_id: string }>('outbox')
      .where({ tenant_id: channel.tenantId })
      .first();
    assert.equal(row?.attempts, 2);
  });

  it('park a card after two deaths while it was sent, and a line after one', async () => {
    const channel = await insertChannel(base.admin);
    const [alertId = ''] = await insertAlerts(base.admin, channel.tenantId, ['Case']);
    await makeStale(base, channel, [alertId]);
    world.start();
    await settled(base, [channel]);
    await world.stopAll();
    await addThreadLine(base, channel, alertId, 'Why');
    await killedMidRequest(channel);
    world.start();
    await settled(base, [channel]);
    assert.deepEqual(await outboxStates(base, channel), ['sent', 'parked']);
    assert.equal(teams.journal.length, 1);
  });

  it('are woken by a commit of another process within one poll', async () => {
    const channel = await insertChannel(base.admin);
    const signals = createSignals({ sql: base.db.system, log: silent });
    const ids = await insertAlerts(base.admin, channel.tenantId, ['Case']);
    world.start({ listenUrl: base.urls.system, times: { ...quick, pollMs: 60_000 } });
    await makeStale(base, channel, ids);
    const knocking = setInterval(() => signals.notify(new Set(['outbox'])), 20);
    await teams.accepted(1);
    clearInterval(knocking);
    await signals.close();
    await settled(base, [channel]);
    assert.equal(teams.journal.length, 1);
  });

  it('listen again after their connection was cut', async () => {
    const channel = await insertChannel(base.admin);
    const ids = await insertAlerts(base.admin, channel.tenantId, ['Case']);
    world.start({ listenUrl: base.urls.system, times: { ...quick, pollMs: 60_000 } });
    const cut =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'avian-listen' and datname = current_database()";
    let ended = 0;
    while (ended === 0) ended = (await base.admin.raw<{ rows: unknown[] }>(cut)).rows.length;
    await makeStale(base, channel, ids);
    await teams.accepted(1);
    await settled(base, [channel]);
  });

  it('end the request in flight when they stop, and give the lane back', async () => {
    teams = createPretendTeams([], 100);
    const channel = await insertChannel(base.admin);
    await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, ['One', 'Two', 'Three']));
    const sending = new Promise<void>((resolve) => {
      const { gateway } = teams;
      world.start({
        gateway: {
          ...gateway,
          post: (to, content) => {
            resolve();
            return gateway.post(to, content);
          },
        },
      });
    });
    await sending;
    await world.stopAll();
    assert.equal(teams.journal.length, 1);
    assert.deepEqual(await outboxStates(base, channel), ['sent', 'pending', 'pending']);
    assert.equal((await claim(randomUUID())).length, 1);
  });

  it('stop within their time although a request hangs', async () => {
    const channel = await insertChannel(base.admin);
    await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, ['One']));
    teams.faults.push('hangs');
    world.start({ times: { ...quick, sendMs: 60_000, stopMs: 50 } });
    await teams.hanging();
    await world.stopAll();
    assert.deepEqual(await outboxStates(base, channel), ['pending']);
  });
});
