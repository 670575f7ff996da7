import type { ExpectedTable } from './table.js';

export const approvals: readonly ExpectedTable[] = [
  {
    name: 'approval_asks',
    columns: {
      tenant_id: 'uuid not null',
      entity_type: 'text not null',
      entity_id: 'uuid not null',
      user_id: 'uuid not null',
      reached: 'text',
      conversation_id: 'text',
      asked_at: 'timestamp with time zone',
      reminded_at: 'timestamp with time zone',
      created_at: 'timestamp with time zone not null',
    },
    references: [
      '(conversation_id) REFERENCES conversations(conversation_id) ON DELETE SET NULL',
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
      '(tenant_id, user_id) REFERENCES tenant_members(tenant_id, user_id)',
    ],
    unique: ['(tenant_id, entity_type, entity_id, user_id)'],
    indexes: {},
  },
  {
    name: 'action_policy_changes',
    columns: {
      tenant_id: 'uuid not null',
      id: 'uuid not null',
      status: 'text not null',
      change: 'jsonb not null',
      reason: 'text not null',
      proposed_by: 'uuid not null',
      proposed_at: 'timestamp with time zone not null',
      decided_by: 'uuid',
      decided_at: 'timestamp with time zone',
      expires_at: 'timestamp with time zone not null',
      version: 'integer not null',
    },
    references: [
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
      '(tenant_id, decided_by) REFERENCES tenant_members(tenant_id, user_id)',
      '(tenant_id, proposed_by) REFERENCES tenant_members(tenant_id, user_id)',
    ],
    unique: ["(tenant_id) where (status = 'proposed'::text)", '(tenant_id, id)'],
    indexes: { action_policy_changes_one_idx: "(tenant_id) where (status = 'proposed'::text)" },
  },
];
