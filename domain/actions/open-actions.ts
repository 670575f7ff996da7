/** Actions of a device that have not ended, oldest first, at most 10: a JSON array for the select list of a view. */
export function openActionsColumn(tenantId: string, deviceId: string): string {
  return `(select coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'number', o.number, 'kind', o.action_type,
      'status', o.status, 'isDryRun', o.is_dry_run, 'requestedBy', o.user_id) order by o.number), '[]')
    from (select * from edr_actions x where x.tenant_id = ${tenantId} and x.device_id = ${deviceId}
      and x.action_type in ('isolate', 'unisolate', 'scan')
      and x.status in ('requested', 'approved', 'pending', 'in_progress', 'unknown') order by x.number limit 10) o)`;
}
