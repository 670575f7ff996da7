import type { DeviceAction } from './action.js';

/** Columns of DeviceAction, under the names of its fields. */
export function actionColumns(row: string): string {
  return columns.map(([field, column]) => `${valueOf(row, column)} as "${field}"`).join(', ');
}

export const actionColumnNames = {
  tenantId: 'tenant_id',
  id: 'id',
  number: 'number',
  kind: 'action_type',
  status: 'status',
  deviceId: 'device_id',
  alertId: 'alert_id',
  incidentId: 'incident_id',
  parameter: 'parameter',
  requestedBy: 'user_id',
  reason: 'reason',
  requestedAt: 'initiated_at',
  needsApproval: 'needs_approval',
  approveBy: 'approve_by',
  approvedBy: 'approved_by',
  approvedAt: 'approved_at',
  isDryRun: 'is_dry_run',
  isBreakGlass: 'is_break_glass',
  reviewedBy: 'reviewed_by',
  reviewedAt: 'reviewed_at',
  endedBy: 'ended_by',
  endReason: 'end_reason',
  sentAt: 'sent_at',
  isAttached: 'is_attached',
  microsoftActionId: 'microsoft_action_id',
  microsoftStatus: 'microsoft_status',
  queueExpiresAt: 'queue_expires_at',
  cancelRequestedBy: 'cancel_requested_by',
  cancelRequestedAt: 'cancel_requested_at',
  cancelSentAt: 'cancel_sent_at',
  resultMessage: 'result_message',
  completedAt: 'completed_at',
  lateOutcome: 'late_outcome',
  polls: 'polls',
  nextStepAt: 'next_step_at',
  version: 'version',
} as const satisfies Record<keyof DeviceAction, string>;

const columns = Object.entries(actionColumnNames);

/** Rows that another product wrote may have no reason. */
function valueOf(row: string, column: string): string {
  return column === 'reason' ? `coalesce(${row}.reason, '')` : `${row}.${column}`;
}
