import assert from 'node:assert/strict';
import { openPool } from '../../database/pool.js';
import type { OpeningConfig } from '../../database/opening.js';
import { inTenant } from '../../database/transaction.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('the opening of a transaction', () => {
  let test: TestDatabase;
  before(async () => {
    test = await testDatabase();
  });
  after(() => test.drop());

  const settingIn = (tenantId: string) =>
    inTenant(test.db, tenantId, async ({ sql, now }) => {
      const { rows } = await sql.raw<{ rows: { tenant: string; clock: Date }[] }>(
        "select current_setting('app.tenant_id') as tenant, date_trunc('milliseconds', app.now()) as clock",
      );
      assert.deepEqual(rows[0]?.clock, now);
      return rows[0]?.tenant;
    });

  it('names the tenant and reads the time before any work, and both end with the transaction', async () => {
    const { tenantId } = await insertTenant(test.admin);
    assert.equal(await settingIn(tenantId), tenantId);
    const { rows } = await test.db.app.raw<{ rows: { tenant: string | null }[] }>(
      "select nullif(current_setting('app.tenant_id', true), '') as tenant",
    );
    assert.equal(rows[0]?.tenant, null);
  });

  it('takes a tenant id for text, whatever stands in it', async () => {
    const hostile = "\\'; rollback; set role postgres; --";
    assert.equal(await settingIn(hostile), hostile);
  });

  it('that fails gives its connection back without a transaction', async () => {
    const pool = openPool(test.urls.app, 1, 'avian-test-opening');
    const config: OpeningConfig = { opening: { sql: 'select 1 / 0', opened: () => undefined } };
    await assert.rejects(
      pool.transaction(() => assert.fail('work began'), config),
      /division by zero/,
    );
    const { rows } = await pool.raw<{ rows: { one: number }[] }>('select 1 as one');
    assert.deepEqual(rows, [{ one: 1 }]);
    await pool.destroy();
  });

  it('is missed by nobody: a pool that does not know it is refused', async () => {
    const { default: knex } = await import('knex');
    const bare = knex({ client: 'pg', connection: test.urls.app, pool: { min: 0, max: 1 } });
    const { tenantId } = await insertTenant(test.admin);
    await assert.rejects(
      inTenant({ ...test.db, app: bare }, tenantId, () => assert.fail('work began')),
      /not opened by openPool/,
    );
    await bare.destroy();
  });
});
