import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createPostureScores(knex: Knex): Promise<void> {
  await knex.raw(`
    create table edr_posture_scores (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      score int not null check (score between 0 and 100),
      device_count int not null default 0 check (device_count >= 0),
      high_risk_device_count int not null default 0 check (high_risk_device_count >= 0),
      active_alert_count int not null default 0 check (active_alert_count >= 0),
      critical_vulnerability_count int not null default 0 check (critical_vulnerability_count >= 0),
      non_compliant_device_count int not null default 0 check (non_compliant_device_count >= 0),
      device_risk_factor numeric(5,2) check (device_risk_factor between 0 and 100),
      alert_factor numeric(5,2) check (alert_factor between 0 and 100),
      vulnerability_factor numeric(5,2) check (vulnerability_factor between 0 and 100),
      compliance_factor numeric(5,2) check (compliance_factor between 0 and 100),
      calculated_at timestamptz not null default app.now(),
      created_at timestamptz not null default app.now(),
      primary key (tenant_id, id)
    );
    create index idx_edr_posture_tenant on edr_posture_scores (tenant_id, created_at);
    create index idx_edr_posture_calculated on edr_posture_scores (tenant_id, calculated_at)`);
  await describe(knex, 'edr_posture_scores', 'Posture of the tenant over time', {
    score: '0 (worst) to 100, rounded half up',
    high_risk_device_count: 'Devices with a risk score of 70 or more',
    critical_vulnerability_count: 'CVEs with a CVSS score of 7.0 or more on at least one device',
    device_risk_factor: '0 to 100; null when it dropped out because its sync never completed, as for the other factors',
    alert_factor: '0 to 100; null when it dropped out',
    vulnerability_factor: '0 to 100; null when it dropped out',
    compliance_factor: '0 to 100; null when it dropped out',
    calculated_at: 'The moment that the figures describe',
  });
  await tenantOwned(knex, 'edr_posture_scores');
}
