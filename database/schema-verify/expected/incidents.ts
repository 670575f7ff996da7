import type { ExpectedTable } from './table.js';

export const incidents: readonly ExpectedTable[] = [
  {
    name: 'security_incidents',
    columns: {
      tenant_id: 'uuid not null',
      id: 'uuid not null',
      number: 'integer not null',
      owner_id: 'uuid not null',
      title: 'text not null',
      description: 'text',
      severity: 'alert_severity not null',
      severity_rank: 'smallint not null',
      status: 'incident_status not null',
      resolution_summary: 'text',
      dismissal_justification: 'text',
      sla_acknowledge_by: 'timestamp with time zone not null',
      sla_investigate_by: 'timestamp with time zone not null',
      sla_resolve_by: 'timestamp with time zone not null',
      acknowledged_at: 'timestamp with time zone',
      investigation_started_at: 'timestamp with time zone',
      resolved_at: 'timestamp with time zone',
      cycle: 'integer not null',
      version: 'integer not null',
      created_at: 'timestamp with time zone not null',
      updated_at: 'timestamp with time zone not null',
    },
    references: [
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
      '(tenant_id, owner_id) REFERENCES tenant_members(tenant_id, user_id) ON DELETE RESTRICT',
    ],
    unique: ['(tenant_id, id)', '(tenant_id, number)'],
    indexes: {
      security_incidents_final_idx:
        "(tenant_id, resolved_at desc, id desc) where (status = any (array['resolved'::incident_status, 'dismissed'::incident_status]))",
      security_incidents_sla_acknowledge_idx:
        '(sla_acknowledge_by, tenant_id, id) where ((acknowledged_at is null) and (resolved_at is null))',
      security_incidents_sla_investigate_idx:
        '(sla_investigate_by, tenant_id, id) where ((investigation_started_at is null) and (resolved_at is null))',
      security_incidents_sla_resolve_idx: '(sla_resolve_by, tenant_id, id) where (resolved_at is null)',
      security_incidents_tenant_idx: '(tenant_id, created_at desc, id desc)',
      security_incidents_tenant_owner_idx: '(tenant_id, owner_id, severity_rank, created_at, id)',
      security_incidents_tenant_status_idx:
        "(tenant_id, severity_rank, created_at, id) where (status = any (array['open'::incident_status, 'in_progress'::incident_status]))",
    },
  },
  {
    name: 'incident_alert_links',
    columns: {
      tenant_id: 'uuid not null',
      incident_id: 'uuid not null',
      alert_id: 'uuid not null',
      is_primary: 'boolean not null',
      created_at: 'timestamp with time zone not null',
    },
    references: [
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
      '(tenant_id, alert_id) REFERENCES security_alerts(tenant_id, id) ON DELETE CASCADE',
      '(tenant_id, incident_id) REFERENCES security_incidents(tenant_id, id) ON DELETE CASCADE',
    ],
    unique: [
      '(tenant_id, incident_id, alert_id)',
      '(tenant_id, incident_id) where is_primary',
      '(tenant_id, alert_id)',
    ],
    indexes: { incident_alert_links_primary_idx: '(tenant_id, incident_id) where is_primary' },
  },
  {
    name: 'incident_sla_cycles',
    columns: {
      tenant_id: 'uuid not null',
      incident_id: 'uuid not null',
      cycle: 'integer not null',
      status: 'incident_status not null',
      resolution_summary: 'text',
      dismissal_justification: 'text',
      sla_acknowledge_by: 'timestamp with time zone not null',
      sla_investigate_by: 'timestamp with time zone not null',
      sla_resolve_by: 'timestamp with time zone not null',
      acknowledged_at: 'timestamp with time zone',
      investigation_started_at: 'timestamp with time zone',
      resolved_at: 'timestamp with time zone not null',
      reopened_by: 'uuid not null',
      reopened_at: 'timestamp with time zone not null',
      reopen_reason: 'text not null',
    },
    references: [
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
      '(tenant_id, incident_id) REFERENCES security_incidents(tenant_id, id) ON DELETE CASCADE',
      '(tenant_id, reopened_by) REFERENCES tenant_members(tenant_id, user_id)',
    ],
    unique: ['(tenant_id, incident_id, cycle)'],
    indexes: {},
  },
];
