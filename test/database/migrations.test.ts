import assert from 'node:assert/strict';
import { isBehind, migrateDown, migrateUp, schemaVersion } from '../../database/migrate.js';
import { migrationNames } from '../../database/migration-source.js';
import { openPool } from '../../database/pool.js';
import { emptyDatabase } from '../helpers/database.js';
import type { TestUrls } from '../helpers/database.js';
import { valuesOf } from './support/values.js';

const leftOvers = `
  select 'relation ' || relname as value from pg_class where relnamespace = 'public'::regnamespace
    and relkind in ('r', 'v', 'm', 'S') and relname not like 'knex\\_%'
  union all select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
  union all select 'function ' || proname from pg_proc where pronamespace = 'public'::regnamespace
  union all select 'schema ' || nspname from pg_namespace where nspname = 'app'
  union all select 'grant to ' || grantee from information_schema.role_table_grants
    where grantee like 'avian\\_%' and grantee <> current_user and table_schema = 'public' and table_name not like 'knex\\_%'`;

describe('migrations', () => {
  let urls: TestUrls;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const created = await emptyDatabase();
    urls = created.urls;
    drop = () => created.drop();
  });
  afterEach(() => drop());

  it('go up, all the way down to an empty database, and up again', async () => {
    const names = await migrationNames();
    assert.deepEqual(await migrateUp(urls.migrator), names);
    assert.deepEqual(await migrateDown(urls.migrator, { all: true }), names.toReversed());
    assert.deepEqual(await valuesOf(urls.migrator, leftOvers), []);
    assert.deepEqual(await migrateUp(urls.migrator), names);
  });

  it('go down one by one', async () => {
    await migrateUp(urls.migrator);
    for (const name of (await migrationNames()).toReversed()) {
      assert.deepEqual(await migrateDown(urls.migrator, { all: false }), [name]);
    }
    assert.deepEqual(await valuesOf(urls.migrator, leftOvers), []);
  });

  it('keep the three that outside tools look for in their order, then ours', async () => {
    const names = await migrationNames();
    assert.deepEqual(names.slice(0, 3), [
      '0001_tenants_and_users',
      '0021_edr_integration',
      '0023_alerts_incidents_module',
    ]);
    assert.ok(names.slice(3).every((name) => name >= '0030'));
    assert.ok(names.every((name) => !name.includes('.')));
  });

  it('are applied once when two programs start at the same time', async () => {
    const [one, two] = await Promise.all([migrateUp(urls.migrator), migrateUp(urls.migrator)]);
    assert.equal(one.length + two.length, (await migrationNames()).length);
  });

  it('go on after a migrating process was killed and left its lock behind', async () => {
    await migrateUp(urls.migrator);
    await migrateDown(urls.migrator, { all: false });
    await valuesOf(urls.migrator, 'update knex_migrations_lock set is_locked = 1 returning 1 as value');
    assert.equal((await migrateUp(urls.migrator)).length, 1);
  });

  it('leave a database alone that a newer release has migrated', async () => {
    await migrateUp(urls.migrator);
    const future = "insert into knex_migrations (name, batch) values ('9999_future', 2) returning 1 as value";
    await valuesOf(urls.migrator, future);
    assert.deepEqual(await migrateUp(urls.migrator), []);
  });

  it('leave no role behind that bypasses row security, and drop no role', async () => {
    await migrateUp(urls.migrator);
    await migrateDown(urls.migrator, { all: true });
    const sql = `select rolname || ' ' || rolbypassrls as value from pg_roles where rolname like 'avian\\_%' order by 1`;
    assert.deepEqual(await valuesOf(urls.admin, sql), [
      'avian_app false',
      'avian_migrator true',
      'avian_system false',
      'avian_worker false',
    ]);
  });

  it('refuse a login that row security would blind, and name the remedy', async () => {
    await assert.rejects(migrateUp(urls.app), /avian_app does not bypass row security.*MIGRATION_DATABASE_URL/s);
  });

  it('tell a program whether the schema is behind', async () => {
    const app = openPool(urls.app, 1, 'avian-test');
    try {
      assert.deepEqual(await schemaVersion(app), { newest: null, pending: await migrationNames() });
      await migrateUp(urls.migrator);
      assert.equal(await isBehind(app), false);
      const [undone] = await migrateDown(urls.migrator, { all: false });
      assert.deepEqual((await schemaVersion(app)).pending, [undone]);
    } finally {
      await app.destroy();
    }
  });
});
