import assert from 'node:assert/strict';
import { migrateDown, migrateUp } from '../../database/migrate.js';
import { failed, reportOf } from '../../database/schema-verify/report.js';
import { verifySchema } from '../../database/schema-verify/verify.js';
import { emptyDatabase } from '../helpers/database.js';
import type { TestUrls } from '../helpers/database.js';
import { execute, valuesOf } from './support/values.js';

const platform = `
  create table tenants (id uuid primary key default gen_random_uuid(), name text not null, domain text unique,
    settings jsonb, logo_url text, created_at timestamptz not null default now(), updated_at timestamptz not null default now());
  create table users (id uuid primary key default gen_random_uuid(), tenant_id uuid references tenants (id),
    email text not null, role text not null default 'admin', created_at timestamptz not null default now());
  insert into tenants (id, name) values ('00000000-0000-4000-8000-000000000001', 'Fabrikam');
  insert into users (tenant_id, email) values ('00000000-0000-4000-8000-000000000001', 'ada@fabrikam.example')`;

const shape = `
  select table_name || '.' || column_name || ' ' || data_type as value from information_schema.columns
    where table_schema = 'public' and table_name in ('tenants', 'users')
  union all select 'policy ' || policyname from pg_policies where schemaname = 'public'
  union all select 'constraint ' || conname from pg_constraint where conrelid in (select oid from pg_class
    where relname in ('tenants', 'users')) and contype <> 'n'
  union all select 'security ' || relname || relrowsecurity || relforcerowsecurity from pg_class
    where relname in ('tenants', 'users') and relnamespace = 'public'::regnamespace
  union all select 'trigger ' || tgname from pg_trigger t join pg_class c on c.oid = tgrelid
    where not tgisinternal and relname in ('tenants', 'users')
  order by 1`;

describe('a database of the AVIAN platform', () => {
  let urls: TestUrls;
  let drop: () => Promise<void>;

  beforeEach(async () => {
    const created = await emptyDatabase();
    urls = created.urls;
    drop = () => created.drop();
  });
  afterEach(() => drop());

  it('is adopted: what is missing is added, its rows and its own columns stay', async () => {
    await execute(urls.admin, platform);
    await migrateUp(urls.admin);
    assert.deepEqual(
      await valuesOf(urls.admin, 'select name || is_active || coalesce(logo_url, $$-$$) as value from tenants'),
      ['Fabrikamtrue-'],
    );
    const results = await verifySchema({ url: urls.admin, appUrl: null });
    assert.ok(!failed(results), reportOf(results.filter((result) => result.verdict !== 'PASS')));
  });

  it('gets its tables back as they were on the way down', async () => {
    await execute(urls.admin, platform);
    const before = await valuesOf(urls.admin, shape);
    await migrateUp(urls.admin);
    assert.notDeepEqual(await valuesOf(urls.admin, shape), before);
    await migrateDown(urls.admin, { all: true });
    assert.deepEqual(await valuesOf(urls.admin, shape), before);
    assert.deepEqual(await valuesOf(urls.admin, 'select email as value from users'), ['ada@fabrikam.example']);
  });

  it("goes on showing the platform's own login every tenant, and shows avian_app one", async () => {
    const owner = `platform_${process.pid}`;
    await execute(urls.admin, `create role ${owner}; grant usage, create on schema public to ${owner}`);
    try {
      await execute(urls.admin, `set role ${owner}; ${platform}; insert into tenants (name) values ('Contoso')`);
      await migrateUp(urls.admin);
      assert.deepEqual(await valuesOf(urls.admin, 'select count(*) as value from tenants'), ['2']);
      const count = 'select count(*) as value from tenants';
      assert.deepEqual(await asRole(urls.admin, owner, count), ['2']);
      assert.deepEqual(
        await asRole(urls.admin, owner, "update tenants set name = 'x' where name = 'Contoso' returning 1 as value"),
        ['1'],
      );
      assert.deepEqual(await valuesOf(urls.app, count), ['0']);
    } finally {
      await execute(
        urls.admin,
        `reassign owned by ${owner} to current_user; drop owned by ${owner}; drop role ${owner}`,
      );
    }
  });

  const refusals = [
    {
      what: 'a column has another type',
      sql: platform.replace('settings jsonb', 'settings text'),
      message: /table tenants cannot be adopted: its column settings is of type text, needed is jsonb/,
    },
    {
      what: 'a time has no zone',
      sql: platform.replace('created_at timestamptz', 'created_at timestamp'),
      message: /tenants cannot be adopted: its column created_at is of type timestamp without time zone/,
    },
    {
      what: 'ids are numbers',
      sql: 'create table tenants (id serial primary key)',
      message: /tenants cannot be adopted: its column id is of type integer, needed is uuid/,
    },
    {
      what: 'its own policy would show avian_app everything',
      sql: `${platform}; alter table users enable row level security; create policy everybody on users using (true)`,
      message: /users cannot be adopted: its policy everybody would apply to the login avian_app/,
    },
  ];
  for (const { what, sql, message } of refusals) {
    it(`is refused, and nothing is changed, when ${what}`, async () => {
      await execute(urls.admin, sql);
      const before = await valuesOf(urls.admin, shape);
      await assert.rejects(migrateUp(urls.admin), message);
      assert.deepEqual(await valuesOf(urls.admin, shape), before);
    });
  }

  it('is refused with the remedy when its tables belong to a login that the migration may not act as', async () => {
    await execute(urls.admin, platform);
    await assert.rejects(
      migrateUp(urls.migrator),
      /tenants cannot be adopted: it belongs to .* GRANT .* TO avian_migrator/,
    );
  });

  for (const labels of ["'new', 'done'", "'critical', 'high', 'medium', 'low'"]) {
    it(`is refused when it has an alert_severity of its own (${labels}), also with our labels`, async () => {
      await execute(
        urls.admin,
        `create type alert_severity as enum (${labels}); create type alert_status as enum ('new')`,
      );
      const refusal =
        /alert_severity \(.*\); alert_status \(new\)\. They are not reused.*ALTER TYPE alert_severity RENAME/;
      await assert.rejects(migrateUp(urls.admin), refusal);
    });
  }
});

async function asRole(url: string, role: string, sql: string): Promise<string[]> {
  const { withClient } = await import('../../database/administrator.js');
  return withClient(url, async (client) => {
    await client.query(`set role ${role}`);
    const { rows } = await client.query<{ value: unknown }>(sql);
    return rows.map((row) => String(row.value));
  });
}
