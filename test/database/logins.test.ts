import assert from 'node:assert/strict';
import type { Knex } from 'knex';
import { withClient } from '../../database/administrator.js';
import { checkFitness } from '../../database/fitness.js';
import { setupLogins } from '../../database/logins.js';
import { openPool } from '../../database/pool.js';
import { inSystem, inTenant } from '../../database/transaction.js';
import { emptyDatabase, insertMember, insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase, TestMember, TestTenant } from '../helpers/database.js';

const insufficientPrivilege = { code: '42501' };

describe('the logins', () => {
  let base: TestDatabase;
  let contoso: TestTenant;
  let fabrikam: TestTenant;
  let ada: TestMember;
  before(async () => {
    base = await testDatabase();
    contoso = await insertTenant(base.admin, { name: 'Contoso' });
    fabrikam = await insertTenant(base.admin, { name: 'Fabrikam' });
    ada = await insertMember(base.admin, contoso.tenantId, { role: 'security_analyst' });
    await insertMember(base.admin, fabrikam.tenantId, { role: 'security_analyst' });
  });
  after(() => base.drop());

  it('are fit as setup leaves them', () => checkFitness(base.db));

  it('let the application see the tenant it names, and no other although nothing filters', async () => {
    const [tenants, members] = await inTenant(base.db, contoso.tenantId, async (trx) => [
      await trx.sql('tenants').pluck<string>('name'),
      await trx.sql('tenant_members').pluck<string>('user_id'),
    ]);
    assert.deepEqual(tenants, ['Contoso']);
    assert.deepEqual(members, [ada.userId]);
  });

  it('show the application nothing when no tenant is named, also after a transaction that named one', async () => {
    await inTenant(base.db, contoso.tenantId, (trx) => trx.sql('tenants').select());
    assert.deepEqual(await base.db.app('tenant_members').select(), []);
  });

  it('do not let the application write into another tenant', async () => {
    const intrude = inTenant(base.db, contoso.tenantId, (trx) =>
      trx.sql('tenant_members').insert(memberRow(fabrikam.tenantId, ada.userId)),
    );
    await assert.rejects(intrude, insufficientPrivilege);
  });

  for (const other of ['avian_system', 'avian_worker', 'avian_migrator', 'postgres']) {
    it(`do not let the application become ${other}`, () =>
      assert.rejects(run(base.db.app, `set role ${other}`), insufficientPrivilege));
  }

  it('do not let the application or the system make tables, schemas or roles, or move the clock', async () => {
    const attempts = [
      'create table loot (id int)',
      'create temporary table loot (id int)',
      'create schema loot',
      'create role loot',
      'alter table tenants disable row level security',
      'drop policy tenant_isolation on tenants',
      `update app.clock set "offset" = '1 day'`,
    ];
    for (const pool of [base.db.app, base.db.system]) {
      for (const attempt of attempts) await assert.rejects(run(pool, attempt), insufficientPrivilege, attempt);
    }
  });

  it('let the system read over all tenants, and write nothing that no policy gives it', async () => {
    const seen = await inSystem(base.db, (trx) => trx.system('tenants').orderBy('name').pluck<string>('name'));
    assert.deepEqual(seen, ['Contoso', 'Fabrikam']);
    await assert.rejects(run(base.db.system, "update tenants set name = 'Mine'"), insufficientPrivilege);
    await assert.rejects(run(base.db.system, 'delete from tenant_members'), insufficientPrivilege);
  });

  it('keep the worker out of the tables of tenants', async () => {
    await withPool(base.urls.worker, async (worker) => {
      await run(worker, "select graphile_worker.add_job('nothing')");
      for (const table of ['tenants', 'tenant_members', 'users']) {
        await assert.rejects(run(worker, `select from ${table}`), insufficientPrivilege);
      }
    });
  });

  it('mend roles that had become too mighty, and keep the passwords they are given', async () => {
    const scratch = await emptyDatabase();
    const password = new URL(base.urls.app).password;
    const passwords = { database: password, system: password, worker: password, migration: password };
    await withClient(scratch.urls.admin, async (admin) => {
      await admin.query('alter role avian_app createdb createrole bypassrls');
      await admin.query('grant avian_migrator to avian_app');
    });
    await assert.rejects(checkFitness(base.db), /avian_app of DATABASE_URL bypasses row security.*database setup/);
    await setupLogins(scratch.urls.admin, { passwords });
    await checkFitness(base.db);
    const mended = await base.admin('pg_roles').where({ rolname: 'avian_app' }).first<Record<string, unknown>>();
    assert.deepEqual([mended['rolcreatedb'], mended['rolcreaterole'], mended['rolbypassrls']], [false, false, false]);
    await scratch.drop();
  });
});

describe('the fitness of logins', () => {
  let base: TestDatabase;
  before(async () => {
    base = await testDatabase();
  });
  after(() => base.drop());

  const withLogin = (url: string) =>
    withPool(url, (app) => checkFitness({ app, system: base.db.system, close: () => Promise.resolve() }));

  it('refuses an administrator', () =>
    assert.rejects(withLogin(base.urls.admin), /of DATABASE_URL bypasses row security.*database setup --admin-url/));

  it('refuses the owner of tables', async () => {
    await run(base.admin, 'create table owned (id int); alter table owned owner to avian_app');
    await assert.rejects(withLogin(base.urls.app), /avian_app of DATABASE_URL owns owned/);
    await run(base.admin, 'drop table owned');
  });

  it('refuses one login for both purposes', () =>
    assert.rejects(withLogin(base.urls.system), /both the login avian_system/));

  it('refuses a schema that is older than the program', async () => {
    const newest = base.admin('knex_migrations').max('id');
    await base.admin('knex_migrations').where('id', newest).delete();
    await assert.rejects(checkFitness(base.db), /schema is older than this program. Run: npm run migrate/);
  });
});

function memberRow(tenantId: string, userId: string): object {
  return { tenant_id: tenantId, user_id: userId, role: 'tenant_admin', display_name: 'Mallory' };
}

async function run(pool: Knex, statement: string): Promise<void> {
  await pool.raw(statement);
}

async function withPool<T>(url: string, work: (pool: Knex) => Promise<T>): Promise<T> {
  const pool = openPool(url, 2, 'avian-test-other');
  try {
    return await work(pool);
  } finally {
    await pool.destroy();
  }
}
