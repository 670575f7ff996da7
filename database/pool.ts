import { Socket } from 'node:net';
import knex from 'knex';
import type { Knex } from 'knex';
import { sessionLimits, silenceMs } from './session-limits.js';
import type { Database } from './transaction.js';
import { withOpenings } from './opening.js';

export interface PoolOptions {
  /** Login avian_app. */
  readonly appUrl: string;
  /** Login avian_system. */
  readonly systemUrl: string;
  /** Connections of avian_app at most; avian_system gets a third of it. */
  readonly poolSize?: number;
  /** Shows in pg_stat_activity. */
  readonly name?: string;
}

const defaultPoolSize = 12;
const defaultConnectMs = 5_000;

/**
 * Opens the two pools of a running process. Nothing is connected before the first query; connections that die are replaced
 * by the next query, so a restart of the database needs no restart of the program.
 */
export function openDatabase(options: PoolOptions): Promise<Database> {
  const size = options.poolSize ?? defaultPoolSize;
  const name = options.name ?? 'avian';
  const app = openPool(options.appUrl, size, `${name}-app`);
  const system = openPool(options.systemUrl, Math.max(2, Math.ceil(size / 3)), `${name}-system`);
  const close = async () => {
    await Promise.all([app.destroy(), system.destroy()]);
  };
  return Promise.resolve({ app, system, close });
}

/** One pool. Waiting for a connection ends after 10 s, connecting after `connectMs`, statements after `sessionLimits`. */
export function openPool(url: string, size: number, name: string, connectMs = defaultConnectMs): Knex {
  const pool = knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      ...sessionLimits,
      stream: breakingSocket,
    } as Knex.PgConnectionConfig,
    pool: { min: 0, max: size, acquireTimeoutMillis: 10_000, createTimeoutMillis: connectMs + 1_000 },
    acquireConnectionTimeout: 10_000,
    log: silent,
  });
  return withOpenings(pool);
}

/** Without this a query on a broken network waits until the kernel gives up, which takes a quarter of an hour. */
function breakingSocket(): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => {
    socket.destroy(new Error(`no answer from the database for ${silenceMs / 1000} s`));
  });
}

/** Knex would write lost idle connections to the console; the query that needs one replaces it, or fails and says so. */
const ignore = () => undefined;
const silent = { warn: ignore, error: ignore, deprecate: ignore, debug: ignore };
