import type { Sample } from './sample.js';

export const edr: readonly Sample[] = [
  {
    table: 'edr_devices',
    row: (ids) => ({ tenant_id: ids.tenant, id: ids.device, microsoft_device_id: 'verify-device', risk_score: 60 }),
  },
  {
    table: 'edr_alerts',
    row: (ids) => ({
      tenant_id: ids.tenant,
      device_id: ids.device,
      microsoft_alert_id: 'verify-alert',
      severity: 'high',
      status: 'new',
    }),
  },
  {
    table: 'edr_vulnerabilities',
    row: (ids) => ({ tenant_id: ids.tenant, id: ids.vulnerability, cve_id: 'CVE-2024-0001', cvss_score: 9.8 }),
  },
  {
    table: 'edr_device_vulnerabilities',
    row: (ids) => ({ tenant_id: ids.tenant, device_id: ids.device, vulnerability_id: ids.vulnerability }),
  },
  {
    table: 'edr_compliance',
    row: (ids) => ({ tenant_id: ids.tenant, device_id: ids.device, compliance_state: 'noncompliant' }),
  },
  {
    table: 'edr_actions',
    row: (ids) => ({
      tenant_id: ids.tenant,
      id: ids.action,
      device_id: ids.device,
      user_id: ids.user,
      action_type: 'isolate',
    }),
  },
  { table: 'edr_posture_scores', row: (ids) => ({ tenant_id: ids.tenant, score: 72 }) },
];
