/** A rule of tenant-owned tables. */
export type Rule = 'column' | 'reference' | 'key' | 'policy' | 'row security';

export interface Exemption {
  readonly from: readonly Rule[];
  readonly reason: string;
}

/** Tables to which not every rule of tenant-owned tables applies. Whatever is not named here must keep them all. */
export const exemptions: Readonly<Record<string, Exemption>> = {
  tenants: { from: ['column', 'reference', 'key', 'policy'], reason: 'its id is the tenant' },
  users: { from: ['column', 'reference', 'key', 'policy'], reason: 'a directory: visible by home or membership' },
  installation_admins: {
    from: ['column', 'reference', 'key', 'policy', 'row security'],
    reason: 'of the installation; no login of a running process has rights on it',
  },
  accepted_entra_tenants: {
    from: ['column', 'reference', 'key', 'policy', 'row security'],
    reason: 'of the installation; looked up before a tenant is known',
  },
  conversations: {
    from: ['column', 'reference', 'key', 'policy'],
    reason: 'of the installation; looked up before a tenant is known',
  },
  investigation_playbooks: { from: ['column', 'key'], reason: 'tenant_id is null for the library' },
  playbook_classification_links: { from: ['column', 'key'], reason: 'tenant_id is null for the library' },
  audit_log: { from: ['reference'], reason: 'it outlives the tenant' },
  audit_seals: { from: ['reference'], reason: 'it outlives the tenant' },
  audit_heads: { from: ['reference'], reason: 'it outlives the tenant' },
};

/** Policies for avian_app besides `tenant_isolation`, with what they may show. */
export const furtherPolicies: Readonly<Record<string, string>> = {
  'investigation_playbooks.library': '(tenant_id IS NULL)',
  'playbook_classification_links.library': '(tenant_id IS NULL)',
};

/** Names that outside tools look for, kept although another index may cover them as a prefix. */
export const listedIndexes: readonly RegExp[] = [
  /^idx_edr_devices_(tenant|risk|compliance|last_seen|microsoft_id)$/,
  /^idx_edr_alerts_(tenant|device|severity|status|detected)$/,
  /^idx_edr_vulnerabilities_(tenant|severity|cvss)$/,
  /^idx_edr_device_vulns_(device|vuln)$/,
  /^idx_edr_compliance_(tenant|device|state)$/,
  /^idx_edr_actions_(tenant|device|user|initiated)$/,
  /^idx_edr_posture_(tenant|calculated)$/,
  /^security_alerts_(tenant|tenant_status|tenant_assigned|severity_created|assigned_at)_idx$/,
  /^security_incidents_(tenant|tenant_owner|tenant_status|sla_acknowledge|sla_investigate|sla_resolve)_idx$/,
];
