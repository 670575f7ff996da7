import type { Knex } from 'knex';
import { isBehind } from './migrate.js';
import type { Database } from './transaction.js';

const remedy = 'Run: npm run cli -- database setup --admin-url <administrator URL>, and use the logins it prints.';
const oldestVersion = 150_000;

interface LoginFacts {
  readonly login: string;
  readonly version: string;
  readonly versionNumber: number;
  readonly bypasses: boolean;
  readonly owns: string | null;
  readonly memberOf: string | null;
}

/** Throws one sentence with the remedy when row security would not hold for a login, or the schema is not this build's. */
export async function checkFitness(db: Database): Promise<void> {
  const app = await refuseUnfit(db.app, 'DATABASE_URL');
  const system = await refuseUnfit(db.system, 'SYSTEM_DATABASE_URL');
  if (app === system) {
    throw new Error(
      `DATABASE_URL and SYSTEM_DATABASE_URL are both the login ${app}; the second needs its own. ${remedy}`,
    );
  }
  if (!(await isBehind(db.app))) return;
  throw new Error(
    'The database schema is older than this program. Run: npm run migrate (with MIGRATION_DATABASE_URL).',
  );
}

/** Returns the login's name. */
async function refuseUnfit(pool: Knex, variable: string): Promise<string> {
  const facts = await readFacts(pool);
  if (facts.versionNumber < oldestVersion) {
    throw new Error(`The server is PostgreSQL ${facts.version}; PostgreSQL 15 or newer is needed.`);
  }
  const fault = faultOf(facts);
  if (fault)
    throw new Error(`The login ${facts.login} of ${variable} ${fault}, so one tenant could see another. ${remedy}`);
  return facts.login;
}

function faultOf(facts: LoginFacts): string | null {
  if (facts.bypasses) return 'bypasses row security';
  if (facts.owns !== null) return `owns ${facts.owns}`;
  if (facts.memberOf !== null) return `is a member of ${facts.memberOf} and may switch to it`;
  return null;
}

/** The session's login counts, not a role it may have switched to. */
async function readFacts(pool: Knex): Promise<LoginFacts> {
  const found = await pool.raw<{ rows: LoginFacts[] }>(`
    select r.rolname as login, current_setting('server_version') as version,
      current_setting('server_version_num')::int as "versionNumber", r.rolsuper or r.rolbypassrls as bypasses,
      (select c.oid::regclass::text from pg_catalog.pg_class c
       where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm') and c.relpersistence <> 't' limit 1) as owns,
      (select g.rolname from pg_catalog.pg_auth_members m join pg_catalog.pg_roles g on g.oid = m.roleid
       where m.member = r.oid limit 1) as "memberOf"
    from pg_catalog.pg_roles r where r.rolname = session_user`);
  const [facts] = found.rows;
  if (!facts) throw new Error(`The login of this connection is unknown to the server. ${remedy}`);
  return facts;
}
