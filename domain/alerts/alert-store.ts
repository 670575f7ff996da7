import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import type { Alert } from './alert.js';

/** Columns of Alert, under the names of its fields. */
export function alertColumns(row: string): string {
  return columns.map(([field, column]) => `${row}.${column} as "${field}"`).join(', ');
}

const names = {
  tenantId: 'tenant_id',
  id: 'id',
  number: 'number',
  sourceSystem: 'source_system',
  sourceId: 'source_id',
  alertType: 'alert_type',
  classification: 'classification',
  severity: 'severity',
  title: 'title',
  description: 'description',
  metadata: 'metadata',
  seenCount: 'seen_count',
  firstSeenAt: 'first_seen_at',
  lastSeenAt: 'last_seen_at',
  defenderIncidentId: 'defender_incident_id',
  defenderAlertId: 'defender_alert_id',
  defenderSeverity: 'defender_severity',
  threatName: 'threat_name',
  affectedDevice: 'affected_device',
  affectedUser: 'affected_user',
  status: 'status',
  assignedTo: 'assigned_to',
  assignedAt: 'assigned_at',
  detectedAt: 'detected_at',
  deviceId: 'device_id',
  investigationStartedAt: 'investigation_started_at',
  escalatedAt: 'escalated_at',
  closedAt: 'closed_at',
  closedBy: 'closed_by',
  closingNotes: 'closing_notes',
  recurrenceOf: 'recurrence_of',
  sourceResolvedAt: 'source_resolved_at',
  takeBy: 'take_by',
  triageBy: 'triage_by',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  version: 'version',
} as const satisfies Record<keyof Alert, string>;

const columns = Object.entries(names);

export async function lockAlert(trx: Trx, id: string): Promise<Alert | null> {
  const [row] = await query<Alert>(
    trx,
    `select ${alertColumns('a')} from security_alerts a where a.tenant_id = ? and a.id = ? for update`,
    [trx.tenantId, id],
  );
  return row ?? null;
}

/** Writes a workflow change of a locked alert. */
export async function saveAlert(trx: Trx, alert: Alert, patch: Partial<Alert>): Promise<Alert> {
  const fields = Object.keys(patch) as (keyof Alert)[];
  const [row] = await query<Alert>(
    trx,
    `update security_alerts a set ${fields.map((field) => `${names[field]} = ?`).join(', ')}, version = a.version + 1
     where a.tenant_id = ? and a.id = ? returning ${alertColumns('a')}`,
    [...fields.map((field) => patch[field] as string | Date | null), trx.tenantId, alert.id],
  );
  if (!row) throw new Error(`the locked alert ${alert.id} is gone`);
  return row;
}

/** The number of the alert that repeats this one, if one does. */
export async function recurrenceNumber(trx: Trx, id: string): Promise<number | null> {
  const [row] = await query<{ number: number }>(
    trx,
    'select number from security_alerts where tenant_id = ? and recurrence_of = ?',
    [trx.tenantId, id],
  );
  return row?.number ?? null;
}
