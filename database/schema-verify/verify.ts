import type { Client } from 'pg';
import { withClient } from '../administrator.js';
import { behaviourChecks } from './behaviour-checks.js';
import { cascadeChecks } from './cascade-checks.js';
import { readCatalog } from './catalog.js';
import { catalogRuleChecks } from './catalog-rules.js';
import { reasonOf, runChecks } from './check.js';
import type { Result } from './check.js';
import { isolationChecks } from './isolation-checks.js';
import { loginIsolation } from './login-isolation.js';
import { roleChecks } from './role-checks.js';
import { insertSamples } from './samples/all.js';
import type { SampleIds } from './samples/sample.js';
import { shapeChecks } from './shape-checks.js';
import { tenantRuleChecks } from './tenant-rules.js';

export interface VerifyUrls {
  /** avian_migrator, or an administrator who may act as avian_app. */
  readonly url: string;
  /** The login avian_app, asked where `url` may not act as it; null when it is not known. */
  readonly appUrl: string | null;
}

/** Checks the database against all that the migrations must produce. Everything it writes is rolled back. */
export function verifySchema({ url, appUrl }: VerifyUrls): Promise<Result[]> {
  return withClient(url, async (db) => {
    await db.query("begin; set local search_path = public; set local statement_timeout = '60s'");
    try {
      return [...(await verifyCatalog(db)), ...(await verifyRows(db, appUrl))];
    } finally {
      await db.query('rollback');
    }
  });
}

async function verifyCatalog(db: Client): Promise<Result[]> {
  const catalog = await readCatalog(db);
  return runChecks(db, [
    ...shapeChecks(catalog),
    ...tenantRuleChecks(catalog),
    ...catalogRuleChecks(catalog),
    ...roleChecks,
  ]);
}

/** Without sample rows nothing of the rest can be asked, so a schema that refuses them fails here, once. */
async function verifyRows(db: Client, appUrl: string | null): Promise<Result[]> {
  const name = 'one row of everything for each of two tenants';
  await db.query('savepoint samples');
  try {
    const [ids, other] = [await insertSamples(db), await insertSamples(db)];
    const behaviour = await runChecks(db, [...behaviourChecks(ids, other), ...cascadeChecks(ids, other)]);
    const isolation = await verifyIsolation(db, appUrl, ids, other);
    return [{ verdict: 'PASS', name, detail: null }, ...behaviour, ...isolation];
  } catch (error) {
    await db.query('rollback to savepoint samples');
    return [{ verdict: 'FAIL', name, detail: reasonOf(error) }];
  }
}

async function verifyIsolation(db: Client, appUrl: string | null, ids: SampleIds, other: SampleIds): Promise<Result[]> {
  if (await mayActAsApp(db)) return runChecks(db, isolationChecks(ids, other));
  await db.query('rollback to savepoint samples');
  return loginIsolation(db, appUrl);
}

async function mayActAsApp(db: Client): Promise<boolean> {
  const { rows } = await db.query<{ may: boolean }>(
    `select exists (select from pg_roles where rolname = 'avian_app') and coalesce((select rolsuper from pg_roles
       where rolname = current_user) or pg_has_role(current_user, (select oid from pg_roles where rolname = 'avian_app'),
       'member'), false) as may`,
  );
  return rows[0]?.may ?? false;
}
