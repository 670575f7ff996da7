import type { ExpectedTable } from './table.js';

export const delivery: readonly ExpectedTable[] = [
  {
    name: 'outbox',
    columns: {
      tenant_id: 'uuid not null',
      id: 'bigint not null',
      conversation_id: 'text not null',
      stale_key: 'text not null',
      kind: 'text not null',
      entity_type: 'text',
      entity_id: 'uuid',
      payload: 'jsonb not null',
      generation: 'integer not null',
      state: 'text not null',
      attempts: 'integer not null',
      unknown_outcomes: 'integer not null',
      sending_since: 'timestamp with time zone',
      due_at: 'timestamp with time zone not null',
      last_error: 'text',
      created_at: 'timestamp with time zone not null',
      finished_at: 'timestamp with time zone',
    },
    references: [
      '(conversation_id) REFERENCES conversations(conversation_id) ON DELETE CASCADE',
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
    ],
    unique: ['(tenant_id, id)', "(tenant_id, conversation_id, stale_key) where (state = 'pending'::text)"],
    indexes: {
      outbox_finished_idx: "(tenant_id, finished_at) where (state <> 'pending'::text)",
      outbox_pending_idx: "(tenant_id, conversation_id, id) where (state = 'pending'::text)",
    },
  },
  {
    name: 'delivery_lanes',
    columns: {
      tenant_id: 'uuid not null',
      conversation_id: 'text not null',
      not_before: 'timestamp with time zone',
      lease_owner: 'uuid',
      lease_until: 'timestamp with time zone',
      failures: 'integer not null',
    },
    references: [
      '(conversation_id) REFERENCES conversations(conversation_id) ON DELETE CASCADE',
      '(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE',
    ],
    unique: ['(tenant_id, conversation_id)'],
    indexes: {},
  },
  {
    name: 'delivery_log',
    columns: {
      tenant_id: 'uuid not null',
      id: 'bigint not null',
      conversation_id: 'text not null',
      outbox_id: 'bigint not null',
      operation: 'text not null',
      sent_at: 'timestamp with time zone not null',
    },
    references: ['(tenant_id) REFERENCES tenants(id) ON DELETE CASCADE'],
    unique: ['(tenant_id, id)'],
    indexes: { delivery_log_window_idx: '(tenant_id, conversation_id, sent_at)' },
  },
];
