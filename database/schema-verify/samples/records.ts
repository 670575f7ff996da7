import type { Sample } from './sample.js';

export const records: readonly Sample[] = [
  {
    table: 'audit_log',
    row: (ids) => ({ tenant_id: ids.tenant, actor_kind: 'job', actor: 'schema verify', action: 'schema.verify' }),
  },
  {
    table: 'audit_seals',
    row: (ids) => ({ tenant_id: ids.tenant, position: 1, audit_id: 1, hash: Buffer.alloc(32) }),
  },
  { table: 'audit_heads', row: (ids) => ({ tenant_id: ids.tenant }) },
  { table: 'sync_cursors', row: (ids) => ({ tenant_id: ids.tenant, source: 'alerts' }) },
  { table: 'sync_runs', row: (ids) => ({ tenant_id: ids.tenant, source: 'alerts' }) },
];
