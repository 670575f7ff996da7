import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createCompliance(knex: Knex): Promise<void> {
  await knex.raw(`
    create table edr_compliance (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      device_id uuid not null,
      compliance_state varchar(50) not null,
      failed_rules jsonb not null default '[]',
      security_baseline_status varchar(50),
      required_apps_status jsonb not null default '[]',
      checked_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      constraint idx_edr_compliance_device unique (tenant_id, device_id),
      foreign key (tenant_id, device_id) references edr_devices (tenant_id, id) on delete cascade
    );
    create index idx_edr_compliance_tenant on edr_compliance (tenant_id, checked_at);
    create index idx_edr_compliance_state on edr_compliance (tenant_id, compliance_state)`);
  await describe(knex, 'edr_compliance', 'The newest compliance verdict of Intune on each device', {
    compliance_state: 'As sent by Intune; unknown words are kept',
    failed_rules: 'Rules and policies that the device fails',
    required_apps_status: 'State of the apps that the tenant requires',
    checked_at: 'When Intune checked, not when we read it',
  });
  await tenantOwned(knex, 'edr_compliance');
}
