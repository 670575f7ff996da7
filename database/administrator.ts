import pg from 'pg';
import { withDatabase } from './login-urls.js';

const setupLock = 7_740_002;
const insufficientPrivilege = '42501';

/** Connects as `url` says, runs `work`, disconnects. Throws one sentence that names server and login when it cannot connect. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'avian-setup',
    connectionTimeoutMillis: 10_000,
    query_timeout: 60_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
  } catch (error) {
    throw new Error(`Cannot connect to the database at ${describe(url)}: ${reasonOf(error)}.`, { cause: error });
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * Runs `work` as administrator while no other setup runs on the cluster: roles are cluster-wide but advisory locks are not,
 * so the lock is taken in the database postgres where that one can be reached.
 */
export async function asAdministrator<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  return withClient(await lockingUrl(adminUrl), async (locker) => {
    await locker.query('select pg_advisory_lock($1)', [setupLock]);
    return withClient(adminUrl, work).catch(explainPrivilege);
  });
}

async function lockingUrl(adminUrl: string): Promise<string> {
  const shared = withDatabase(adminUrl, 'postgres');
  return withClient(shared, async () => shared).catch(() => adminUrl);
}

function explainPrivilege(error: unknown): never {
  if (!(error instanceof pg.DatabaseError) || error.code !== insufficientPrivilege) throw error;
  throw new Error(
    `The administrator login may not do this (${error.message}). Use a superuser, or on PostgreSQL 16 and newer a login ` +
      'with CREATEROLE and BYPASSRLS that owns the database.',
    { cause: error },
  );
}

function describe(url: string): string {
  const { hostname, port, username, pathname } = new URL(url);
  return `${hostname || 'the local socket'}:${port || '5432'}${pathname} as ${decodeURIComponent(username) || 'the current user'}`;
}

/** Node reports several failed addresses of one host as one error without a message. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
