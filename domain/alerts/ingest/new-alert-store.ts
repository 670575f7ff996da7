import type { Trx } from '../../../database/transaction.js';
import { query } from '../../query.js';
import { alertTargets } from '../../sla/policy.js';
import type { TenantSettings } from '../../tenants/settings.js';
import type { SourceSystem } from '../alert.js';
import type { Observation } from './observation.js';

export interface NewAlert {
  readonly id: string;
  readonly observation: Observation;
  readonly recurrenceOf: string | null;
}

const input = `json_to_recordset(?::json) as x(id uuid, number int, source_id text, alert_type text, classification text,
  severity alert_severity, title text, description text, metadata jsonb, seen int, defender_incident_id text,
  defender_alert_id text, defender_severity text, threat_name text, affected_device text, affected_user text,
  detected_at timestamptz, device_id uuid, fingerprint text, recurrence_of uuid, resolved boolean, take_by timestamptz,
  triage_by timestamptz)`;

/**
 * Inserts new alerts with a block of numbers, and the one audit row of the batch. The counter is drawn last in a
 * transaction, and its holder waits for nobody: ids that another transaction made meanwhile are seen by the snapshot that
 * follows the draw and left out, since ON CONFLICT would wait for whoever is counting them. False when that happened: the
 * caller must roll back and begin again, so that no number is lost.
 */
export async function insertAlerts(
  trx: Trx,
  source: SourceSystem,
  alerts: readonly NewAlert[],
  settings: TenantSettings,
): Promise<boolean> {
  if (alerts.length === 0) return true;
  const first = await drawNumbers(trx, alerts.length);
  const rows = alerts.map((alert, place) => toRow(alert, first + place, trx.now, settings));
  const recurred = alerts.filter((alert) => alert.recurrenceOf !== null).length;
  const [row] = await query<{ made: number }>(trx, insertSql, [
    trx.tenantId,
    source,
    trx.now,
    JSON.stringify(rows),
    trx.tenantId,
    source,
    trx.tenantId,
    trx.now,
    source,
    recurred,
  ]);
  return row?.made === alerts.length;
}

async function drawNumbers(trx: Trx, count: number): Promise<number> {
  const [row] = await query<{ first: number }>(trx, `select app.draw_numbers(?, 'alert', ?) as first`, [
    trx.tenantId,
    count,
  ]);
  if (!row) throw new Error('no numbers were drawn');
  return row.first;
}

const insertSql = `
  with made as (
    insert into security_alerts (tenant_id, id, number, source_system, source_id, alert_type, classification, severity,
      title, description, metadata, seen_count, first_seen_at, last_seen_at, created_at, defender_incident_id,
      defender_alert_id, defender_severity, threat_name, affected_device, affected_user, detected_at, device_id,
      fingerprint, recurrence_of, source_resolved_at, take_by, triage_by, updated_at)
    select ?::uuid, x.id, x.number, ?, x.source_id, x.alert_type, x.classification, x.severity,
      x.title, x.description, x.metadata, x.seen, t.now, t.now, t.now, x.defender_incident_id,
      x.defender_alert_id, x.defender_severity, x.threat_name, x.affected_device, x.affected_user, x.detected_at, x.device_id,
      x.fingerprint, x.recurrence_of, case when x.resolved then t.now end, x.take_by, x.triage_by, t.now
    from (select ?::timestamptz as now) t, ${input}
    where (select true from security_alerts a
      where a.tenant_id = ? and a.source_id = x.source_id and a.source_system = ?) is null
    order by x.source_id
    on conflict (tenant_id, source_system, source_id) do nothing
    returning number
  ), told as (
    insert into audit_log (tenant_id, at, actor_kind, actor, action, after)
    select ?::uuid, ?::timestamptz, 'job', 'alert ingest', 'alerts.ingest', jsonb_build_object('source', ?::text, 'new', count(*),
      'recurred', ?::int, 'firstNumber', min(number), 'lastNumber', max(number))
    from made having count(*) > 0
  ) select count(*)::int as made from made`;

function toRow({ id, observation: one, recurrenceOf }: NewAlert, number: number, now: Date, settings: TenantSettings) {
  const targets = alertTargets(one.severity, now, settings);
  return {
    id,
    number,
    source_id: one.sourceId,
    alert_type: one.alertType,
    classification: one.classification,
    severity: one.severity,
    title: one.title,
    description: one.description,
    metadata: one.metadata,
    seen: one.seen,
    defender_incident_id: one.defenderIncidentId,
    defender_alert_id: one.defenderAlertId,
    defender_severity: one.defenderSeverity,
    threat_name: one.threatName,
    affected_device: one.affectedDevice,
    affected_user: one.affectedUser,
    detected_at: one.detectedAt,
    device_id: one.deviceId,
    fingerprint: one.fingerprint,
    recurrence_of: recurrenceOf,
    resolved: one.resolved,
    take_by: targets?.takeBy,
    triage_by: targets?.triageBy,
  };
}
