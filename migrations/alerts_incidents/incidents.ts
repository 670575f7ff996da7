import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createSecurityIncidents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table security_incidents (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      number int not null,
      owner_id uuid not null,
      title text not null,
      description text,
      severity alert_severity not null,
      severity_rank smallint not null generated always as
        (case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end) stored,
      status incident_status not null default 'open',
      resolution_summary text,
      dismissal_justification text,
      sla_acknowledge_by timestamptz not null,
      sla_investigate_by timestamptz not null,
      sla_resolve_by timestamptz not null,
      acknowledged_at timestamptz check (acknowledged_at >= created_at),
      investigation_started_at timestamptz check (investigation_started_at >= created_at),
      resolved_at timestamptz check (resolved_at >= created_at),
      cycle int not null default 1 check (cycle >= 1),
      version int not null default 1 check (version >= 1),
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      unique (tenant_id, number),
      constraint security_incidents_outcome check (case status
        when 'resolved' then coalesce(resolution_summary ~ '[^[:space:]]', false) and dismissal_justification is null
        when 'dismissed' then coalesce(dismissal_justification ~ '[^[:space:]]', false) and resolution_summary is null
        else resolution_summary is null and dismissal_justification is null end),
      constraint security_incidents_final check ((resolved_at is not null) = (status in ('resolved', 'dismissed'))),
      constraint security_incidents_deadlines check
        (sla_acknowledge_by <= sla_investigate_by and sla_investigate_by <= sla_resolve_by),
      foreign key (tenant_id, owner_id) references tenant_members (tenant_id, user_id) on delete restrict
    );
    create trigger security_incidents_number before insert on security_incidents
      for each row when (new.number is null) execute function app.number_row('incident')`);
  await indexIncidents(knex);
  await describeIncidents(knex);
  await tenantOwned(knex, 'security_incidents', { updatedAt: true, app: ['SELECT', 'INSERT', 'UPDATE'] });
}

/** The SLA indexes begin with the deadline: the scan runs over all tenants and must cost what is due. */
async function indexIncidents(knex: Knex): Promise<void> {
  await knex.raw(`
    create index security_incidents_tenant_idx on security_incidents (tenant_id, created_at desc, id desc);
    create index security_incidents_tenant_owner_idx on security_incidents (tenant_id, owner_id, severity_rank, created_at, id);
    create index security_incidents_tenant_status_idx on security_incidents (tenant_id, severity_rank, created_at, id)
      where status in ('open', 'in_progress');
    create index security_incidents_final_idx on security_incidents (tenant_id, resolved_at desc, id desc)
      where status in ('resolved', 'dismissed');
    create index security_incidents_sla_acknowledge_idx on security_incidents (sla_acknowledge_by, tenant_id, id)
      where acknowledged_at is null and resolved_at is null;
    create index security_incidents_sla_investigate_idx on security_incidents (sla_investigate_by, tenant_id, id)
      where investigation_started_at is null and resolved_at is null;
    create index security_incidents_sla_resolve_idx on security_incidents (sla_resolve_by, tenant_id, id)
      where resolved_at is null`);
}

async function describeIncidents(knex: Knex): Promise<void> {
  await describe(
    knex,
    'security_incidents',
    'Decisions of people that an alert needs a response, with their deadlines',
    {
      number: 'Per tenant; people say INC-42',
      owner_id: 'Who escalated, until an admin hands it over; a member of this tenant',
      severity: 'Copied from the alert',
      severity_rank: '0 critical to 3 low: enum order cannot be an index condition under row security',
      resolution_summary: 'Set exactly when resolved',
      dismissal_justification: 'Set exactly when dismissed',
      sla_acknowledge_by: 'Deadline of this cycle',
      sla_investigate_by: 'Deadline of this cycle',
      sla_resolve_by: 'Deadline of this cycle, moved by pauses',
      resolved_at: 'When it reached a final status, dismissed as well as resolved',
      cycle: '1, and one more at each reopening',
      version: 'Counts workflow changes',
    },
  );
}
