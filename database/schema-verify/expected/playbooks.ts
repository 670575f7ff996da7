import type { ExpectedTable } from './table.js';

export const playbooks: readonly ExpectedTable[] = [
  {
    name: 'investigation_playbooks',
    columns: {
      id: 'uuid not null',
      tenant_id: 'uuid',
      name: 'character varying(255) not null',
      version: 'character varying(50) not null',
      status: 'playbook_status not null',
      purpose: 'text',
      initial_validation_steps: 'jsonb not null',
      source_investigation_steps: 'jsonb not null',
      containment_checks: 'jsonb not null',
      decision_guidance: 'jsonb not null',
      created_by: 'uuid',
      allowed_roles: 'text[] not null',
      created_at: 'timestamp with time zone not null',
      updated_at: 'timestamp with time zone not null',
    },
    references: [
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
      '(tenant_id, created_by) REFERENCES tenant_members(tenant_id, user_id) ON DELETE RESTRICT',
    ],
    unique: ['(id)', '(tenant_id, name, version) nulls not distinct'],
    indexes: {},
  },
  {
    name: 'playbook_classification_links',
    columns: {
      playbook_id: 'uuid not null',
      tenant_id: 'uuid',
      classification: 'character varying(100) not null',
      is_primary: 'boolean not null',
      playbook_status: 'playbook_status not null',
      created_at: 'timestamp with time zone not null',
    },
    references: [
      '(playbook_id) REFERENCES investigation_playbooks(id) ON DELETE CASCADE',
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
    ],
    unique: [
      "(tenant_id, classification) nulls not distinct where (is_primary and (playbook_status = 'active'::playbook_status))",
      '(playbook_id, classification)',
    ],
    indexes: {
      playbook_classification_links_active_primary_idx:
        "(tenant_id, classification) nulls not distinct where (is_primary and (playbook_status = 'active'::playbook_status))",
      playbook_classification_links_lookup_idx: '(tenant_id, classification)',
    },
  },
];
