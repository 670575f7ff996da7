import type { Knex } from 'knex';
import { tenantOwned } from './support/tables.js';

/** What an incident looked like before it was reopened: the stamps, deadlines and outcome of each earlier cycle. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table incident_sla_cycles (
      tenant_id uuid not null references tenants (id) on delete cascade,
      incident_id uuid not null,
      cycle int not null check (cycle >= 1),
      status incident_status not null check (status in ('resolved', 'dismissed')),
      resolution_summary text,
      dismissal_justification text,
      sla_acknowledge_by timestamptz not null,
      sla_investigate_by timestamptz not null,
      sla_resolve_by timestamptz not null,
      acknowledged_at timestamptz,
      investigation_started_at timestamptz,
      resolved_at timestamptz not null,
      reopened_by uuid not null,
      reopened_at timestamptz not null,
      reopen_reason text not null check (btrim(reopen_reason) <> ''),
      primary key (tenant_id, incident_id, cycle),
      foreign key (tenant_id, incident_id) references security_incidents (tenant_id, id) on delete cascade,
      foreign key (tenant_id, reopened_by) references tenant_members (tenant_id, user_id),
      check (reopened_at >= resolved_at)
    );
    comment on table incident_sla_cycles is 'Earlier cycles of reopened incidents; the current cycle stands in security_incidents';
    comment on column incident_sla_cycles.cycle is 'The cycle that ended; the incident itself goes on with cycle + 1';
    comment on column incident_sla_cycles.status is 'How the cycle ended';
    comment on column incident_sla_cycles.reopen_reason is 'Why it was reopened, in the person''s own words';
  `);
  await tenantOwned(knex, 'incident_sla_cycles');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table incident_sla_cycles');
}
