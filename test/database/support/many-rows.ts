import type { Knex } from 'knex';

/** Two tenants with half of the rows and twenty people each. */
export interface Crowd {
  readonly tenants: readonly [string, string];
  readonly users: readonly [readonly string[], readonly string[]];
}

const rows = 100_000;
const tenant = '(case when n % 10 < 5 then :other else :tenant end)::uuid';
const user = '(case when n % 10 < 5 then :otherUsers::uuid[] else :users::uuid[] end)[1 + n / 7 % 20]';
const id = (prefix: string) => `(lpad(to_hex(n), 8, '0') || '-0000-4000-8000-0000000000${prefix}')::uuid`;
const at = "timestamptz '2026-01-01' + n * interval '1 s'";
const device = `case when n % 3 = 0 then null else ${id('01')} end`;

/** Real work is mostly done: one alert of ten is open, one in ten is in somebody's hands. */
const statements: readonly string[] = [
  `insert into edr_devices (tenant_id, id, microsoft_device_id, device_name, risk_score, intune_compliance_state, last_seen_at)
   select ${tenant}, ${id('01')}, 'machine-' || n, 'pc-' || n, n % 101,
     (array['compliant', 'compliant', 'compliant', 'noncompliant'])[1 + n % 4], ${at} from generate_series(1, ${rows}) n`,
  `insert into edr_alerts (tenant_id, id, device_id, microsoft_alert_id, severity, status, detected_at, created_at)
   select ${tenant}, ${id('02')}, ${id('01')}, 'alert-' || n, (array['high', 'low', 'medium', 'informational'])[1 + n % 4],
     (array['resolved', 'resolved', 'resolved', 'new'])[1 + n % 4], ${at}, ${at} from generate_series(1, ${rows}) n`,
  `insert into edr_vulnerabilities (tenant_id, id, cve_id, severity, cvss_score, created_at)
   select ${tenant}, ${id('03')}, 'CVE-' || n, (array['high', 'low', 'medium', 'critical'])[1 + n % 4], n % 101 / 10.0, ${at}
   from generate_series(1, ${rows}) n`,
  `insert into edr_device_vulnerabilities (tenant_id, device_id, vulnerability_id, detected_at)
   select ${tenant}, ${id('01')}, ${id('03')}, ${at} from generate_series(1, ${rows}) n`,
  `insert into edr_compliance (tenant_id, device_id, compliance_state, checked_at)
   select ${tenant}, ${id('01')}, (array['compliant', 'compliant', 'compliant', 'error'])[1 + n % 4], ${at}
   from generate_series(1, ${rows}) n`,
  `insert into edr_actions (tenant_id, id, number, device_id, user_id, action_type, status, initiated_at)
   select ${tenant}, ${id('04')}, n, ${id('01')}, ${user}, 'scan', (array['completed', 'completed', 'completed', 'pending'])[1 + n % 4],
     ${at} from generate_series(1, ${rows}) n`,
  `insert into edr_posture_scores (tenant_id, score, calculated_at, created_at)
   select ${tenant}, n % 101, ${at}, ${at} from generate_series(1, ${rows}) n`,
  `insert into security_alerts (tenant_id, id, number, source_system, source_id, alert_type, classification, severity, title,
     status, assigned_to, assigned_at, closed_at, device_id, defender_alert_id, created_at)
   select ${tenant}, ${id('05')}, n, 'edr', 'alert-' || n, 'edr', (array['malware', 'phishing', 'other'])[1 + n % 3],
     (array['critical', 'high', 'medium', 'low'])[1 + n % 4]::alert_severity, 'Alert ' || n, s.status::alert_status,
     case when s.status <> 'open' then ${user} end, case when s.status <> 'open' then ${at} end,
     case when s.status like 'closed%' then ${at} end, ${device}, 'alert-' || n, ${at}
   from generate_series(1, ${rows}) n,
     lateral (select (array['open', 'assigned', 'investigating', 'escalated', 'closed_benign', 'closed_benign',
       'closed_benign', 'closed_false_positive', 'closed_false_positive'])[1 + n % 9]) s (status)`,
  `insert into security_incidents (tenant_id, id, number, owner_id, title, severity, status, resolution_summary, resolved_at,
     acknowledged_at, sla_acknowledge_by, sla_investigate_by, sla_resolve_by, created_at)
   select ${tenant}, ${id('06')}, n, ${user}, 'Incident ' || n, (array['critical', 'high', 'medium', 'low'])[1 + n % 4]::alert_severity,
     s.status::incident_status, case when s.status = 'resolved' then 'done' end, case when s.status = 'resolved' then ${at} end,
     case when s.status <> 'open' then ${at} end, ${at}, ${at}, ${at}, ${at}
   from generate_series(1, ${rows}) n,
     lateral (select (array['resolved', 'resolved', 'open', 'resolved', 'in_progress'])[1 + n % 5]) s (status)`,
  `insert into incident_alert_links (tenant_id, incident_id, alert_id, is_primary)
   select ${tenant}, ${id('06')}, ${id('05')}, true from generate_series(1, ${rows}) n`,
];

const tables = [
  'edr_devices',
  'edr_alerts',
  'edr_vulnerabilities',
  'edr_device_vulnerabilities',
  'edr_compliance',
  'edr_actions',
  'edr_posture_scores',
  'security_alerts',
  'security_incidents',
  'incident_alert_links',
];

/** 100,000 rows in every table of migrations 0021 and 0023 that grows, and fresh statistics. */
export async function insertCrowd(admin: Knex, { tenants, users }: Crowd): Promise<void> {
  const names = { tenant: tenants[0], other: tenants[1], users: users[0], otherUsers: users[1] };
  await admin.transaction(async (sql) => {
    for (const statement of statements) await sql.raw(statement, names as unknown as Knex.RawBinding);
  });
  for (const table of tables) await admin.raw(`vacuum analyze ${table}`);
}

/** An id as the n-th row of a kind has it. */
export const deviceOf = (n: number) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000001`;
export const vulnerabilityOf = (n: number) => `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000003`;
