import assert from 'node:assert/strict';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { insertAlerts, insertChannel, makeStale } from './channel.js';
import { createPretendTeams } from './pretend-teams.js';
import type { PretendTeams } from './pretend-teams.js';
import { loopWorld, quick, settled } from './world.js';

describe('a lease that ends while its loop still works', () => {
  let base: TestDatabase;
  let teams: PretendTeams;
  const world = loopWorld(
    {
      get db() {
        return base.db;
      },
    } as TestDatabase,
    () => teams,
  );

  before(async () => {
    base = await testDatabase();
  });
  after(() => base.drop());
  afterEach(() => world.stopAll());

  it('as after an outage of the database, does not let the same loop send the card a second time', async () => {
    const channel = await insertChannel(base.admin);
    teams = createPretendTeams([], 600);
    await makeStale(base, channel, await insertAlerts(base.admin, channel.tenantId, ['slow']));
    world.start({ times: { ...quick, leaseMs: 50, sendMs: 5_000 } });
    await settled(base, [channel]);
    await world.stopAll();
    assert.equal(teams.mostAtOnce, 1);
    assert.equal(teams.journal.length, 1);
  });
});
