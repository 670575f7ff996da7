import type { Knex } from 'knex';

export interface Analyst {
  readonly tenantId: string;
  readonly userId: string;
}

interface Size {
  readonly alerts: number;
  readonly tenants: number;
}

const analystsPerTenant = 5;
const alertsPerIncident = 20;

const tenant = "format('00000000-0000-4000-8000-%s', lpad(to_hex(t), 12, '0'))::uuid";
const user = (n: string) => `format('00000000-0000-4000-9000-%s', lpad(to_hex(t * 100 + ${n}), 12, '0'))::uuid`;
const ids = {
  alert: "format('00000000-0000-4000-a000-%s%s', lpad(to_hex(t), 4, '0'), lpad(to_hex(n), 8, '0'))::uuid",
  incident: "format('00000000-0000-4000-b000-%s%s', lpad(to_hex(t), 4, '0'), lpad(to_hex(n), 8, '0'))::uuid",
};
const severity = "(array['critical', 'high', 'medium', 'low'])[1 + (n * 7 + t) % 4]::alert_severity";
/** A year of alerts, newest last. */
const at = "now() - (:alerts::int / :tenants::int - n) * interval '1 minute'";

/** Of twenty alerts two are open, one is assigned, one investigated, one escalated; the others are closed. */
const statements = [
  `insert into tenants (id, name, domain, entra_tenant_id)
   select ${tenant}, 'Customer ' || t, 'customer' || t || '.example', ${tenant} from generate_series(1, :tenants::int) t`,
  `insert into users (id, tenant_id, email, first_name, last_name, role, entra_tenant_id, aad_object_id)
   select ${user('n')}, ${tenant}, n || '@customer' || t || '.example', 'Ann', '', 'security_analyst', ${tenant}, ${user('n')}
   from generate_series(1, :tenants::int) t, generate_series(1, ${analystsPerTenant}) n`,
  `insert into tenant_members (tenant_id, user_id, role, display_name)
   select ${tenant}, ${user('n')}, 'security_analyst', 'Ann ' || n
   from generate_series(1, :tenants::int) t, generate_series(1, ${analystsPerTenant}) n`,
  `insert into security_alerts (tenant_id, id, number, source_system, source_id, alert_type, classification, severity, title,
     description, status, assigned_to, assigned_at, closed_at, escalated_at, created_at, first_seen_at, last_seen_at, updated_at)
   select ${tenant}, ${ids.alert}, n, 'edr', 'da' || n, 'edr', (array['malware', 'phishing', 'other'])[1 + n % 3],
     ${severity}, 'A process that is not trusted ran ' || n, repeat('What happened. ', 20), s.status::alert_status,
     case when s.status <> 'open' then ${user(`1 + n % ${analystsPerTenant}`)} end, case when s.status <> 'open' then ${at} end,
     case when s.status like 'closed%' then ${at} end, case when s.status = 'escalated' then ${at} end, ${at}, ${at}, ${at}, ${at}
   from generate_series(1, :tenants::int) t, generate_series(1, :alerts::int / :tenants::int) n,
     lateral (select (array['escalated', 'open', 'assigned', 'open', 'investigating'])[1 + n % ${alertsPerIncident}] as status) w,
     lateral (select coalesce(w.status, (array['closed_benign', 'closed_false_positive'])[1 + n % 2]) as status) s`,
  `insert into security_incidents (tenant_id, id, number, owner_id, title, severity, status, resolution_summary, resolved_at,
     acknowledged_at, sla_acknowledge_by, sla_investigate_by, sla_resolve_by, created_at)
   select ${tenant}, ${ids.incident}, n, ${user(`1 + n % ${analystsPerTenant}`)}, 'Incident ' || n, ${severity},
     s.status::incident_status, case when s.status = 'resolved' then 'Reimaged.' end, case when s.status = 'resolved' then ${at} end,
     case when s.status <> 'open' then ${at} end, ${at}, ${at}, ${at}, ${at}
   from generate_series(1, :tenants::int) t,
     generate_series(${alertsPerIncident}, :alerts::int / :tenants::int, ${alertsPerIncident}) n,
     lateral (select (array['resolved', 'open', 'resolved', 'in_progress', 'resolved'])[1 + n / ${alertsPerIncident} % 5]) s (status)`,
  `insert into incident_alert_links (tenant_id, incident_id, alert_id, is_primary)
   select ${tenant}, ${ids.incident}, ${ids.alert}, true from generate_series(1, :tenants::int) t,
     generate_series(${alertsPerIncident}, :alerts::int / :tenants::int, ${alertsPerIncident}) n`,
];

/** Fills an empty database, with every constraint on, and vacuums it. */
export async function loadCrowd(admin: Knex, { alerts, tenants }: Size): Promise<Analyst[]> {
  await admin.transaction(async (sql) => {
    await sql.raw('set local statement_timeout = 0');
    for (const statement of statements) await sql.raw(statement, { alerts, tenants } as unknown as Knex.RawBinding);
  });
  const tables = [
    'security_alerts',
    'security_incidents',
    'incident_alert_links',
    'users',
    'tenants',
    'tenant_members',
  ];
  for (const table of tables) await admin.raw(`vacuum analyze ${table}`);
  const members = await admin<{ tenant_id: string; user_id: string }>('tenant_members');
  return members.map((member) => ({ tenantId: member.tenant_id, userId: member.user_id }));
}
