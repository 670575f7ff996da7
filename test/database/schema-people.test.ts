import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { inTenant } from '../../database/transaction.js';
import { insertMember, insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase, TestMember } from '../helpers/database.js';

interface ActorRow {
  user_id: string | null;
  is_active: boolean | null;
  is_installation_admin: boolean;
  entra_tenant_accepted: boolean;
  tenant_name: string | null;
  role: string | null;
  membership_active: boolean | null;
}

describe('people in the database', () => {
  let test: TestDatabase;
  let home: string;
  let elsewhere: string;
  let analyst: TestMember;

  before(async () => {
    test = await testDatabase();
    home = (await insertTenant(test.admin, { name: 'MSSP' })).tenantId;
    elsewhere = (await insertTenant(test.admin, { name: 'Contoso' })).tenantId;
    analyst = await insertMember(test.admin, home, { role: 'security_analyst' });
    await insertMember(test.admin, elsewhere, { role: 'user' });
    await test.admin('tenant_members').insert({
      tenant_id: elsewhere,
      user_id: analyst.userId,
      role: 'tenant_admin',
      display_name: 'Ada (MSSP)',
    });
  });
  after(() => test.drop());

  async function findActor(entraTenantId: string, aadObjectId: string): Promise<ActorRow[]> {
    const sql = 'select * from app.find_actor(?, ?)';
    return (await test.db.app.raw<{ rows: ActorRow[] }>(sql, [entraTenantId, aadObjectId])).rows;
  }

  it('are found by Entra tenant and object id before a tenant is known, one row per membership', async () => {
    const rows = await findActor(analyst.entraTenantId, analyst.aadObjectId);
    assert.deepEqual(
      rows.map((row) => [row.tenant_name, row.role, row.membership_active, row.entra_tenant_accepted]),
      [
        ['Contoso', 'tenant_admin', true, true],
        ['MSSP', 'security_analyst', true, true],
      ],
    );
  });

  it('are unknown under another Entra tenant, which is told apart from one that is not accepted', async () => {
    const [unknown] = await findActor(analyst.entraTenantId, randomUUID());
    const [foreign] = await findActor(randomUUID(), analyst.aadObjectId);
    assert.deepEqual([unknown?.user_id, unknown?.entra_tenant_accepted], [null, true]);
    assert.deepEqual([foreign?.user_id, foreign?.entra_tenant_accepted], [null, false]);
  });

  it('lose a membership with the tenant that is closed', async () => {
    await test.admin('tenants').where({ id: elsewhere }).update({ closed_at: new Date() });
    const rows = await findActor(analyst.entraTenantId, analyst.aadObjectId);
    assert.deepEqual(
      rows.map((row) => row.membership_active),
      [false, true],
    );
    await test.admin('tenants').where({ id: elsewhere }).update({ closed_at: null });
  });

  it('may be super_admin everywhere by a grant of the installation', async () => {
    await test.admin('installation_admins').insert({ user_id: analyst.userId });
    const rows = await findActor(analyst.entraTenantId, analyst.aadObjectId);
    assert.ok(rows.every((row) => row.is_installation_admin));
  });

  it('are seen in the tenants of their home and memberships, and changed at home only', async () => {
    const seen = (tenantId: string) =>
      inTenant(test.db, tenantId, (trx) => trx.sql('users').where({ id: analyst.userId }).pluck('id'));
    const rename = (tenantId: string) =>
      inTenant(test.db, tenantId, (trx) => trx.sql('users').where({ id: analyst.userId }).update({ first_name: 'A' }));
    const third = (await insertTenant(test.admin)).tenantId;
    assert.deepEqual(await Promise.all([home, elsewhere, third].map(seen)), [[analyst.userId], [analyst.userId], []]);
    assert.deepEqual(await Promise.all([home, elsewhere, third].map(rename)), [1, 0, 0]);
  });

  it('keep their home tenant from being deleted while they are members elsewhere', async () => {
    const deletion = test.admin('tenants').where({ id: home }).delete();
    await assert.rejects(deletion, /MSSP cannot be deleted: 1 of its people are members of other tenants/);
  });

  it('cannot be deleted once they have acted on a device', async () => {
    const action = { tenant_id: home, user_id: analyst.userId, action_type: 'resolve_alert', status: 'completed' };
    await test.admin('edr_actions').insert(action);
    await assert.rejects(test.admin('tenant_members').where({ user_id: analyst.userId }).delete(), /edr_actions/);
    await assert.rejects(test.admin('users').where({ id: analyst.userId }).delete(), /tenant_members/);
  });
});
