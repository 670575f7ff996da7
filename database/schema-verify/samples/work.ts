import type { Sample, SampleIds } from './sample.js';

const soon = '2100-01-01T00:00:00Z';

/** An alert that is owned, investigated and escalated, as its incident needs it. */
function escalated(ids: SampleIds): Record<string, unknown> {
  return {
    tenant_id: ids.tenant,
    id: ids.alert,
    source_system: 'edr',
    source_id: 'verify-alert',
    alert_type: 'verify',
    classification: 'malware',
    severity: 'high',
    title: 'schema verify',
    status: 'escalated',
    assigned_to: ids.user,
    assigned_at: '2026-01-01T00:00:00Z',
    device_id: ids.device,
  };
}

export const work: readonly Sample[] = [
  { table: 'security_alerts', row: escalated },
  {
    table: 'security_incidents',
    row: (ids) => ({
      tenant_id: ids.tenant,
      id: ids.incident,
      owner_id: ids.user,
      title: 'schema verify',
      severity: 'high',
      sla_acknowledge_by: soon,
      sla_investigate_by: soon,
      sla_resolve_by: soon,
    }),
  },
  {
    table: 'incident_alert_links',
    row: (ids) => ({ tenant_id: ids.tenant, incident_id: ids.incident, alert_id: ids.alert, is_primary: true }),
  },
  {
    table: 'incident_sla_cycles',
    row: (ids) => ({
      tenant_id: ids.tenant,
      incident_id: ids.incident,
      cycle: 1,
      status: 'resolved',
      sla_acknowledge_by: soon,
      sla_investigate_by: soon,
      sla_resolve_by: soon,
      resolved_at: '2026-01-01T00:00:00Z',
      reopened_by: ids.user,
      reopened_at: '2026-01-02T00:00:00Z',
      reopen_reason: 'schema verify',
    }),
  },
  {
    table: 'investigation_playbooks',
    row: (ids) => ({ id: ids.playbook, tenant_id: ids.tenant, name: 'verify', version: '1', created_by: ids.user }),
  },
  {
    table: 'playbook_classification_links',
    row: (ids) => ({ playbook_id: ids.playbook, tenant_id: ids.tenant, classification: 'malware', is_primary: true }),
  },
];
