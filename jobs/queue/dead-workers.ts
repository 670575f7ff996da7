import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { aliveKey } from './presence.js';

/**
 * Frees the jobs of worker pools that nobody keeps alive any more; graphile-worker itself would wait four hours. A pool is
 * dead when its lock can be taken. Resolves to the ids of the dead.
 */
export async function freeDeadWorkers(pool: Pool): Promise<string[]> {
  const found = await pool.query<{ ids: string[] }>(
    `with owners as (
       select distinct locked_by from graphile_worker._private_jobs where locked_at < now() - interval '5 s'
       union select locked_by from graphile_worker._private_job_queues where locked_at < now() - interval '5 s'),
     dead as materialized (
       select locked_by from owners
       where locked_by is not null and pg_try_advisory_xact_lock($1, hashtext(locked_by)))
     select coalesce(array_agg(locked_by), '{}') as ids, graphile_worker.force_unlock_workers(array_agg(locked_by)) from dead`,
    [aliveKey],
  );
  return found.rows[0]?.ids ?? [];
}

/** Looks every `everyMs`; returns what ends it. */
export function watchDeadWorkers(pool: Pool, log: Logger, everyMs = 2_000): () => Promise<void> {
  let looking: Promise<void> = Promise.resolve();
  const look = async () => {
    try {
      const ids = await freeDeadWorkers(pool);
      if (ids.length > 0) log.warn({ workers: ids }, 'jobs of dead workers are taken over');
    } catch (error) {
      log.debug({ err: error }, 'dead workers could not be looked for');
    }
  };
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return looking;
  };
}
