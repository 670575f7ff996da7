import assert from 'node:assert/strict';
import { testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { valuesOf } from './support/values.js';

const edrTables = [
  'edr_actions',
  'edr_alerts',
  'edr_compliance',
  'edr_device_vulnerabilities',
  'edr_devices',
  'edr_posture_scores',
  'edr_vulnerabilities',
];
const indexNames = [
  ...['tenant', 'risk', 'compliance', 'last_seen', 'microsoft_id'].map((what) => `idx_edr_devices_${what}`),
  ...['tenant', 'device', 'severity', 'status', 'detected'].map((what) => `idx_edr_alerts_${what}`),
  ...['tenant', 'severity', 'cvss'].map((what) => `idx_edr_vulnerabilities_${what}`),
  ...['device', 'vuln'].map((what) => `idx_edr_device_vulns_${what}`),
  ...['tenant', 'device', 'state'].map((what) => `idx_edr_compliance_${what}`),
  ...['tenant', 'device', 'user', 'initiated'].map((what) => `idx_edr_actions_${what}`),
  ...['tenant', 'calculated'].map((what) => `idx_edr_posture_${what}`),
  ...['tenant', 'tenant_status', 'tenant_assigned', 'severity_created', 'assigned_at'].map(
    (what) => `security_alerts_${what}_idx`,
  ),
  ...['tenant', 'tenant_owner', 'tenant_status', 'sla_acknowledge', 'sla_investigate', 'sla_resolve'].map(
    (what) => `security_incidents_${what}_idx`,
  ),
];

/** What the field documents of migrations 0021 and 0023 call done, counted without the lists of schema verify. */
describe('the schema by the names that outside tools look for', () => {
  let test: TestDatabase;
  const ask = (sql: string) => valuesOf(test.urls.app, sql);

  before(async () => {
    test = await testDatabase();
  });
  after(() => test.drop());

  it('has the 7 EDR tables', async () => {
    const sql = `select tablename as value from pg_tables where tablename like 'edr\\_%' order by 1`;
    assert.deepEqual(await ask(sql), edrTables);
  });

  it('has the 5 tables of alerts and incidents', async () => {
    const tables = await ask(`select tablename as value from pg_tables where tablename in ('security_alerts',
      'security_incidents', 'investigation_playbooks', 'incident_alert_links', 'playbook_classification_links')`);
    assert.equal(tables.length, 5);
  });

  it('has every listed index', async () => {
    const found = await ask("select indexname as value from pg_indexes where schemaname = 'public'");
    assert.deepEqual(
      indexNames.filter((name) => !found.includes(name)),
      [],
    );
  });

  it('has 10 or more references, 20 or more indexes and 4 or more unique keys on EDR tables', async () => {
    const count = async (sql: string) => Number((await ask(`select count(*) as value from ${sql}`))[0]);
    const ofEdr = "conrelid::regclass::text like 'edr\\_%'";
    assert.ok((await count(`pg_constraint where contype = 'f' and ${ofEdr}`)) >= 10);
    assert.ok((await count(`pg_constraint where contype = 'u' and ${ofEdr}`)) >= 4);
    assert.ok((await count("pg_indexes where indexname like 'idx\\_edr\\_%'")) >= 20);
  });

  it('has the enums with their labels in order', async () => {
    const labels = await ask(`select typname || ': ' || string_agg(enumlabel, ', ' order by enumsortorder) as value
      from pg_type t join pg_enum on enumtypid = t.oid group by typname order by typname`);
    assert.deepEqual(labels, [
      'alert_severity: critical, high, medium, low',
      'alert_source_system: edr, firewall, email',
      'alert_status: open, assigned, investigating, escalated, closed_benign, closed_false_positive',
      'incident_status: open, in_progress, resolved, dismissed',
      'playbook_status: active, draft, deprecated',
    ]);
  });

  it('keeps every name under the 63 bytes at which PostgreSQL cuts', async () => {
    const long = `select relname as value from pg_class where length(relname) >= 63 and relnamespace = 'public'::regnamespace
      union all select conname from pg_constraint where length(conname) >= 63`;
    assert.deepEqual(await ask(long), []);
  });

  it('lets avian_app delete no person, no member, no incident and no action', async () => {
    const deletable =
      await ask(`select t as value from unnest(array['users', 'tenants', 'tenant_members', 'security_incidents',
      'edr_actions', 'audit_log']) t where has_table_privilege('avian_app', t, 'delete, truncate')`);
    assert.deepEqual(deletable, []);
  });
});
