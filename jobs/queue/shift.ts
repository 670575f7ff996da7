import { setTimeout as sleep } from 'node:timers/promises';
import { run } from 'graphile-worker';
import type { Runner, TaskList } from 'graphile-worker';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { cronItems, graphileLogger, poolEvents, taskList } from './graphile.js';
import { lanes } from './lanes.js';
import type { Lane } from './lanes.js';
import { openPresence } from './presence.js';
import type { Presence } from './presence.js';
import type { TaskHandlers } from './tasks.js';

export interface ShiftOptions {
  /** Login avian_worker. */
  readonly url: string;
  readonly pool: Pool;
  readonly handlers: TaskHandlers;
  readonly log: Logger;
  readonly pollMs: number;
}

/** The lanes of the queue at work, and the presence under which they are. */
export interface Shift {
  /** Resolves when any of them has ended. */
  readonly ended: Promise<void>;
  /** Tells the tasks to end, gives them a moment, then returns their jobs. */
  close(): Promise<void>;
}

const graceMs = 3_500;

/** Throws what the database throws. */
export async function openShift(options: ShiftOptions): Promise<Shift> {
  const { url, handlers, log } = options;
  const presence = await openPresence(url);
  const ending = new AbortController();
  const runners: Runner[] = [];
  const close = () => closeShift(presence, runners, ending, log);
  try {
    const tasks = taskList(handlers, presence, ending.signal);
    for (const lane of lanes) runners.push(await runLane(options, presence, lane, tasks, runners.length === 0));
    await runners[0]?.addJob('schedule_syncs', {}, { jobKey: 'schedule_syncs', jobKeyMode: 'preserve_run_at' });
  } catch (error) {
    await close();
    throw error;
  }
  const failed = runners.map(({ promise }) =>
    promise.catch((error: unknown) => log.error({ err: error }, 'the worker ended')),
  );
  return { ended: Promise.race([presence.ended, ...failed]), close };
}

/** The schedule is kept by one lane of each process. */
function runLane(
  { pool, log, pollMs }: ShiftOptions,
  presence: Presence,
  lane: Lane,
  tasks: TaskList,
  keepsSchedule: boolean,
): Promise<Runner> {
  return run({
    pgPool: pool,
    concurrency: lane.concurrency,
    pollInterval: pollMs,
    noHandleSignals: true,
    gracefulShutdownAbortTimeout: graceMs,
    logger: graphileLogger(log),
    taskList: Object.fromEntries(Object.entries(tasks).filter(([task]) => lane.has(task))),
    parsedCronItems: keepsSchedule ? cronItems() : [],
    events: poolEvents(presence, log),
  });
}

async function closeShift(
  presence: Presence,
  runners: readonly Runner[],
  ending: AbortController,
  log: Logger,
): Promise<void> {
  ending.abort();
  const stopped = Promise.all(
    runners.map((runner) =>
      runner.stop().catch((error: unknown) => log.debug({ err: error }, 'the worker had ended before it was stopped')),
    ),
  ).then(() => true);
  const inTime = await Promise.race([stopped, sleep(graceMs, false, { ref: false })]);
  if (!inTime) {
    log.warn('jobs that do not end are returned to the queue');
    const killed = Promise.all(runners.map((runner) => runner.kill()));
    await Promise.race([killed, sleep(1_000, undefined, { ref: false })]);
  }
  await presence.end().catch((error: unknown) => log.debug({ err: error }, 'the presence had ended'));
}
