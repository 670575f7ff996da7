import assert from 'node:assert/strict';
import type { SourceIsolation } from '../../domain/devices/device-source.js';
import type { SourceExposureChange } from '../../domain/vulnerabilities/vulnerability-source.js';
import { createJobs } from '../../jobs/jobs.js';
import { testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { insertChannel } from './delivery/channel.js';
import { createPretendTeams } from './delivery/pretend-teams.js';
import { silent } from './delivery/world.js';
import { createScriptedSource, sourceAlert } from './sync/scripted-source.js';
import { scriptedWalk, sinceTimes } from './sync/scripted-walk.js';
import { syncSeconds } from './sync/world.js';

describe('the jobs of a process', () => {
  let base: TestDatabase;
  before(async () => {
    base = await testDatabase();
  });
  after(() => base.drop());

  it('bring an alert from Microsoft into the channel, and stop', async () => {
    const { conversationId } = await insertChannel(base.admin);
    const teams = createPretendTeams();
    const source = createScriptedSource();
    source.reads.push([{ alerts: [sourceAlert(5, { title: 'Mimikatz was seen' })] }]);
    const { system, worker } = base.urls;
    const jobs = createJobs({ pools: base.db, systemUrl: system, workerUrl: worker, log: silent });
    const channels = { lose: () => Promise.resolve() };
    const walk = <Item>() => scriptedWalk<Item>().walk;
    await jobs.start({
      gateway: teams.gateway,
      channels,
      sources: {
        alerts: source,
        machines: { machines: walk(), isolations: sinceTimes(scriptedWalk<SourceIsolation>()) },
        managedDevices: { managedDevices: walk(), failedRules: walk() },
        vulnerabilities: {
          exposures: walk(),
          cves: walk(),
          changes: (connection, _since, signal) => scriptedWalk<SourceExposureChange>().walk(connection, signal),
        },
      },
      deviceActions: null,
      alertUpdates: null,
      forceDryRun: false,
      credentialEnds: () => [],
      syncSeconds,
      takeEverything: false,
    });
    await teams.accepted(2);
    await jobs.stop();
    assert.deepEqual(
      teams.journal.map((message) => [message.operation, message.conversationId]),
      [
        ['post', conversationId],
        ['post', conversationId],
      ],
    );
    assert.match(teams.journal[0]?.words ?? '', /Mimikatz was seen/);
    assert.match(teams.journal[1]?.words ?? '', /^First sync of Contoso: 1 alert mirrored, 1 opened/);
  });
});
