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
  { table: 'sync_runs', row: (ids) => ({ tenant_id: ids.tenant, id: ids.run, source: 'alerts' }) },
  {
    table: 'sync_seen_devices',
    row: (ids) => ({ tenant_id: ids.tenant, run_id: ids.run, device_id: ids.device }),
  },
  {
    table: 'sync_seen_vulnerabilities',
    row: (ids) => ({
      tenant_id: ids.tenant,
      run_id: ids.run,
      device_id: ids.device,
      vulnerability_id: ids.vulnerability,
      product: 'verify',
    }),
  },
  {
    table: 'api_budgets',
    row: (ids) => ({
      tenant_id: ids.tenant,
      api: 'defender',
      minute_tokens: 1,
      refilled_at: '2026-01-01T00:00:00Z',
    }),
  },
  {
    table: 'approval_asks',
    row: (ids) => ({ tenant_id: ids.tenant, entity_type: 'action', entity_id: ids.action, user_id: ids.user }),
  },
  {
    table: 'action_policy_changes',
    row: (ids) => ({
      tenant_id: ids.tenant,
      change: '{}',
      reason: 'schema verify',
      proposed_by: ids.user,
      expires_at: '2100-01-01T00:00:00Z',
    }),
  },
];
