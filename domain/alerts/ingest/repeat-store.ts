import type { Trx } from '../../../database/transaction.js';
import { query } from '../../query.js';
import { alertTargets } from '../../sla/policy.js';
import type { TenantSettings } from '../../tenants/settings.js';
import type { AlertStatus, Severity, SourceSystem } from '../alert.js';
import { severityRank } from '../severity.js';
import type { Observation } from './observation.js';

export interface Repeat {
  readonly sourceId: string;
  readonly alertId: string;
  /** The row was renamed, so that a new alert takes the bare id. */
  readonly recurs: boolean;
  readonly status: AlertStatus;
  /** Of an escalated alert. */
  readonly incidentId: string | null;
  /** Set when the severity rose. */
  readonly severityBefore: Severity | null;
  readonly severity: Severity;
}

const input = `json_to_recordset(?::json) as x(source_id text, seen int, severity alert_severity, rank int,
  resolved boolean, reappeared boolean, last_activity_at timestamptz, metadata jsonb, incident text, defender_severity text,
  device_id uuid, take_by timestamptz, triage_by timestamptz)`;

/** When the work on an alert ended, if it did: closed, or escalated to an incident that is final. */
const judged = `
  with known as materialized (
    select a.id, a.status, a.severity as old_severity, a.severity_rank, a.closed_at, a.recurrence_of, x.*
    from security_alerts a join ${input} on x.source_id = a.source_id
    where a.tenant_id = ? and a.source_system = ? order by a.source_id for update of a
  ), ended as (
    select k.*, n.id as incident_id, k.status in ('open', 'assigned', 'investigating') as is_open,
      case when k.status = 'escalated' then n.resolved_at else k.closed_at end + ?::int * interval '1 second' as window_end
    from known k
    left join incident_alert_links l on k.status = 'escalated' and l.tenant_id = ? and l.alert_id = k.id
    left join security_incidents n on n.tenant_id = l.tenant_id and n.id = l.incident_id
  ), judged as (
    select e.*, e.is_open and e.rank < e.severity_rank as rises,
      not e.resolved and coalesce(?::timestamptz > e.window_end, false)
        and (e.reappeared or coalesce(e.last_activity_at > e.window_end, false)) as recurs
    from ended e
  )`;

/**
 * Counts what is known already, in one statement: rows are locked in the order of their ids, workflow state is left alone, a
 * risen severity is taken over while the alert is open work. What recurs is renamed and not counted.
 */
export async function countRepeats(
  trx: Trx,
  source: SourceSystem,
  observations: readonly Observation[],
  settings: TenantSettings,
): Promise<Repeat[]> {
  return query<Repeat>(
    trx,
    `${judged}
     update security_alerts a set
       source_id = case when not j.recurs then a.source_id else a.source_id || '#' || 1 + coalesce(
         (select substring(p.source_id from '#([0-9]+)$')::int from security_alerts p
          where p.tenant_id = a.tenant_id and p.id = j.recurrence_of), 0) end,
       seen_count = a.seen_count + case when j.recurs then 0 else j.seen end,
       last_seen_at = case when j.recurs then a.last_seen_at else greatest(?::timestamptz, a.last_seen_at) end,
       severity = case when j.rises then j.severity else a.severity end,
       take_by = case when j.rises and j.status = 'open' then coalesce(a.take_by, j.take_by) else a.take_by end,
       triage_by = case when j.rises then coalesce(a.triage_by, j.triage_by) else a.triage_by end,
       source_resolved_at = case when not (j.is_open or j.status = 'escalated') then a.source_resolved_at
         when j.resolved then coalesce(a.source_resolved_at, ?::timestamptz) end,
       defender_severity = coalesce(j.defender_severity, a.defender_severity),
       defender_incident_id = coalesce(j.incident, a.defender_incident_id),
       metadata = case when j.recurs then a.metadata else j.metadata end,
       device_id = coalesce(a.device_id, j.device_id)
     from judged j where a.tenant_id = ? and a.id = j.id
     returning j.source_id as "sourceId", a.id as "alertId", j.recurs, a.status, j.incident_id as "incidentId",
       case when j.rises then j.old_severity end as "severityBefore", a.severity`,
    [
      JSON.stringify(observations.map((one) => toRow(one, trx.now, settings))),
      trx.tenantId,
      source,
      settings.dedupWindowSeconds,
      trx.tenantId,
      trx.now,
      trx.now,
      trx.now,
      trx.tenantId,
    ],
  );
}

function toRow(one: Observation, now: Date, settings: TenantSettings) {
  const targets = alertTargets(one.severity, now, settings);
  return {
    source_id: one.sourceId,
    seen: one.seen,
    severity: one.severity,
    rank: severityRank(one.severity),
    resolved: one.resolved,
    reappeared: one.reappeared,
    last_activity_at: one.lastActivityAt,
    metadata: one.metadata,
    incident: one.defenderIncidentId,
    defender_severity: one.defenderSeverity,
    device_id: one.deviceId,
    take_by: targets?.takeBy,
    triage_by: targets?.triageBy,
  };
}
