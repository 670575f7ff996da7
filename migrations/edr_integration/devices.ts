import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createDevices(knex: Knex): Promise<void> {
  await knex.raw(`
    create table edr_devices (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      microsoft_device_id varchar(255),
      device_name varchar(255),
      operating_system varchar(100),
      os_version varchar(100),
      primary_user varchar(255),
      defender_health_status varchar(50),
      risk_score int check (risk_score between 0 and 100),
      exposure_level varchar(50),
      intune_compliance_state varchar(50),
      intune_enrollment_status varchar(50),
      last_seen_at timestamptz,
      aad_device_id varchar(255),
      isolation_state varchar(50),
      onboarding_status varchar(50),
      device_value varchar(50),
      missed_syncs int not null default 0 check (missed_syncs >= 0),
      superseded_by uuid,
      is_stub boolean not null default false,
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      constraint idx_edr_devices_microsoft_id unique (tenant_id, microsoft_device_id),
      foreign key (tenant_id, superseded_by) references edr_devices (tenant_id, id) on delete set null (superseded_by)
    )`);
  await indexDevices(knex);
  await describeDevices(knex);
  await tenantOwned(knex, 'edr_devices', { updatedAt: true });
}

async function indexDevices(knex: Knex): Promise<void> {
  await knex.raw(`
    create index idx_edr_devices_tenant on edr_devices (tenant_id, device_name, id);
    create index idx_edr_devices_risk on edr_devices (tenant_id, risk_score desc nulls last, id);
    create index idx_edr_devices_compliance on edr_devices (tenant_id, intune_compliance_state, device_name, id);
    create index idx_edr_devices_last_seen on edr_devices (tenant_id, last_seen_at);
    create index edr_devices_aad_device_idx on edr_devices (tenant_id, aad_device_id) where aad_device_id is not null;
    create index edr_devices_superseded_by_idx on edr_devices (tenant_id, superseded_by) where superseded_by is not null`);
}

async function describeDevices(knex: Knex): Promise<void> {
  await describe(knex, 'edr_devices', 'Devices as Defender and Intune know them', {
    microsoft_device_id: 'Defender machine id; null for a device that only Intune or Entra knows',
    defender_health_status: 'As sent by Defender; unknown words are kept',
    risk_score: "0 to 100 from Defender's word; null when unknown",
    exposure_level: 'As sent by Defender',
    intune_compliance_state: 'As sent by Intune',
    last_seen_at: 'When Microsoft last saw the device; never invented',
    aad_device_id: 'Entra device id, in lower case: the only thing that Defender and Intune records are merged on',
    isolation_state: 'What is known of network isolation; null when nothing is',
    onboarding_status: 'Whether Defender can act on the device at all',
    device_value: 'As sent by Defender; high-value devices always need approval',
    missed_syncs: 'Complete walks in a row without the device; two mark it as gone',
    superseded_by: 'The newer record of the same Entra device',
    is_stub: 'Made for an alert before a device sync saw the device',
  });
}
