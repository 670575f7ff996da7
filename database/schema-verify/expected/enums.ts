/** Labels in their order; a later migration may append more. */
export const expectedEnums: Readonly<Record<string, readonly string[]>> = {
  alert_severity: ['critical', 'high', 'medium', 'low'],
  alert_status: ['open', 'assigned', 'investigating', 'escalated', 'closed_benign', 'closed_false_positive'],
  alert_source_system: ['edr', 'firewall', 'email'],
  incident_status: ['open', 'in_progress', 'resolved', 'dismissed'],
  playbook_status: ['active', 'draft', 'deprecated'],
};
