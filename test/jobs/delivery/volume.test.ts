import assert from 'node:assert/strict';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { insertAlerts, insertChannel, makeStale } from './channel.js';
import type { TestChannel } from './channel.js';
import type { DeliveryLimits } from '../../../jobs/delivery/limits.js';
import { createPretendTeams } from './pretend-teams.js';
import type { PretendTeams } from './pretend-teams.js';
import { loopWorld, scaledLimits, settled } from './world.js';

/** Shorter windows than those of Teams, on both sides, yet tight enough to bind on a busy machine. */
const limits: DeliveryLimits = {
  ...scaledLimits(1),
  windows: [
    { ms: 100, max: 3 },
    { ms: 400, max: 8 },
    { ms: 6_000, max: 120 },
  ],
};

describe('many alerts at once', () => {
  let base: TestDatabase;
  let teams: PretendTeams;
  let world: ReturnType<typeof loopWorld>;
  before(async () => {
    base = await testDatabase();
    world = loopWorld(base, () => teams);
  });
  beforeEach(() => {
    teams = createPretendTeams(limits.windows);
  });
  afterEach(() => world.stopAll());
  after(() => base.drop());

  const fill = async (count: number): Promise<TestChannel> => {
    const channel = await insertChannel(base.admin);
    const titles = Array.from({ length: count }, (_, n) => `Number ${n}.`);
    await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, titles));
    return channel;
  };
  const numbersIn = (channel: TestChannel) =>
    teams.journal
      .filter((message) => message.conversationId === channel.conversationId)
      .map((message) => Number(/Number (\d+)\./.exec(message.words)?.[1]));
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

  it('200 in one conversation: in order, none lost, none twice, never faster than Teams allows', async () => {
    const channel = await fill(200);
    world.start({ limits });
    await settled(base, [channel]);
    assert.deepEqual(numbersIn(channel), upTo(200));
    assert.equal(teams.tooFast, 0);
  }).timeout(60_000);

  it('1,000 in twenty conversations, by two replicas: none lost, none twice, never too fast', async () => {
    const channels: TestChannel[] = [];
    for (let n = 0; n < 20; n += 1) channels.push(await fill(50));
    world.start({ limits });
    world.start({ limits });
    await settled(base, channels);
    for (const channel of channels) assert.deepEqual(numbersIn(channel), upTo(50));
    assert.equal(teams.tooFast, 0);
  }).timeout(120_000);
});
