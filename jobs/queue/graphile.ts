import { EventEmitter } from 'node:events';
import { Logger as GraphileLogger, parseCronItems } from 'graphile-worker';
import type { JobHelpers, ParsedCronItem, Task, TaskList, WorkerEvents } from 'graphile-worker';
import type { Logger } from 'pino';
import type { Presence } from './presence.js';
import { payloadShapes, schedule } from './tasks.js';
import type { TaskHandlers, TaskName, TaskRun } from './tasks.js';

/** Our handlers as graphile-worker calls them: payloads parsed, the run bound to this job. */
export function taskList(handlers: TaskHandlers, presence: Presence, stopping: AbortSignal): TaskList {
  const task = <Name extends TaskName>(name: Name): [Name, Task] => [
    name,
    async (payload, helpers) => {
      await handlers[name](payloadShapes[name].parse(payload), runOf(helpers, presence, stopping));
    },
  ];
  return Object.fromEntries((Object.keys(payloadShapes) as TaskName[]).map(task));
}

function runOf(helpers: JobHelpers, presence: Presence, stopping: AbortSignal): TaskRun {
  return {
    signal: stopping,
    alone: (what, work) => presence.alone(what, work),
    addLater: async (name, payload, { key, inMs }) => {
      await helpers.query(
        `select graphile_worker.add_job($1, $2::json, run_at := now() + $3::float8 * interval '1 ms', job_key := $4,
           job_key_mode := 'preserve_run_at')`,
        [name, JSON.stringify(payload), inMs, key],
      );
    },
    addForTenants: async (name, tenantIds) => {
      await helpers.query(
        `select count(j.id) from unnest($2::text[]) t cross join lateral graphile_worker.add_job($1,
           json_build_object('tenantId', t), job_key := t || '/' || $1, job_key_mode := 'preserve_run_at') j`,
        [name, tenantIds],
      );
    },
  };
}

/** A line that was missed while no process ran is not made up for: the next one does the same. */
export function cronItems(): ParsedCronItem[] {
  return parseCronItems(
    schedule.map(({ task, match }) => ({ task, match, identifier: task, options: { backfillPeriod: 0 } })),
  );
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const;

/** graphile-worker reports every job as "info", which is our "debug". */
export function graphileLogger(log: Logger): GraphileLogger {
  return new GraphileLogger((scope) => (level, message) => {
    log[levels[level]]({ task: scope.taskIdentifier, job: scope.jobId }, message);
  });
}

/** The lock is taken as soon as the pool exists; jobs are only taken from pools that were silent for 5 s. */
export function poolEvents(presence: Presence, log: Logger): WorkerEvents {
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => {
    presence
      .keepAlive(workerPool.id)
      .catch((error: unknown) => log.error({ err: error }, 'the worker is not known as alive'));
  });
  return events;
}
