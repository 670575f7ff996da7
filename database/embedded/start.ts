import { prepareBinaries } from './binaries.js';
import { prepareCluster } from './cluster.js';
import { holdServer } from './hold.js';
import { prepareHome } from './home.js';
import type { Log } from './log.js';
import type { ServerPlan } from './server.js';
import { watchServer } from './watch.js';

export interface EmbeddedOptions {
  /** Our data folder; PostgreSQL's files go to a folder of their own inside it. */
  readonly dataDir: string;
  /** Port on loopback; any free one when not given. */
  readonly port?: number;
  readonly log: Log;
  /** For tests: no fsync anywhere, so a crash of the machine loses the data. */
  readonly throwaway?: boolean;
}

/** A running server that belongs to this process. */
export interface Embedded {
  /** Superuser, database postgres. */
  readonly adminUrl: string;
  /** Stops the server and returns when its process is gone. */
  stop(): Promise<void>;
}

const throwawaySettings = { fsync: 'off', full_page_writes: 'off' };

/**
 * Starts the PostgreSQL that comes with npm on a data folder. A server that a killed process left behind is stopped and
 * started anew; throws an EmbeddedError, which says what to do, when the folder is in use or cannot be used.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const home = await prepareHome(options.dataDir, options.log);
  const binaries = await prepareBinaries(home.user, home.folder);
  await prepareCluster(home.folder, home.user, binaries, !options.throwaway);
  const settings = options.throwaway ? throwawaySettings : {};
  const plan: ServerPlan = { home, binaries, port: options.port ?? null, settings };
  const held = await holdServer(plan, options.log);
  options.log.info(`PostgreSQL ${binaries.major} runs on 127.0.0.1:${held.server.port}, data in ${home.folder}`);
  return watchServer(plan, held, options.log);
}
