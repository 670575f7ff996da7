import pg from 'pg';

/** The first of the two keys of the lock that says that a worker pool is alive. */
export const aliveKey = 7741;

/**
 * A connection whose advisory locks tell other processes what this one is doing; when it ends, they are free, and what was
 * done under them may be done elsewhere.
 */
export interface Presence {
  /** Says that the worker pool lives. */
  keepAlive(poolId: string): Promise<void>;
  /** Runs `work` while nobody else runs work of that name, here or elsewhere; null when somebody does. */
  alone<T>(what: string, work: () => Promise<T>): Promise<{ readonly result: T } | null>;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
  end(): Promise<void>;
}

/** `url` is any login. Throws what connecting throws. */
export async function openPresence(url: string): Promise<Presence> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'avian-presence',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const ended = new Promise<void>((resolve) => {
    client.on('end', resolve);
    client.on('error', () => resolve());
  });
  await client.connect();
  const ask = oneByOne(client);
  const held = new Set<string>();
  const lock = 'hashtextextended($1, 7741)';

  const keepAlive = async (poolId: string) => {
    await ask('select pg_advisory_lock($1, hashtext($2))', [aliveKey, poolId]);
  };
  const alone = async <T>(what: string, work: () => Promise<T>) => {
    if (held.has(what)) return null;
    held.add(what);
    try {
      const tried = await ask<{ got: boolean }>(`select pg_try_advisory_lock(${lock}) as got`, [what]);
      if (!tried.rows[0]?.got) return null;
      try {
        return { result: await work() };
      } finally {
        await ask(`select pg_advisory_unlock(${lock})`, [what]);
      }
    } finally {
      held.delete(what);
    }
  };
  return { keepAlive, alone, ended, end: () => client.end() };
}

/** Several jobs share the connection, which takes one statement at a time. */
function oneByOne(client: pg.Client) {
  let last: Promise<unknown> = Promise.resolve();
  return <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) => {
    const asked = last.then(() => client.query<Row>(sql, [...values]));
    last = asked.catch(() => undefined);
    return asked;
  };
}
