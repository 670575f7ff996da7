import assert from 'node:assert/strict';
import { inTenant } from '../../database/transaction.js';
import { insertMember, insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('the logins', () => {
  let base: TestDatabase;
  before(async () => {
    base = await testDatabase();
  });
  after(() => base.drop());

  it('let the application see the people of the tenant it names, and nobody else', async () => {
    const contoso = await insertTenant(base.admin);
    const fabrikam = await insertTenant(base.admin);
    const ada = await insertMember(base.admin, contoso.tenantId, { role: 'security_analyst' });
    await insertMember(base.admin, fabrikam.tenantId, { role: 'security_analyst' });
    const seen = await inTenant(base.db, contoso.tenantId, (trx) => trx.sql('tenant_members').pluck('user_id'));
    assert.deepEqual(seen, [ada.userId]);
  });
});
