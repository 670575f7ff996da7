import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createVulnerabilities(knex: Knex): Promise<void> {
  await knex.raw(`
    create table edr_vulnerabilities (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      cve_id varchar(50) not null,
      severity varchar(50),
      cvss_score numeric(3,1) check (cvss_score between 0 and 10),
      exploitability varchar(50),
      description text,
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      unique (tenant_id, cve_id)
    );
    create index idx_edr_vulnerabilities_tenant on edr_vulnerabilities (tenant_id, created_at);
    create index idx_edr_vulnerabilities_severity on edr_vulnerabilities (tenant_id, severity);
    create index idx_edr_vulnerabilities_cvss on edr_vulnerabilities (tenant_id, cvss_score desc nulls last)`);
  await describe(knex, 'edr_vulnerabilities', 'CVEs that Defender found in the tenant', {
    severity: 'As sent by Microsoft',
    cvss_score: '0.0 to 10.0; null when unknown',
  });
  await tenantOwned(knex, 'edr_vulnerabilities', { updatedAt: true });
  await createDeviceVulnerabilities(knex);
}

async function createDeviceVulnerabilities(knex: Knex): Promise<void> {
  await knex.raw(`
    create table edr_device_vulnerabilities (
      tenant_id uuid not null references tenants (id) on delete cascade,
      device_id uuid not null,
      vulnerability_id uuid not null,
      detected_at timestamptz not null default app.now(),
      primary key (tenant_id, device_id, vulnerability_id),
      foreign key (tenant_id, device_id) references edr_devices (tenant_id, id) on delete cascade,
      foreign key (tenant_id, vulnerability_id) references edr_vulnerabilities (tenant_id, id) on delete cascade
    );
    create index idx_edr_device_vulns_device on edr_device_vulnerabilities (tenant_id, device_id, detected_at);
    create index idx_edr_device_vulns_vuln on edr_device_vulnerabilities (tenant_id, vulnerability_id)`);
  await describe(
    knex,
    'edr_device_vulnerabilities',
    'Which device has which CVE; links that Microsoft closes are removed',
  );
  await tenantOwned(knex, 'edr_device_vulnerabilities');
}
