import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { migrateUp } from '../../database/migrate.js';
import { openPool } from '../../database/pool.js';
import { rowTypes } from '../../database/row-types.js';
import type { Result } from '../../database/schema-verify/check.js';
import { failed, reportOf } from '../../database/schema-verify/report.js';
import { verifySchema } from '../../database/schema-verify/verify.js';
import { emptyDatabase, insertMember, insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase, TestUrls } from '../helpers/database.js';
import { execute, valuesOf } from './support/values.js';

describe('schema verify', () => {
  let test: TestDatabase;

  beforeEach(async () => {
    test = await testDatabase();
  });
  afterEach(() => test.drop());

  it('passes a migrated database, check by check, and leaves nothing behind', async () => {
    const results = await verifySchema({ url: test.urls.admin, appUrl: null });
    assert.ok(results.length > 400);
    assert.deepEqual(faultsOf(results), []);
    assert.equal(results.filter((result) => result.verdict === 'SKIP').length, 0);
    assert.deepEqual(await valuesOf(test.urls.admin, 'select count(*) as value from tenants'), ['0']);
    assert.match(reportOf(results), /^PASS {2}table tenants: columns and types\n[^]*checks: \d+ passed, 0 failed\n$/);
  });

  const damages: { sql: string; found: RegExp[] }[] = [
    { sql: 'drop index idx_edr_alerts_status', found: [/^index idx_edr_alerts_status/] },
    { sql: 'alter table outbox disable row level security', found: [/outbox: row security/, /^isolation outbox/] },
    { sql: 'alter table outbox no force row level security', found: [/^tenant-owned outbox: row security/] },
    {
      sql: 'drop policy tenant_isolation on edr_devices; create policy tenant_isolation on edr_devices to avian_app using (true)',
      found: [/^tenant-owned edr_devices: policy/, /^isolation edr_devices/],
    },
    {
      sql: 'create policy everybody on security_alerts for select using (true)',
      found: [/^tenant-owned security_alerts: policy/, /^isolation security_alerts/],
    },
    {
      sql: `alter table edr_alerts drop constraint edr_alerts_tenant_id_device_id_fkey,
        add foreign key (tenant_id, device_id) references edr_devices (tenant_id, id) on delete set null (device_id)`,
      found: [/^reference edr_alerts/, /^cascade: a deleted device takes its edr_alerts/],
    },
    {
      sql: 'alter table edr_devices drop constraint edr_devices_risk_score_check',
      found: [/^refused: a risk score above 100/],
    },
    {
      sql: 'drop trigger security_incidents_updated_at on security_incidents',
      found: [/^trigger on security_incidents: updated_at/],
    },
    {
      sql: 'create table notes (tenant_id uuid, id uuid primary key)',
      found: [
        /^tenant-owned notes: column/,
        /^tenant-owned notes: key/,
        /^tenant-owned notes: policy/,
        /^comment on notes/,
      ],
    },
    {
      sql: 'create index spare on security_alerts (tenant_id, classification)',
      found: [/^indexes of security_alerts: none covered by another/],
    },
    {
      sql: 'grant execute on function app.find_actor(uuid, uuid) to public',
      found: [/^functions with rights of their owner/],
    },
    { sql: 'alter table users alter column email type text', found: [] },
  ];
  for (const { sql, found } of damages) {
    it(`${found.length === 0 ? 'accepts' : 'finds'}: ${sql.slice(0, 90)}`, async () => {
      await execute(test.urls.admin, sql);
      const faults = faultsOf(await verifySchema({ url: test.urls.admin, appUrl: null }));
      for (const name of found)
        assert.ok(
          faults.some((fault) => name.test(fault)),
          `${name} in ${faults.join('\n')}`,
        );
      assert.equal(faults.length === 0, found.length === 0, faults.join('\n'));
    });
  }

  it('fails on an empty database instead of breaking off', async () => {
    await execute(test.urls.admin, 'drop schema public cascade; create schema public; drop schema app cascade');
    const results = await verifySchema({ url: test.urls.admin, appUrl: null });
    assert.ok(failed(results));
    assert.match(reportOf(results), /^FAIL {2}table tenants: columns and types - the table is missing$/m);
  });

  it('finds database/rows.ts as the database is', async () => {
    const written = await readFile(new URL('../../database/rows.ts', import.meta.url), 'utf8');
    assert.equal(await rowTypes(test.urls.app), written, 'Run: npm run types:rows');
  });
});

describe('schema verify as the migration login', () => {
  let urls: TestUrls;
  let drop: () => Promise<void>;

  before(async () => {
    const created = await emptyDatabase();
    urls = created.urls;
    drop = () => created.drop();
    await migrateUp(urls.migrator);
  });
  after(() => drop());

  it('asks avian_app itself about isolation, on the rows that are there', async () => {
    const admin = openPool(urls.admin, 1, 'avian-test');
    try {
      const { tenantId } = await insertTenant(admin);
      await insertMember(admin, tenantId, { role: 'security_analyst' });
    } finally {
      await admin.destroy();
    }
    const results = await verifySchema({ url: urls.migrator, appUrl: urls.app });
    assert.deepEqual(faultsOf(results), []);
    assert.ok(results.some((result) => /^isolation security_alerts: .* each of 1 tenants$/.test(result.name)));
  });

  it('says what it could not see when it stands alone', async () => {
    const results = await verifySchema({ url: urls.migrator, appUrl: null });
    assert.deepEqual(faultsOf(results), []);
    assert.deepEqual(
      results.filter((result) => result.verdict === 'SKIP').map((result) => result.name),
      ['isolation in action'],
    );
  });
});

function faultsOf(results: readonly Result[]): string[] {
  return results.filter((result) => result.verdict === 'FAIL').map(({ name, detail }) => `${name}: ${detail ?? ''}`);
}
