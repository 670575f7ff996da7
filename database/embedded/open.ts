import { createHmac } from 'node:crypto';
import path from 'node:path';
import { loginNames, loginUrls, withDatabase } from '../login-urls.js';
import type { LoginKind, LoginUrls, Passwords } from '../login-urls.js';
import { setupDatabase } from '../setup.js';
import { superuserPassword } from './cluster.js';
import { prepareHome } from './home.js';
import type { Log } from './log.js';
import { findPostmaster } from './postmaster.js';
import { adminUrlOf } from './server.js';
import { startEmbedded } from './start.js';
import type { EmbeddedOptions } from './start.js';

const databaseName = 'avian';

/** The default database: a server of our own with logins and the newest schema. */
export interface EmbeddedDatabase {
  readonly urls: LoginUrls;
  /** Superuser, on the same database. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** Starts the embedded server and brings its database up to date; stops it again when that fails. */
export async function openEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const server = await startEmbedded(options);
  const adminUrl = withDatabase(server.adminUrl, databaseName);
  try {
    const urls = await setupDatabase(server.adminUrl, { database: databaseName, passwords: passwordsFrom(adminUrl) });
    return { urls, adminUrl, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The connections of an embedded server that runs on `dataDir`, in whatever process; null when none runs. */
export async function findEmbeddedDatabase(dataDir: string, log: Log): Promise<Omit<EmbeddedDatabase, 'stop'> | null> {
  const home = await prepareHome(dataDir, log);
  const running = await findPostmaster(path.join(home.folder, 'data'));
  if (!running?.ready) return null;
  const adminUrl = withDatabase(adminUrlOf(running, await superuserPassword(home.folder)), databaseName);
  return { urls: loginUrls(adminUrl, passwordsFrom(adminUrl)), adminUrl };
}

/** The logins' passwords follow from the superuser's, so that they need no place of their own. */
function passwordsFrom(adminUrl: string): Passwords {
  const { password } = new URL(adminUrl);
  const derive = (kind: LoginKind) => createHmac('sha256', password).update(loginNames[kind]).digest('base64url');
  return {
    database: derive('database'),
    system: derive('system'),
    worker: derive('worker'),
    migration: derive('migration'),
  };
}
