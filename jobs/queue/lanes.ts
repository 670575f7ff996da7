import type { TaskName } from './tasks.js';

/** Jobs of a lane at once. Few exports, because each needs memory for its pages. */
const concurrency = { people: 3, alerts: 3, devices: 2, exports: 2 } as const;
type LaneName = keyof typeof concurrency;

/**
 * Jobs wait for jobs of their own lane only: what people have asked for never waits for a sync that Microsoft does not
 * answer, and neither alerts nor devices wait for the vulnerabilities of large tenants, which may last an hour.
 */
const laneOf: Readonly<Record<TaskName, LaneName>> = {
  device_action: 'people',
  ask_approvers: 'people',
  due_actions: 'people',
  schedule_syncs: 'people',
  schedule_posture: 'people',
  sync_alerts: 'alerts',
  posture: 'alerts',
  seal_audit: 'alerts',
  check_credentials: 'alerts',
  sync_devices: 'devices',
  sync_compliance: 'devices',
  sync_vulnerabilities: 'exports',
  retention: 'exports',
};

export interface Lane {
  readonly concurrency: number;
  readonly has: (task: string) => boolean;
}

export const lanes: readonly Lane[] = Object.entries(concurrency).map(([name, jobs]) => ({
  concurrency: jobs,
  has: (task) => Object.entries(laneOf).some((entry) => entry[0] === task && entry[1] === name),
}));

/** Connections that the lanes need together: one for each job, and one each to listen for new ones. */
export const laneConnections = lanes.reduce((sum, lane) => sum + lane.concurrency + 1, 0);
