import { openActionsColumn } from '../actions/open-actions.js';

/** DeviceFacts of a row of edr_devices, for the select list of a view. */
export function deviceFacts(d: string): string {
  return `jsonb_build_object('id', ${d}.id, 'name', ${d}.device_name, 'riskScore', ${d}.risk_score,
    'health', ${d}.defender_health_status, 'isolation', ${d}.isolation_state, 'compliance', ${d}.intune_compliance_state,
    'onboarding', ${d}.onboarding_status, 'openActions', ${openActionsColumn(`${d}.tenant_id`, `${d}.id`)})`;
}
