import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { classify } from '../domain/alerts/classification.js';
import { severityOf } from '../domain/alerts/severity.js';
import type { SourceAlert } from '../domain/alerts/alert-source.js';

const columns = [
  ['tenant_id', 'uuid'],
  ['id', 'uuid'],
  ['number', 'int'],
  ['source_system', 'alert_source_system'],
  ['source_id', 'text'],
  ['alert_type', 'text'],
  ['classification', 'text'],
  ['severity', 'alert_severity'],
  ['title', 'text'],
  ['description', 'text'],
  ['metadata', 'jsonb'],
  ['defender_incident_id', 'text'],
  ['defender_alert_id', 'text'],
  ['defender_severity', 'text'],
  ['threat_name', 'text'],
  ['affected_device', 'text'],
  ['affected_user', 'text'],
  ['detected_at', 'timestamptz'],
  ['device_id', 'uuid'],
  ['take_by', 'timestamptz'],
  ['triage_by', 'timestamptz'],
  ['first_seen_at', 'timestamptz'],
  ['last_seen_at', 'timestamptz'],
  ['created_at', 'timestamptz'],
  ['updated_at', 'timestamptz'],
] as const;

const names = columns.map(([name]) => name).join(', ');
const tail = `on conflict (tenant_id, source_system, source_id) do update set seen_count = security_alerts.seen_count + 1,
  last_seen_at = greatest(now(), security_alerts.last_seen_at), metadata = excluded.metadata`;

/** How a bare upsert hands its rows over; both are measured, and the faster one is the reference. */
export type BareForm = 'values' | 'arrays';

type Row = readonly unknown[];

/** Where the rows of a bare batch go. */
export interface BareTenant {
  readonly tenantId: string;
  /** Our ids of the tenant's devices by Microsoft's. */
  readonly devices: ReadonlyMap<string, string>;
}

/** The rows that the real ingestion would make of a batch; made before the clock runs. */
export function bareRows(
  { tenantId, devices }: BareTenant,
  alerts: readonly SourceAlert[],
  firstNumber: number,
): Row[] {
  const now = new Date();
  return alerts.map((alert, index) => [
    tenantId,
    randomUUID(),
    firstNumber + index,
    'edr',
    alert.microsoftAlertId,
    (alert.category ?? 'unknown').slice(0, 100),
    classify(alert.category, alert.threatName, alert.title),
    severityOf(alert.severity),
    alert.title,
    alert.description,
    JSON.stringify(alert.metadata),
    alert.microsoftIncidentId,
    alert.microsoftAlertId,
    alert.severity,
    alert.threatName,
    alert.device?.name ?? null,
    alert.user,
    alert.createdAt,
    devices.get(alert.device?.microsoftDeviceId ?? '') ?? null,
    severityOf(alert.severity) === 'high' ? now : null,
    severityOf(alert.severity) === 'high' ? now : null,
    now,
    now,
    now,
    now,
  ]);
}

/** One multi-row statement, committed by itself: no audit, no mirror, no devices, no cards, no row security. */
export async function bareUpsert(client: pg.Client, form: BareForm, rows: readonly Row[]): Promise<void> {
  if (form === 'values') {
    const width = columns.length;
    const tuple = (_: Row, row: number) => `(${columns.map((_, at) => `$${row * width + at + 1}`).join(', ')})`;
    await client.query(
      `insert into security_alerts (${names}) values ${rows.map(tuple).join(', ')} ${tail}`,
      rows.flat(),
    );
  } else {
    const arrays = columns.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ');
    const text = `insert into security_alerts (${names}) select * from unnest(${arrays}) ${tail}`;
    await client.query({ name: 'bare', text, values: columns.map((_, at) => rows.map((row) => row[at])) });
  }
}
