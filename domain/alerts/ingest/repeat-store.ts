import type { Trx } from '../../../database/transaction.js';
import { query } from '../../query.js';
import type { SourceSystem } from '../alert.js';
import type { KnownAlert, Repeat } from './repeat-rules.js';

/** Behind the alert that it repeats; retention may have removed that one, and left others which an incident keeps. */
const freeSuffix = `(select n from generate_series(1, 1000) g, lateral (select g + coalesce((
      select substring(p.source_id from '#([0-9]+)$')::int from security_alerts p
      where p.tenant_id = k.tenant_id and p.id = k.recurrence_of), 0) as n) s
    where not exists (select from security_alerts o where o.tenant_id = k.tenant_id
      and o.source_id = k.source_id || '#' || n and o.source_system = k.source_system)
    order by g limit 1)`;

/**
 * Locks the alerts that stand under these ids, in the order of the ids: one index probe each, since the planner would read
 * the whole tenant when its statistics lag behind. source_id leads the index; source_system is an enum, and comparing enums
 * is no index condition under row security.
 */
export function lockKnown(trx: Trx, source: SourceSystem, sourceIds: readonly string[]): Promise<KnownAlert[]> {
  return query<KnownAlert>(
    trx,
    `with known as materialized (
       select a.* from (select id from unnest(?::text[]) as x(id) order by id) x
       cross join lateral (
         select * from security_alerts a where a.tenant_id = ? and a.source_id = x.id and a.source_system = ? for update) a)
     select k.id, k.number, k.source_id as "sourceId", k.status, k.severity, k.seen_count as "seenCount",
       k.first_seen_at as "firstSeenAt", k.last_seen_at as "lastSeenAt", k.closed_at as "closedAt",
       k.source_resolved_at as "sourceResolvedAt", k.take_by as "takeBy", k.triage_by as "triageBy",
       k.defender_incident_id as "defenderIncidentId", k.defender_severity as "defenderSeverity",
       k.device_id as "deviceId", k.metadata, i.id as "incidentId", i.resolved_at as "incidentEndedAt",
       case when k.status in ('open', 'assigned', 'investigating') then 1 else ${freeSuffix} end as "freeSuffix"
     from known k left join lateral (
       select n.id, n.resolved_at from incident_alert_links l
       join security_incidents n on n.tenant_id = l.tenant_id and n.id = l.incident_id
       where k.status = 'escalated' and l.tenant_id = k.tenant_id and l.alert_id = k.id limit 1) i on true`,
    [sourceIds, trx.tenantId, source],
  );
}

/**
 * Writes what repeats changed of locked alerts. By ON CONFLICT, which finds each row by its key whatever the planner
 * believes; the columns that it never inserts are filled only because they may not be null.
 */
export async function saveRepeats(trx: Trx, source: SourceSystem, repeats: readonly Repeat[]): Promise<void> {
  if (repeats.length === 0) return;
  await query(
    trx,
    `insert into security_alerts (tenant_id, id, number, source_system, source_id, alert_type, classification, severity, title,
       seen_count, first_seen_at, last_seen_at, source_resolved_at, take_by, triage_by, defender_incident_id,
       defender_severity, device_id, metadata, created_at, updated_at)
     select ?::uuid, x.id, x.number, ?, x."sourceId", '', '', x.severity, '', x."seenCount", x."firstSeenAt", x."lastSeenAt",
       x."sourceResolvedAt", x."takeBy", x."triageBy", x."defenderIncidentId", x."defenderSeverity", x."deviceId", x.metadata,
       x."firstSeenAt", x."firstSeenAt"
     from json_to_recordset(?::json) as x(id uuid, number int, "sourceId" text, severity alert_severity, "seenCount" int,
       "firstSeenAt" timestamptz, "lastSeenAt" timestamptz, "sourceResolvedAt" timestamptz, "takeBy" timestamptz,
       "triageBy" timestamptz, "defenderIncidentId" text, "defenderSeverity" text, "deviceId" uuid, metadata jsonb)
     on conflict (tenant_id, id) do update set source_id = excluded.source_id, severity = excluded.severity,
       seen_count = excluded.seen_count, last_seen_at = greatest(excluded.last_seen_at, security_alerts.last_seen_at),
       source_resolved_at = excluded.source_resolved_at, take_by = excluded.take_by, triage_by = excluded.triage_by,
       defender_incident_id = excluded.defender_incident_id, defender_severity = excluded.defender_severity,
       device_id = excluded.device_id, metadata = excluded.metadata`,
    [trx.tenantId, source, JSON.stringify(repeats.map((repeat) => repeat.after))],
  );
}
