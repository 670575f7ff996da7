import { setTimeout as sleep } from 'node:timers/promises';
import { run, runMigrations } from 'graphile-worker';
import type { Runner } from 'graphile-worker';
import pg from 'pg';
import type { Logger } from 'pino';
import { backOffMs } from './back-off.js';
import { watchDeadWorkers } from './queue/dead-workers.js';
import { cronItems, graphileLogger, poolEvents, taskList } from './queue/graphile.js';
import { openPresence } from './queue/presence.js';
import type { Presence } from './queue/presence.js';
import type { TaskHandlers } from './queue/tasks.js';

export interface WorkerOptions {
  /** Login avian_worker. */
  readonly url: string;
  readonly handlers: TaskHandlers;
  readonly log: Logger;
  /** Jobs at once. Default 4. */
  readonly concurrency?: number;
  /** How often the queue is looked at for jobs whose time has come, in ms. Default 1000. */
  readonly pollMs?: number;
}

export interface Worker {
  /** Brings the queue's tables up to date and begins to work. Throws what the database throws. */
  start(): Promise<void>;
  /** Ends or returns the jobs it has: at most 5 s. */
  stop(): Promise<void>;
}

const graceMs = 3_500;

/**
 * The queue's worker of this process. It works for as long as the connection lives that tells others so; when that or the
 * worker ends, both are made anew, and meanwhile other processes may take over its jobs.
 */
export function createWorker(options: WorkerOptions): Worker {
  const pool = openWorkerPool(options);
  const stopping = new AbortController();
  let supervised: Promise<void> | undefined;
  let endWatch = () => Promise.resolve();

  const start = async () => {
    await runMigrations({ pgPool: pool, logger: graphileLogger(options.log) });
    const first = await openShift(options, pool);
    endWatch = watchDeadWorkers(pool, options.log);
    supervised = supervise(options, pool, first, stopping.signal);
  };
  const stop = async () => {
    stopping.abort();
    await endWatch();
    await supervised;
    await Promise.race([pool.end(), sleep(500, undefined, { ref: false })]);
  };
  return { start, stop };
}

function openWorkerPool({ url, log, concurrency = 4 }: WorkerOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: concurrency + 3,
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

/** A worker and the presence under which it works. */
interface Shift {
  readonly presence: Presence;
  readonly runner: Runner;
  readonly ending: AbortController;
}

async function openShift(options: WorkerOptions, pool: pg.Pool): Promise<Shift> {
  const presence = await openPresence(options.url);
  const ending = new AbortController();
  try {
    const runner = await run({
      pgPool: pool,
      concurrency: options.concurrency ?? 4,
      pollInterval: options.pollMs ?? 1_000,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: graceMs,
      logger: graphileLogger(options.log),
      taskList: taskList(options.handlers, presence, ending.signal),
      parsedCronItems: cronItems(),
      events: poolEvents(presence, options.log),
    });
    await runner.addJob('schedule_syncs', {}, { jobKey: 'schedule_syncs', jobKeyMode: 'preserve_run_at' });
    return { presence, runner, ending };
  } catch (error) {
    await presence.end();
    throw error;
  }
}

/** Works in shifts until it is told to stop; a shift ends early when its presence or its worker does. */
async function supervise(options: WorkerOptions, pool: pg.Pool, first: Shift, stopping: AbortSignal): Promise<void> {
  const { log } = options;
  const stopped = new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }));
  let shift: Shift | null = first;
  let failures = 0;
  while (!stopping.aborted) {
    if (shift) {
      const failed = shift.runner.promise.catch((error: unknown) => log.error({ err: error }, 'the worker ended'));
      await Promise.race([failed, shift.presence.ended, stopped]);
      await closeShift(shift, log);
      if (!stopping.aborted) log.warn('the queue is worked on anew');
    }
    if (stopping.aborted) break;
    await sleep(backOffMs((failures += 1), { baseMs: 500, capMs: 10_000 }), undefined, { signal: stopping }).catch(
      () => undefined,
    );
    shift = await openShift(options, pool).catch((error: unknown) => {
      log.warn({ err: error }, 'the queue cannot be worked on; it is tried again');
      return null;
    });
    if (shift) failures = 0;
  }
  if (shift && !shift.ending.signal.aborted) await closeShift(shift, log);
}

/** Tells the tasks to end, gives them a moment, then returns their jobs. */
async function closeShift({ presence, runner, ending }: Shift, log: Logger): Promise<void> {
  ending.abort();
  const stopped = runner.stop().then(
    () => true,
    (error: unknown) => {
      log.debug({ err: error }, 'the worker had ended before it was stopped');
      return true;
    },
  );
  const inTime = await Promise.race([stopped, sleep(graceMs, false, { ref: false })]);
  if (!inTime) {
    log.warn('jobs that do not end are returned to the queue');
    await Promise.race([runner.kill(), sleep(1_000, undefined, { ref: false })]);
  }
  await presence.end().catch((error: unknown) => log.debug({ err: error }, 'the presence had ended'));
}
