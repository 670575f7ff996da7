import assert from 'node:assert/strict';
import { inTenant } from '../../database/transaction.js';
import { insertMember, insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { deviceOf, insertCrowd, vulnerabilityOf } from './support/many-rows.js';
import { planOf } from './support/plan.js';

const t = "'2026-01-01 01:00Z'";
const late = "'2026-01-02 00:00Z'";
const [device, vulnerability] = [deviceOf(77), vulnerabilityOf(77)];
const open = "status = 'open'";
const active = "status in ('open', 'in_progress')";
const unacknowledged = 'acknowledged_at is null and resolved_at is null';
const uninvestigated = 'investigation_started_at is null and resolved_at is null';

/** The query that each listed index serves; `:user` is an analyst. */
const queries: Readonly<Record<string, string>> = {
  idx_edr_devices_tenant: 'edr_devices order by device_name, id limit 50',
  idx_edr_devices_risk: 'edr_devices order by risk_score desc nulls last, id limit 50',
  idx_edr_devices_compliance:
    "edr_devices where intune_compliance_state = 'noncompliant' order by device_name, id limit 50",
  idx_edr_devices_last_seen: `edr_devices where last_seen_at < ${t} order by last_seen_at limit 50`,
  idx_edr_devices_microsoft_id: "edr_devices where microsoft_device_id = 'machine-77'",
  idx_edr_alerts_tenant: 'edr_alerts order by created_at desc limit 50',
  idx_edr_alerts_device: `edr_alerts where device_id = '${device}' order by detected_at desc`,
  idx_edr_alerts_severity: "edr_alerts where severity = 'critical'",
  idx_edr_alerts_status: "edr_alerts where status = 'inProgress'",
  idx_edr_alerts_detected: `edr_alerts where detected_at < ${late} order by detected_at limit 500`,
  idx_edr_vulnerabilities_tenant: 'edr_vulnerabilities order by created_at desc limit 50',
  idx_edr_vulnerabilities_severity: "edr_vulnerabilities where severity = 'none'",
  idx_edr_vulnerabilities_cvss: 'edr_vulnerabilities order by cvss_score desc nulls last limit 50',
  idx_edr_device_vulns_device: `edr_device_vulnerabilities where device_id = '${device}' order by detected_at`,
  idx_edr_device_vulns_vuln: `edr_device_vulnerabilities where vulnerability_id = '${vulnerability}'`,
  idx_edr_compliance_tenant: 'edr_compliance order by checked_at limit 50',
  idx_edr_compliance_device: `edr_compliance where device_id = '${device}'`,
  idx_edr_compliance_state: "edr_compliance where compliance_state = 'conflict'",
  idx_edr_actions_tenant: "edr_actions where status = 'pending' order by initiated_at limit 50",
  idx_edr_actions_device: `edr_actions where device_id = '${device}' order by initiated_at desc`,
  idx_edr_actions_user: 'edr_actions where user_id = :user order by initiated_at desc limit 50',
  idx_edr_actions_initiated: 'edr_actions order by initiated_at desc limit 50',
  idx_edr_posture_tenant: 'edr_posture_scores order by created_at desc limit 50',
  idx_edr_posture_calculated: `edr_posture_scores where calculated_at <= ${t} order by calculated_at desc limit 1`,
  security_alerts_tenant_idx: 'security_alerts order by created_at desc, id desc limit 50',
  security_alerts_tenant_assigned_idx: 'security_alerts where assigned_to = :user order by created_at desc limit 50',
  security_alerts_severity_created_idx: `security_alerts where ${open} order by severity_rank, created_at, id limit 20`,
  security_alerts_assigned_at_idx: `security_alerts where assigned_to = :user and status in ('assigned', 'investigating')
    order by assigned_at, id limit 20`,
  security_alerts_closed_idx: `security_alerts where status in ('closed_benign', 'closed_false_positive')
    and closed_at < ${late} order by closed_at, id limit 500`,
  security_alerts_classification_idx:
    "security_alerts where classification = 'malware' order by created_at desc limit 50",
  security_alerts_source_idx: "security_alerts where source_system = 'edr' and source_id in ('alert-5', 'alert-6')",
  security_alerts_defender_alert_idx: "security_alerts where defender_alert_id = 'alert-77'",
  security_alerts_device_idx: `security_alerts where device_id = '${device}' order by created_at desc limit 50`,
  security_incidents_tenant_idx: 'security_incidents order by created_at desc, id desc limit 20',
  security_incidents_tenant_owner_idx: `security_incidents where owner_id = :user and ${active}
    order by severity_rank, created_at, id limit 20`,
  security_incidents_tenant_status_idx: `security_incidents where ${active} order by severity_rank, created_at, id limit 20`,
  security_incidents_final_idx: `security_incidents where status in ('resolved', 'dismissed')
    order by resolved_at desc, id desc limit 20`,
  security_incidents_sla_acknowledge_idx: `security_incidents where ${unacknowledged} and sla_acknowledge_by <= ${t}
    order by sla_acknowledge_by limit 100`,
  security_incidents_sla_investigate_idx: `security_incidents where ${uninvestigated} and sla_investigate_by <= ${t}
    order by sla_investigate_by limit 100`,
  security_incidents_sla_resolve_idx: `security_incidents where resolved_at is null and sla_resolve_by <= ${t}
    order by sla_resolve_by limit 100`,
};

/** Further pages and single states, which lean on an index named above. */
const pages: readonly (readonly [what: string, index: string, query: string])[] = [
  [
    'the next page of the triage queue',
    'security_alerts_severity_created_idx',
    `security_alerts where ${open} and (severity_rank, created_at, id) > (1::smallint, ${late}, '${device}')
      order by severity_rank, created_at, id limit 20`,
  ],
  [
    'the next page of mine',
    'security_alerts_assigned_at_idx',
    `security_alerts where assigned_to = :user and status in ('assigned', 'investigating')
      and (assigned_at, id) > (${late}, '${device}') order by assigned_at, id limit 20`,
  ],
  ...(['open', 'in_progress'] as const).map(
    (status) =>
      [
        `incidents that are ${status}`,
        'security_incidents_tenant_status_idx',
        `security_incidents where status = '${status}' order by severity_rank, created_at, id limit 20`,
      ] as const,
  ),
  [
    'incidents that are resolved',
    'security_incidents_final_idx',
    "security_incidents where status = 'resolved' order by resolved_at desc, id desc limit 20",
  ],
];

describe('with 100,000 rows, as avian_app under row security', () => {
  let test: TestDatabase;
  let tenantId: string;
  let userId: string;

  before(async function () {
    this.timeout(300_000);
    test = await testDatabase();
    const [one, two] = [await insertTenant(test.admin), await insertTenant(test.admin)];
    const people = (of: string) =>
      Promise.all(
        Array.from(
          { length: 20 },
          async () => (await insertMember(test.admin, of, { role: 'security_analyst' })).userId,
        ),
      );
    const users = [await people(one.tenantId), await people(two.tenantId)] as const;
    await insertCrowd(test.admin, { tenants: [one.tenantId, two.tenantId], users });
    tenantId = one.tenantId;
    userId = users[0][7] ?? '';
  });
  after(() => test.drop());

  const plan = (columns: string, query: string) =>
    inTenant(test.db, tenantId, ({ sql }) =>
      planOf(sql, `select ${columns} from ${query}`.replaceAll(':user', `'${userId}'`)),
    );

  const cases = [...Object.entries(queries).map(([index, query]) => [index, index, query] as const), ...pages];
  for (const [what, index, query] of cases) {
    it(`${what} is read by its index, without a sort`, async () => {
      const { nodes, indexes } = await plan('*', query);
      assert.ok(indexes.includes(index), `${nodes.join(' > ')} over ${indexes.join(', ')}`);
      assert.ok(!nodes.some((node) => /Sort|Seq Scan/.test(node)), nodes.join(' > '));
    });
  }

  it('alerts are counted by status from the index alone', async () => {
    const { nodes, indexes } = await plan('status, count(*)', 'security_alerts group by status');
    assert.ok(indexes.includes('security_alerts_tenant_status_idx'), indexes.join(', '));
    assert.ok(nodes.includes('Index Only Scan') && !nodes.includes('Seq Scan'), nodes.join(' > '));
  });
});
