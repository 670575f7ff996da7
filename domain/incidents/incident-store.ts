import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import type { Incident } from './incident.js';

const names = {
  tenantId: 'tenant_id',
  id: 'id',
  number: 'number',
  ownerId: 'owner_id',
  title: 'title',
  description: 'description',
  severity: 'severity',
  status: 'status',
  resolutionSummary: 'resolution_summary',
  dismissalJustification: 'dismissal_justification',
  slaAcknowledgeBy: 'sla_acknowledge_by',
  slaInvestigateBy: 'sla_investigate_by',
  slaResolveBy: 'sla_resolve_by',
  acknowledgedAt: 'acknowledged_at',
  investigationStartedAt: 'investigation_started_at',
  resolvedAt: 'resolved_at',
  createdAt: 'created_at',
  updatedAt: 'updated_at',
  cycle: 'cycle',
  version: 'version',
} as const satisfies Record<keyof Incident, string>;

/** A Date holds milliseconds and the row microseconds, so a stamp could come out just before its row. */
const stamps: ReadonlySet<keyof Incident> = new Set(['acknowledgedAt', 'investigationStartedAt', 'resolvedAt']);

/** Columns of Incident, under the names of its fields. */
export function incidentColumns(row: string): string {
  return Object.entries(names)
    .map(([field, column]) => `${row}.${column} as "${field}"`)
    .join(', ');
}

export async function lockIncident(trx: Trx, id: string): Promise<Incident | null> {
  const [row] = await query<Incident>(
    trx,
    `select ${incidentColumns('i')} from security_incidents i where i.tenant_id = ? and i.id = ? for update`,
    [trx.tenantId, id],
  );
  return row ?? null;
}

/** Writes a workflow change of a locked incident. */
export async function saveIncident(trx: Trx, incident: Incident, patch: Partial<Incident>): Promise<Incident> {
  const fields = Object.keys(patch) as (keyof Incident)[];
  const set = fields.map((field) => `${names[field]} = ${stamps.has(field) ? stamp : '?'}, `).join('');
  const values = fields.flatMap((field) => {
    const value = patch[field] as string | number | Date | null;
    return stamps.has(field) ? [value, value] : [value];
  });
  const [row] = await query<Incident>(
    trx,
    `update security_incidents i set ${set}version = i.version + 1
     where i.tenant_id = ? and i.id = ? returning ${incidentColumns('i')}`,
    [...values, trx.tenantId, incident.id],
  );
  if (!row) throw new Error(`the locked incident ${incident.id} is gone`);
  return row;
}

const stamp = 'case when ?::timestamptz is not null then greatest(?::timestamptz, i.created_at) end';

export type NewIncident = Pick<
  Incident,
  'ownerId' | 'title' | 'description' | 'severity' | 'slaAcknowledgeBy' | 'slaInvestigateBy' | 'slaResolveBy'
>;

/** A new incident with the next number of the tenant; its primary alert must be linked in the same transaction. */
export async function insertIncident(trx: Trx, given: NewIncident): Promise<{ id: string; number: number }> {
  const [row] = await query<{ id: string; number: number }>(
    trx,
    `insert into security_incidents (tenant_id, number, owner_id, title, description, severity,
       sla_acknowledge_by, sla_investigate_by, sla_resolve_by, created_at)
     values (?, app.draw_numbers(?, 'incident', 1), ?, ?, ?, ?, ?, ?, ?, ?) returning id, number`,
    [
      trx.tenantId,
      trx.tenantId,
      given.ownerId,
      given.title,
      given.description,
      given.severity,
      given.slaAcknowledgeBy,
      given.slaInvestigateBy,
      given.slaResolveBy,
      trx.now,
    ],
  );
  if (!row) throw new Error('the incident was not written');
  return row;
}

/** Links an alert; false when it belongs to an incident already. */
export async function linkAlert(trx: Trx, incidentId: string, alertId: string, primary: boolean): Promise<boolean> {
  const linked = await query(
    trx,
    `insert into incident_alert_links (tenant_id, incident_id, alert_id, is_primary) values (?, ?, ?, ?)
     on conflict (tenant_id, alert_id) do nothing returning 1`,
    [trx.tenantId, incidentId, alertId, primary],
  );
  return linked.length > 0;
}

/** Keeps the stamps, deadlines and outcome of the cycle that a reopening ends; `ended` is the incident as it was. */
export async function keepCycle(trx: Trx, ended: Incident, by: string, reason: string): Promise<void> {
  await query(
    trx,
    `insert into incident_sla_cycles (tenant_id, incident_id, cycle, status, resolution_summary, dismissal_justification,
       sla_acknowledge_by, sla_investigate_by, sla_resolve_by, acknowledged_at, investigation_started_at, resolved_at,
       reopened_by, reopened_at, reopen_reason)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, greatest(?::timestamptz, ?::timestamptz), ?)`,
    [
      trx.tenantId,
      ended.id,
      ended.cycle,
      ended.status,
      ended.resolutionSummary,
      ended.dismissalJustification,
      ended.slaAcknowledgeBy,
      ended.slaInvestigateBy,
      ended.slaResolveBy,
      ended.acknowledgedAt,
      ended.investigationStartedAt,
      ended.resolvedAt,
      by,
      trx.now,
      ended.resolvedAt,
      reason,
    ],
  );
}

/** Ids of the alerts of an incident, whose cards show its status. */
export async function linkedAlertIds(trx: Trx, incidentId: string): Promise<string[]> {
  const rows = await query<{ id: string }>(
    trx,
    'select alert_id as id from incident_alert_links where tenant_id = ? and incident_id = ?',
    [trx.tenantId, incidentId],
  );
  return rows.map((row) => row.id);
}
