import { setTimeout as sleep } from 'node:timers/promises';
import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import { backOffMs } from './back-off.js';
import { watchDeadWorkers } from './queue/dead-workers.js';
import { graphileLogger } from './queue/graphile.js';
import { laneConnections } from './queue/lanes.js';
import { openShift } from './queue/shift.js';
import type { Shift } from './queue/shift.js';
import type { TaskHandlers } from './queue/tasks.js';

export interface WorkerOptions {
  /** Login avian_worker. */
  readonly url: string;
  readonly handlers: TaskHandlers;
  readonly log: Logger;
  /** How often the queue is looked at for jobs whose time has come, in ms. Default 1000. */
  readonly pollMs?: number;
}

export interface Worker {
  /** Brings the queue's tables up to date and begins to work. Throws what the database throws. */
  start(): Promise<void>;
  /** Ends or returns the jobs it has: at most 5 s. */
  stop(): Promise<void>;
}

/**
 * The queue's worker of this process. It works for as long as the connection lives that tells others so; when that or the
 * worker ends, both are made anew, and meanwhile other processes may take over its jobs.
 */
export function createWorker(options: WorkerOptions): Worker {
  const pool = openWorkerPool(options);
  const open = () => openShift({ ...options, pool, pollMs: options.pollMs ?? 1_000 });
  const stopping = new AbortController();
  let supervised: Promise<void> | undefined;
  let endWatch = () => Promise.resolve();

  const start = async () => {
    await runMigrations({ pgPool: pool, logger: graphileLogger(options.log) });
    const first = await open();
    endWatch = watchDeadWorkers(pool, options.log);
    supervised = supervise(open, first, stopping.signal, options.log);
  };
  const stop = async () => {
    stopping.abort();
    await endWatch();
    await supervised;
    await Promise.race([pool.end(), sleep(500, undefined, { ref: false })]);
  };
  return { start, stop };
}

function openWorkerPool({ url, log }: WorkerOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: laneConnections + 2,
    application_name: 'avian-worker',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
  });
  const note = (error: Error) => log.debug({ err: error }, 'a connection of the queue ended');
  pool.on('error', note);
  pool.on('connect', (client) => client.on('error', note));
  return pool;
}

/** Works in shifts until it is told to stop; a shift ends early when its presence or its worker does. */
async function supervise(open: () => Promise<Shift>, first: Shift, stopping: AbortSignal, log: Logger): Promise<void> {
  const stopped = new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }));
  let shift: Shift | null = first;
  let failures = 0;
  while (!stopping.aborted) {
    if (shift) {
      await Promise.race([shift.ended, stopped]);
      await shift.close();
      if (!stopping.aborted) log.warn('the queue is worked on anew');
    }
    if (stopping.aborted) return;
    await sleep(backOffMs((failures += 1), { baseMs: 500, capMs: 10_000 }), undefined, { signal: stopping }).catch(
      () => undefined,
    );
    if (stopping.aborted) return;
    shift = await open().catch((error: unknown) => {
      log.warn({ err: error }, 'the queue cannot be worked on; it is tried again');
      return null;
    });
    if (shift) failures = 0;
  }
  await shift?.close();
}
