import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Knex } from 'knex';
import { openEmbeddedDatabase } from '../database/embedded/open.js';
import type { LoginUrls } from '../database/login-urls.js';
import { openDatabase, openPool } from '../database/pool.js';
import type { Database } from '../database/transaction.js';
import { migrateQueue } from '../database/queue-schema.js';

/** The embedded server as a user gets it, fsync and all, in a folder of its own. */
export interface BenchDatabase {
  readonly db: Database;
  /** Superuser: bypasses row security. */
  readonly admin: Knex;
  readonly adminUrl: string;
  readonly urls: LoginUrls;
  drop(): Promise<void>;
}

export async function benchDatabase(): Promise<BenchDatabase> {
  const dataDir = await benchFolder();
  const embedded = await openEmbeddedDatabase({ dataDir, log: quiet });
  await migrateQueue(embedded.urls.worker);
  const db = await openDatabase({
    appUrl: embedded.urls.database,
    systemUrl: embedded.urls.system,
    name: 'avian-bench',
  });
  const admin = openPool(embedded.adminUrl, 4, 'avian-bench-admin');
  const drop = async () => {
    await Promise.all([db.close(), admin.destroy()]);
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { db, admin, adminUrl: embedded.adminUrl, urls: embedded.urls, drop };
}

/** A new folder that PostgreSQL's user may enter. */
export async function benchFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `avian-bench-${process.pid}-`));
  await chmod(folder, 0o755);
  return folder;
}

const ignore = () => undefined;
const quiet = { info: ignore, warn: ignore, error: ignore };
