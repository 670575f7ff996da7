import type { ExpectedTable } from './table.js';

export const audit: readonly ExpectedTable[] = [
  {
    name: 'audit_log',
    columns: {
      tenant_id: 'uuid not null',
      id: 'bigint not null',
      at: 'timestamp with time zone not null',
      actor_kind: 'text not null',
      actor: 'text not null',
      action: 'text not null',
      outcome: 'text not null',
      entity_type: 'text',
      entity_id: 'text',
      before: 'jsonb',
      after: 'jsonb',
      reason: 'text',
      activity_id: 'text',
      xid: 'xid8 not null',
    },
    references: [],
    unique: ['(tenant_id, id)'],
    indexes: {
      audit_log_entity_idx: '(tenant_id, entity_type, entity_id, id desc)',
      audit_log_xid_idx: '(tenant_id, xid, id)',
    },
  },
  {
    name: 'audit_seals',
    columns: {
      tenant_id: 'uuid not null',
      position: 'bigint not null',
      audit_id: 'bigint not null',
      hash: 'bytea not null',
      sealed_at: 'timestamp with time zone not null',
    },
    references: [],
    unique: ['(tenant_id, "position")', '(tenant_id, audit_id)'],
    indexes: {},
  },
  {
    name: 'audit_heads',
    columns: { tenant_id: 'uuid not null', position: 'bigint not null', hash: 'bytea', sealed_below: 'xid8 not null' },
    references: [],
    unique: ['(tenant_id)'],
    indexes: {},
  },
];
