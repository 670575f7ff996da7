import assert from 'node:assert/strict';
import { inTenant } from '../../../database/transaction.js';
import { planForBatches } from '../../../domain/planning.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';

const lookUps: Readonly<Record<string, string>> = {
  idx_edr_devices_microsoft_id: "edr_devices where microsoft_device_id = 'machine-77'",
  edr_devices_intune_key: "edr_devices where intune_device_id = 'managed-77'",
  edr_vulnerabilities_tenant_id_cve_id_key: "edr_vulnerabilities where cve_id = 'CVE-77'",
  edr_alerts_tenant_id_microsoft_alert_id_key: "edr_alerts where microsoft_alert_id = 'alert-77'",
};

describe('the planner during a first sync', () => {
  let base: TestDatabase;
  let [oldTenant, newTenant] = ['', ''];
  before(async () => {
    base = await testDatabase();
    ({ tenantId: oldTenant } = await insertTenant(base.admin));
    ({ tenantId: newTenant } = await insertTenant(base.admin));
  });
  after(() => base.drop());

  const fill = async (tenantId: string) => {
    const rows = 'from generate_series(1, 5000) n';
    const into = (table: string, columns: string, values: string) =>
      base.admin.raw(`insert into ${table} (tenant_id, ${columns}) select ?::uuid, ${values} ${rows}`, [tenantId]);
    await into('edr_devices', 'microsoft_device_id, intune_device_id', "'machine-' || n, 'managed-' || n");
    await into('edr_vulnerabilities', 'cve_id', "'CVE-' || n");
    await into('edr_alerts', 'microsoft_alert_id, severity, status', "'alert-' || n, 'high', 'new'");
  };
  const known = async () => {
    const found = await base.admin.raw<{ rows: { pages: number }[] }>(
      "select relpages as pages from pg_class where relname = 'edr_devices'",
    );
    return found.rows[0]?.pages ?? 0;
  };
  /** As the application's role: the plan of a look-up that is prepared once for all tenants. */
  const planFor = (tenantId: string, lookUp: string) =>
    inTenant(base.db, tenantId, async (trx) => {
      await planForBatches(trx);
      const text = lookUp.replace(' where ', ' where tenant_id = $1 and ').replace(/'.*'/, '$2');
      await trx.sql.raw(`prepare look_up(uuid, text) as select 1 from ${text}`);
      const plan = await trx.sql.raw<{ rows: object[] }>(`explain execute look_up('${tenantId}', 'some-77')`);
      await trx.sql.raw('deallocate look_up');
      return JSON.stringify(plan.rows);
    });

  it('hears of tables that have grown to a multiple, from the application itself, and of no others', async () => {
    await fill(oldTenant);
    assert.equal(await known(), 0);
    await inTenant(base.db, oldTenant, planForBatches);
    const pages = await known();
    assert.ok(pages > 16);
    await base.admin.raw('insert into edr_devices (tenant_id) select ? from generate_series(1, 5000)', [oldTenant]);
    await inTenant(base.db, oldTenant, planForBatches);
    assert.equal(await known(), pages);
  });

  it('takes the right index for a tenant that it has never seen', async () => {
    for (const [index, lookUp] of Object.entries(lookUps)) {
      assert.ok((await planFor(newTenant, lookUp)).includes(index), `${lookUp} does not use ${index}`);
      assert.ok((await planFor(oldTenant, lookUp)).includes(index), `${lookUp} does not use ${index}`);
    }
  });
});
