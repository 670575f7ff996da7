import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createSecurityAlerts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table security_alerts (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      number int not null,
      source_system alert_source_system not null,
      source_id varchar(255) not null,
      alert_type varchar(100) not null,
      classification varchar(100) not null,
      severity alert_severity not null,
      severity_rank smallint not null generated always as
        (case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end) stored,
      title text not null,
      description text,
      metadata jsonb not null default '{}',
      seen_count int not null default 1 check (seen_count >= 1),
      first_seen_at timestamptz not null default app.now(),
      last_seen_at timestamptz not null default app.now(),
      defender_incident_id varchar(255),
      defender_alert_id varchar(255),
      threat_name varchar(255),
      affected_device varchar(255),
      affected_user varchar(255),
      defender_severity varchar(50),
      status alert_status not null default 'open',
      assigned_to uuid,
      assigned_at timestamptz,
      detected_at timestamptz,
      device_id uuid,
      fingerprint text,
      investigation_started_at timestamptz,
      escalated_at timestamptz,
      closed_at timestamptz,
      closed_by uuid,
      closing_notes text,
      recurrence_of uuid,
      source_resolved_at timestamptz,
      snoozed_until timestamptz,
      take_by timestamptz,
      triage_by timestamptz,
      version int not null default 1 check (version >= 1),
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      unique (tenant_id, source_system, source_id),
      unique (tenant_id, number),
      constraint security_alerts_seen_in_order check (first_seen_at <= last_seen_at),
      constraint security_alerts_assignment check (case when status = 'open'
        then assigned_to is null and assigned_at is null
        else assigned_to is not null and assigned_at is not null end),
      foreign key (tenant_id, assigned_to) references tenant_members (tenant_id, user_id),
      foreign key (tenant_id, closed_by) references tenant_members (tenant_id, user_id),
      foreign key (tenant_id, device_id) references edr_devices (tenant_id, id) on delete set null (device_id),
      foreign key (tenant_id, recurrence_of) references security_alerts (tenant_id, id) on delete set null (recurrence_of)
    );
    create trigger security_alerts_number before insert on security_alerts
      for each row when (new.number is null) execute function app.number_row('alert')`);
  await indexAlerts(knex);
  await describeAlerts(knex);
  await tenantOwned(knex, 'security_alerts', { updatedAt: true });
}

/** No index holds seen_count or last_seen_at: a repeat then rewrites no index entry. */
async function indexAlerts(knex: Knex): Promise<void> {
  await knex.raw(`
    create index security_alerts_tenant_idx on security_alerts (tenant_id, created_at desc, id desc);
    create index security_alerts_tenant_status_idx on security_alerts (tenant_id, status, created_at);
    create index security_alerts_tenant_assigned_idx on security_alerts (tenant_id, assigned_to, created_at)
      where assigned_to is not null;
    create index security_alerts_severity_created_idx on security_alerts (tenant_id, severity_rank, created_at, id)
      where status = 'open';
    create index security_alerts_assigned_at_idx on security_alerts (tenant_id, assigned_to, assigned_at, id)
      where status in ('assigned', 'investigating');
    create index security_alerts_closed_idx on security_alerts (tenant_id, closed_at, id)
      where status in ('closed_benign', 'closed_false_positive');
    create index security_alerts_classification_idx on security_alerts (tenant_id, classification, created_at);
    create index security_alerts_source_idx on security_alerts (tenant_id, source_id);
    create index security_alerts_defender_alert_idx on security_alerts (tenant_id, defender_alert_id)
      where defender_alert_id is not null;
    create index security_alerts_device_idx on security_alerts (tenant_id, device_id, created_at)
      where device_id is not null;
    create index security_alerts_recurrence_idx on security_alerts (tenant_id, recurrence_of)
      where recurrence_of is not null`);
}

async function describeAlerts(knex: Knex): Promise<void> {
  await describe(knex, 'security_alerts', 'Signals of machines, deduplicated, with the work of people on them', {
    number: 'Per tenant; people say A-1042',
    source_id:
      'Microsoft alert id, or <source>:<id or fingerprint>; #n is appended when a recurrence takes the bare id',
    severity_rank: '0 critical to 3 low: enum order cannot be an index condition under row security',
    metadata: 'What the source sent beyond the columns; every value is untrusted',
    seen_count: 'Observations; repeats count here and make no new row',
    first_seen_at: 'Our receipt time, not the time of the event',
    last_seen_at: 'Our receipt time of the newest observation',
    defender_severity: 'As sent by Microsoft',
    assigned_to: 'Kept after closing and escalation; null exactly while open',
    detected_at: "The source's own time of the event",
    fingerprint: 'Of device, type, classification and mapped fields, for senders without stable ids',
    closed_by: 'Who closed it; a member of this tenant',
    recurrence_of: 'The closed alert that this one repeats',
    source_resolved_at: 'When the source itself resolved it while it was open here',
    snoozed_until: 'Hidden from pings until then',
    take_by: 'Target for being taken; set once',
    triage_by: 'Target for being decided; set once',
    version: 'Counts workflow changes, not repeats',
  });
}
