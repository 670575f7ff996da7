import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

/** The mirror of Microsoft's alerts; what people work on is security_alerts. */
export async function createEdrAlerts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table edr_alerts (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      device_id uuid,
      microsoft_alert_id varchar(255) not null,
      severity varchar(50) not null,
      threat_type varchar(100),
      threat_name varchar(255),
      status varchar(50) not null,
      description text,
      detected_at timestamptz,
      last_update_raw text,
      last_update_at timestamptz,
      own_update_raw text,
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      unique (tenant_id, microsoft_alert_id),
      foreign key (tenant_id, device_id) references edr_devices (tenant_id, id) on delete cascade
    );
    create index idx_edr_alerts_tenant on edr_alerts (tenant_id, created_at);
    create index idx_edr_alerts_device on edr_alerts (tenant_id, device_id, detected_at);
    create index idx_edr_alerts_severity on edr_alerts (tenant_id, severity);
    create index idx_edr_alerts_status on edr_alerts (tenant_id, status);
    create index idx_edr_alerts_detected on edr_alerts (tenant_id, detected_at)`);
  await describe(knex, 'edr_alerts', 'Alerts as Microsoft holds them; people work on security_alerts', {
    severity: 'As sent by Microsoft; unknown words are kept',
    status: 'As sent by Microsoft; unknown words are kept',
    detected_at: "Microsoft's time of the alert; null when it sent none",
    last_update_raw:
      "Microsoft's last-update time as it sent it: 0 to 7 fractional digits, more than a timestamptz holds",
    last_update_at: 'last_update_raw for ordering, in microseconds',
    own_update_raw: "The last-update time in Microsoft's answer to our own write-back, which is no observation",
  });
  await tenantOwned(knex, 'edr_alerts', { updatedAt: true });
}
