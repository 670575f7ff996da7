import assert from 'node:assert/strict';
import { inTenant } from '../../database/transaction.js';
import type { Trx } from '../../database/transaction.js';
import { query } from '../../domain/query.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('statements of the domain', () => {
  let t: TestDatabase;
  before(async () => {
    t = await testDatabase();
  });
  after(() => t.drop());

  const isKept = async (trx: Trx, sql: string) => {
    const found = await trx.sql.raw<{ rows: unknown[] }>('select from pg_prepared_statements where statement = ?', [
      sql,
    ]);
    return found.rows.length > 0;
  };

  it('are kept by name, for clicks; a batch has its own planned for the tables as they are', async () => {
    const { tenantId } = await insertTenant(t.admin);
    await inTenant(t.db, tenantId, async (trx) => {
      await query(trx, 'select 1 as kept');
      await query({ ...trx, plansAnew: true }, 'select 1 as anew');
      assert.deepEqual([await isKept(trx, 'select 1 as kept'), await isKept(trx, 'select 1 as anew')], [true, false]);
    });
  });
});
