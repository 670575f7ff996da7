import type { Client } from 'pg';
import { withClient } from '../administrator.js';
import { reasonOf, runChecks } from './check.js';
import type { Check, Result } from './check.js';

const skipped = 'isolation in action';

/**
 * For a login that may not act as avian_app: the same question asked through avian_app's own connection, of the rows that
 * are there. It shows less than sample rows do: only tenants and tables that have rows can leak.
 */
export async function loginIsolation(db: Client, appUrl: string | null): Promise<Result[]> {
  if (appUrl === null) {
    const detail = 'this login may not act as avian_app; give its URL (--app-url, DATABASE_URL) or an administrator';
    return [{ verdict: 'SKIP', name: skipped, detail }];
  }
  const tenants = await db.query<{ id: string }>(
    'select id from tenants t where exists (select from tenant_members m where m.tenant_id = t.id) order by id limit 20',
  );
  const tables = await ownedTables(db);
  return withClient(appUrl, (app) =>
    asApp(
      app,
      tables,
      tenants.rows.map((row) => row.id),
    ),
  ).catch((error: unknown) => [{ verdict: 'FAIL', name: skipped, detail: reasonOf(error) } as const]);
}

async function asApp(app: Client, tables: readonly string[], tenants: readonly string[]): Promise<Result[]> {
  await app.query("begin; set local statement_timeout = '60s'");
  try {
    const checks = tables.map((table): Check => ({
      name: `isolation ${table}: nothing without a tenant, only its own with each of ${tenants.length} tenants`,
      run: (db) => onlyOwnRows(db, table, tenants),
    }));
    return await runChecks(app, [{ name: 'isolation: the login is avian_app', run: isApp }, ...checks]);
  } finally {
    await app.query('rollback');
  }
}

async function isApp(db: Client): Promise<string | null> {
  const { rows } = await db.query<{ login: string }>('select session_user as login');
  return rows[0]?.login === 'avian_app' ? null : `it is ${rows[0]?.login ?? 'unknown'}`;
}

async function onlyOwnRows(db: Client, table: string, tenants: readonly string[]): Promise<string | null> {
  for (const tenant of ['', ...tenants]) {
    await db.query("select set_config('app.tenant_id', $1, true)", [tenant]);
    const sql = `select from ${table} where tenant_id is not null and tenant_id::text <> $1 limit 1`;
    const { rows } = await db.query(sql, [tenant]);
    if (rows.length > 0) return tenant === '' ? 'rows are seen without a tenant' : "another tenant's rows are seen";
  }
  return null;
}

/** Tables with tenant_id that avian_app may read; users show members whose home is elsewhere, by intent. */
async function ownedTables(db: Client): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'users'
       and has_table_privilege('avian_app', c.oid, 'select') order by c.relname collate "C"`,
  );
  return rows.map((row) => row.name);
}
