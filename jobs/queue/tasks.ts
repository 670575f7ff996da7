import { z } from 'zod';

/** What each task is given. A task without a handler does not compile. */
export interface TaskPayloads {
  readonly sync_alerts: { readonly tenantId: string };
  readonly sync_devices: { readonly tenantId: string };
  readonly sync_compliance: { readonly tenantId: string };
  readonly sync_vulnerabilities: { readonly tenantId: string };
  /** Does what the action needs now: send, reconcile, poll, cancel, expire. */
  readonly device_action: { readonly tenantId: string; readonly actionId: string };
  /** Asks and reminds everybody who may approve. */
  readonly ask_approvers: {
    readonly tenantId: string;
    readonly entity: 'action' | 'policy_change';
    readonly entityId: string;
  };
  /** Finds actions whose time has come, in case their own job was lost. */
  readonly due_actions: object;
  /** Computes and stores the posture of a tenant. */
  readonly posture: { readonly tenantId: string };
  readonly schedule_posture: object;
  /** Tells admins of credentials that end soon. */
  readonly check_credentials: object;
  readonly schedule_syncs: object;
  readonly seal_audit: object;
  readonly retention: object;
}

export type TaskName = keyof TaskPayloads;

/** Payloads come from a table that others may write, so they are parsed. */
export const payloadShapes: { readonly [Name in TaskName]: z.ZodType<TaskPayloads[Name]> } = {
  sync_alerts: z.object({ tenantId: z.guid() }),
  sync_devices: z.object({ tenantId: z.guid() }),
  sync_compliance: z.object({ tenantId: z.guid() }),
  sync_vulnerabilities: z.object({ tenantId: z.guid() }),
  device_action: z.object({ tenantId: z.guid(), actionId: z.guid() }),
  ask_approvers: z.object({ tenantId: z.guid(), entity: z.enum(['action', 'policy_change']), entityId: z.guid() }),
  due_actions: z.object({}),
  posture: z.object({ tenantId: z.guid() }),
  schedule_posture: z.object({}),
  check_credentials: z.object({}),
  schedule_syncs: z.object({}),
  seal_audit: z.object({}),
  retention: z.object({}),
};

/** Tasks of which a tenant has one at a time. */
export type TenantTask = 'sync_alerts' | 'sync_devices' | 'sync_compliance' | 'sync_vulnerabilities' | 'posture';

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
  addForTenants(name: TenantTask, tenantIds: readonly string[]): Promise<void>;
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
  { task: 'due_actions', match: '* * * * *' },
  { task: 'schedule_posture', match: '41 * * * *' },
  { task: 'check_credentials', match: '5 6 * * *' },
];
