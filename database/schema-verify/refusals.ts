import type { SampleIds } from './samples/sample.js';

/** A statement that the schema must refuse, on the sample rows of one tenant. */
export interface Refusal {
  readonly name: string;
  /** SQLSTATE: 23514 check, 23505 unique, 23503 reference, 23502 not null, 23001 restrict. */
  readonly sqlState: string;
  sql(ids: SampleIds): string;
}

const check = '23514';
const unique = '23505';
const reference = '23503';

function update(table: string, key: 'device' | 'alert' | 'incident' | 'playbook' | 'action', change: string) {
  return (ids: SampleIds) => `update ${table} set ${change} where id = '${ids[key]}'`;
}

function updateAll(table: string, change: string) {
  return (ids: SampleIds) => `update ${table} set ${change} where tenant_id = '${ids.tenant}'`;
}

const edr: readonly Refusal[] = [
  { name: 'a risk score above 100', sqlState: check, sql: update('edr_devices', 'device', 'risk_score = 101') },
  { name: 'a risk score below 0', sqlState: check, sql: update('edr_devices', 'device', 'risk_score = -1') },
  { name: 'a CVSS score above 10', sqlState: check, sql: updateAll('edr_vulnerabilities', 'cvss_score = 10.1') },
  { name: 'a posture score above 100', sqlState: check, sql: updateAll('edr_posture_scores', 'score = 101') },
  { name: 'an unknown action', sqlState: check, sql: update('edr_actions', 'action', "action_type = 'format'") },
  { name: 'an unknown status of an action', sqlState: check, sql: update('edr_actions', 'action', "status = 'done'") },
  { name: 'an isolation without a device', sqlState: check, sql: update('edr_actions', 'action', 'device_id = null') },
  {
    name: 'a release while an isolation of the device is open',
    sqlState: unique,
    sql: (ids) => `insert into edr_actions (tenant_id, device_id, user_id, action_type, status)
      values ('${ids.tenant}', '${ids.device}', '${ids.user}', 'unisolate', 'requested')`,
  },
  {
    name: 'the same Microsoft device twice in a tenant',
    sqlState: unique,
    sql: (ids) => `insert into edr_devices (tenant_id, microsoft_device_id) values ('${ids.tenant}', 'verify-device')`,
  },
  {
    name: 'the deletion of a person who has acted on a device',
    sqlState: reference,
    sql: (ids) => `delete from tenant_members where tenant_id = '${ids.tenant}' and user_id = '${ids.user}'`,
  },
];

const alerts: readonly Refusal[] = [
  {
    name: 'an open alert with an assignee',
    sqlState: check,
    sql: update('security_alerts', 'alert', "status = 'open'"),
  },
  {
    name: 'an assigned alert without an assignee',
    sqlState: check,
    sql: update('security_alerts', 'alert', "status = 'assigned', assigned_to = null, assigned_at = null"),
  },
  {
    name: 'a closed alert without the time of assignment',
    sqlState: check,
    sql: update('security_alerts', 'alert', "status = 'closed_benign', assigned_at = null"),
  },
  { name: 'an alert seen never', sqlState: check, sql: update('security_alerts', 'alert', 'seen_count = 0') },
  {
    name: 'an alert last seen before it was first seen',
    sqlState: check,
    sql: update('security_alerts', 'alert', "last_seen_at = first_seen_at - interval '1 s'"),
  },
  {
    name: 'the same item of a source twice in a tenant',
    sqlState: unique,
    sql: (
      ids,
    ) => `insert into security_alerts (tenant_id, source_system, source_id, alert_type, classification, severity, title)
      values ('${ids.tenant}', 'edr', 'verify-alert', 'verify', 'malware', 'low', 'again')`,
  },
];

const incidents: readonly Refusal[] = [
  ...(
    [
      ['a resolved incident without a summary', "status = 'resolved', resolved_at = app.now()"],
      [
        'a resolved incident with a blank summary',
        "status = 'resolved', resolved_at = app.now(), resolution_summary = E' \\n'",
      ],
      ['a dismissed incident without a justification', "status = 'dismissed', resolved_at = app.now()"],
      [
        'a dismissed incident with a summary',
        "status = 'dismissed', resolved_at = app.now(), resolution_summary = 'x', dismissal_justification = 'y'",
      ],
      ['an open incident with a summary', "resolution_summary = 'x'"],
      ['a resolved incident without its time', "status = 'resolved', resolution_summary = 'x'"],
      ['an open incident with the time of its end', 'resolved_at = app.now()'],
      ['deadlines out of order', "sla_acknowledge_by = sla_resolve_by + interval '1 s'"],
      ['an acknowledgement before the incident', "acknowledged_at = created_at - interval '1 s'"],
    ] as const
  ).map(([name, change]) => ({ name, sqlState: check, sql: update('security_incidents', 'incident', change) })),
  {
    name: 'an incident without a primary alert',
    sqlState: check,
    sql: (ids) => `set constraints all immediate;
      update incident_alert_links set is_primary = false where incident_id = '${ids.incident}'`,
  },
  {
    name: 'an alert in two incidents',
    sqlState: unique,
    sql: (ids) => `insert into security_incidents (tenant_id, id, owner_id, title, severity, sla_acknowledge_by,
        sla_investigate_by, sla_resolve_by) values ('${ids.tenant}', '${ids.playbook}', '${ids.user}', 'x', 'low',
        '2100-01-01', '2100-01-01', '2100-01-01');
      insert into incident_alert_links (tenant_id, incident_id, alert_id, is_primary)
        values ('${ids.tenant}', '${ids.playbook}', '${ids.alert}', true)`,
  },
];

const playbooks: readonly Refusal[] = [
  {
    name: 'a playbook of the library with an author',
    sqlState: check,
    sql: update('investigation_playbooks', 'playbook', 'tenant_id = null'),
  },
  {
    name: 'the same version of a playbook twice in the library',
    sqlState: unique,
    sql: () => `insert into investigation_playbooks (name, version) values ('verify', '1'), ('verify', '1')`,
  },
  {
    name: 'two active primary playbooks of one classification',
    sqlState: unique,
    sql: twoPrimaries,
  },
];

function twoPrimaries(ids: SampleIds): string {
  return `insert into investigation_playbooks (tenant_id, name, version, created_by, status)
      values ('${ids.tenant}', 'verify', '4', '${ids.user}', 'active'), ('${ids.tenant}', 'verify', '5', '${ids.user}', 'active');
    insert into playbook_classification_links (playbook_id, classification, is_primary)
      select id, 'malware', true from investigation_playbooks where tenant_id = '${ids.tenant}' and status = 'active'`;
}

export const refusals: readonly Refusal[] = [...edr, ...alerts, ...incidents, ...playbooks];
