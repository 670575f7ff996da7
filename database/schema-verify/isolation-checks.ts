import type { Client } from 'pg';
import { sqlStateOf } from './check.js';
import type { Check } from './check.js';
import { samples } from './samples/all.js';
import { insertOf } from './samples/sample.js';
import type { Sample, SampleIds } from './samples/sample.js';

/** By policy or missing right, or because what the row refers to is not there for this tenant. */
const refusals: readonly (string | null)[] = ['42501', '23503'];
const withoutTenantColumn: readonly string[] = ['tenants', 'users', 'conversations'];

/** Reads and writes as the login avian_app, between two tenants that have one row of everything. Needs the right to act as it. */
export function isolationChecks(ids: SampleIds, other: SampleIds): Check[] {
  const owned = samples.filter((sample) => !withoutTenantColumn.includes(sample.table));
  return [
    ...owned.map((sample) => ({
      name: `isolation ${sample.table}: own row read, the other tenant's neither read nor written`,
      run: (db: Client) => isolated(db, sample, ids, other),
    })),
    { name: 'isolation: without a tenant nothing is seen', run: (db) => blindWithoutTenant(db, owned) },
    { name: 'isolation tenants: only the own row', run: (db) => onlyOwn(db, 'tenants', 'id', ids.tenant, ids) },
    { name: 'isolation users: only people of the tenant', run: (db) => onlyOwn(db, 'users', 'id', ids.user, ids) },
  ];
}

async function actAs(db: Client, tenant: string): Promise<void> {
  await db.query("select set_config('role', 'avian_app', true), set_config('app.tenant_id', $1, true)", [tenant]);
}

async function isolated(db: Client, sample: Sample, ids: SampleIds, other: SampleIds): Promise<string | null> {
  await actAs(db, ids.tenant);
  const seen = await db.query<{ tenant_id: string }>(`select distinct tenant_id from ${sample.table}`);
  if (seen.rows.length !== 1 || seen.rows[0]?.tenant_id !== ids.tenant) return `it shows ${seen.rows.length} tenants`;
  const { sql, values } = insertOf(sample.table, sample.row(other));
  const state = await sqlStateOf(db, sql, values);
  return refusals.includes(state) ? null : `a row of the other tenant: ${state ?? 'accepted'}`;
}

async function blindWithoutTenant(db: Client, owned: readonly Sample[]): Promise<string | null> {
  await actAs(db, '');
  for (const { table } of owned) {
    const { rows } = await db.query(`select from ${table} where tenant_id is not null limit 1`);
    if (rows.length > 0) return `${table} shows rows`;
  }
  return null;
}

async function onlyOwn(
  db: Client,
  table: string,
  column: string,
  expected: string,
  ids: SampleIds,
): Promise<string | null> {
  await actAs(db, ids.tenant);
  const { rows } = await db.query<Record<string, string>>(`select ${column} from ${table}`);
  return rows.length === 1 && rows[0]?.[column] === expected ? null : `${rows.length} rows are seen`;
}
