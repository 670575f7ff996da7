import type { SandboxCloud } from '../../sandbox/cloud/cloud.js';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import { createRandom } from '../../sandbox/cloud/random.js';
import type { Random } from '../../sandbox/cloud/random.js';
import { sandboxTenants } from '../../sandbox/cloud/tenants.js';
import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';
import { directory, seedCast } from '../helpers/cast.js';
import type { TenantIds } from '../helpers/cast.js';
import { testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { firstSyncs, linkChannels } from '../helpers/installation.js';
import { createReplica } from './replica.js';
import type { Replica } from './replica.js';

export interface World {
  readonly database: TestDatabase;
  readonly tenantIds: TenantIds;
  readonly cloud: SandboxCloud;
  readonly teams: PretendTeams;
  readonly serviceUrl: string;
  readonly replicas: readonly Replica[];
  readonly random: Random;
  /** When processes were killed, in ms since 1970. */
  readonly kills: { readonly from: number; readonly to: number }[];
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly seed: number;
  readonly replicas: number;
  readonly logLevel: string;
}

const timeScale = 0.01;
const leaseMs = 2_000;

/** Database, Microsoft and Teams live here; what is killed are processes of the application. */
export async function openWorld({ seed, replicas: count, logLevel }: WorldOptions): Promise<World> {
  const database = await testDatabase();
  const tenantIds = await seedCast(database.admin);
  // A repeat after closing only counts, however long the rounds last.
  await database.admin('tenants').update({ settings: JSON.stringify({ dedupWindowSeconds: 86_400 }) });
  const tenants = sandboxTenants.map((tenant) => ({ ...tenant, alerts: [] }));
  const cloud = createSandboxCloud({ tenants, seed, requestsPerMinute: 100_000 });
  const { url: cloudUrl, close: closeCloud } = await cloud.listen();
  const options = { urls: database.urls, cloudUrl, timeScale, leaseMs, logLevel };
  const replicas = Array.from({ length: count }, () => createReplica(options));
  const random = createRandom(`chaos ${seed}`);
  const endpoint = () => {
    const up = replicas.flatMap(({ address }) => address ?? []);
    return `${up[random.below(up.length)] ?? 'http://127.0.0.1:9'}/api/messages`;
  };
  const teams = createPretendTeams({ directory, timeScale, botEndpoint: endpoint });
  const serviceUrl = await teams.listen();
  await Promise.all(replicas.map((one) => one.start()));
  await firstSyncs(database, true);
  await linkChannels(teams);
  const close = async () => {
    for (const replica of replicas) await replica.stop();
    await teams.close();
    await closeCloud();
    await database.drop();
  };
  return { database, tenantIds, cloud, teams, serviceUrl, replicas, random, kills: [], close };
}
