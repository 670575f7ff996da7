import { z } from 'zod';

/** What each task is given. A task without a handler does not compile. */
export interface TaskPayloads {
  readonly sync_alerts: { readonly tenantId: string };
  readonly schedule_syncs: object;
  readonly seal_audit: object;
  readonly retention: object;
}

export type TaskName = keyof TaskPayloads;

/** Payloads come from a table that others may write, so they are parsed. */
export const payloadShapes: { readonly [Name in TaskName]: z.ZodType<TaskPayloads[Name]> } = {
  sync_alerts: z.object({ tenantId: z.guid() }),
  schedule_syncs: z.object({}),
  seal_audit: z.object({}),
  retention: z.object({}),
};

export interface TaskRun {
  /** Aborted when the program stops or loses its place in the queue: end soon. */
  readonly signal: AbortSignal;
  /** Adds a job, or leaves one of the same key where it is; `inMs` from now by the database's clock. */
  addLater<Name extends TaskName>(
    name: Name,
    payload: TaskPayloads[Name],
    given: { key: string; inMs: number },
  ): Promise<void>;
  /** One job for each tenant, at once, unless it has one already. */
  addForTenants(name: 'sync_alerts', tenantIds: readonly string[]): Promise<void>;
  /** Runs `work` unless it runs already, in this process or another; null when it does. */
  alone<T>(what: string, work: () => Promise<T>): Promise<{ readonly result: T } | null>;
}

export type TaskHandlers = {
  readonly [Name in TaskName]: (payload: TaskPayloads[Name], run: TaskRun) => Promise<void>;
};

/** Cron lines, UTC; each is added once over all replicas. */
export const schedule: readonly { readonly task: TaskName; readonly match: string }[] = [
  { task: 'schedule_syncs', match: '* * * * *' },
  { task: 'seal_audit', match: '* * * * *' },
  { task: 'retention', match: '17 3 * * *' },
];
