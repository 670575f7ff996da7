import type { LoginUrls } from '../database/login-urls.js';

export interface DatabaseAccess {
  readonly urls: LoginUrls;
  /** Superuser of the embedded server; null for a server of one's own, whose administrator is nobody's business here. */
  readonly adminUrl: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs `work` with the database that the environment names; without DATABASE_URL with the embedded one, which is started for
 * that time unless a running program has it.
 */
export async function withDatabaseAccess<T>(
  env: Environment,
  work: (access: DatabaseAccess) => Promise<T>,
): Promise<T> {
  if (env['DATABASE_URL']) return work({ urls: fromEnvironment(env, env['DATABASE_URL']), adminUrl: null });
  const { findEmbeddedDatabase, openEmbeddedDatabase } = await import('../database/embedded/open.js');
  const dataDir = env['DATA_DIR'] || '.avian';
  const running = await findEmbeddedDatabase(dataDir, toStderr);
  if (running) return work(running);
  const opened = await openEmbeddedDatabase({ dataDir, log: toStderr });
  try {
    return await work(opened);
  } finally {
    await opened.stop();
  }
}

/** A missing variable falls to DATABASE_URL, whose login is then refused with the reason where it may not do the work. */
function fromEnvironment(env: Environment, app: string): LoginUrls {
  return {
    database: app,
    system: env['SYSTEM_DATABASE_URL'] || app,
    worker: env['WORKER_DATABASE_URL'] || app,
    migration: env['MIGRATION_DATABASE_URL'] || app,
  };
}

const write = (message: string) => void process.stderr.write(`${message}\n`);
const toStderr = { info: () => undefined, warn: write, error: write };
