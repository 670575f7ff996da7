import { Client } from 'pg';
import { EmbeddedError, ownServerRemedy } from './embedded-error.js';

const lockKey = 7_740_001;
const applicationPrefix = 'avian-owner-';

/** A session that holds the advisory lock which says who may use, and stop, the server of a data folder. */
export interface Ownership {
  /** Resolves when the session has ended without `release`: the server went away, or somebody ended the session. */
  readonly lost: Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock; throws an EmbeddedError naming the process that has it. */
export async function takeOwnership(adminUrl: string): Promise<Ownership> {
  const client = new Client({
    connectionString: adminUrl,
    application_name: `${applicationPrefix}${process.pid}`,
    connectionTimeoutMillis: 5000,
    query_timeout: 5000,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  const lost = new Promise<void>((resolve) => client.once('end', () => resolve()));
  await client.connect();
  const taken = await client.query<{ ok: boolean }>('select pg_try_advisory_lock($1) as ok', [lockKey]);
  if (taken.rows[0]?.ok) return { lost, release: () => client.end() };
  const owner = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32 | l.objid::bigint) = $1`,
    [lockKey],
  );
  await client.end();
  throw inUse(owner.rows[0]?.name.replace(applicationPrefix, ''));
}

function inUse(pid = 'unknown'): EmbeddedError {
  return new EmbeddedError(
    `The data folder is in use by process ${pid}. Stop that process first, set DATA_DIR to another folder, ${ownServerRemedy}.`,
  );
}
