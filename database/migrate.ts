import knex from 'knex';
import type { Knex } from 'knex';
import pg from 'pg';
import { migrationNames, migrationSource } from './migration-source.js';

const connectTimeoutMs = 10_000;
const lockKey = 7_741_000;
const waitForOtherMs = 300_000;

export interface SchemaVersion {
  /** The newest applied migration; null when none is. */
  readonly newest: string | null;
  /** Migrations that this build knows and the database lacks, in order. */
  readonly pending: readonly string[];
}

/**
 * Applies what is missing, in one transaction, and returns the names; a schema that is ahead is left alone.
 * `url` is a login that bypasses row security; throws with the remedy.
 */
export function migrateUp(url: string): Promise<string[]> {
  return alone(url, async (db) => {
    if (!(await isBehind(db))) return [];
    const [, applied] = (await db.migrate.latest()) as [number, string[]];
    return applied;
  });
}

/** Undoes the newest migration, or all of them, and returns the names. Roles stay: they belong to the whole cluster. */
export function migrateDown(url: string, options: { readonly all: boolean }): Promise<string[]> {
  return alone(url, async (db) => {
    const undone = options.all ? db.migrate.rollback(undefined, true) : db.migrate.down();
    const [, names] = (await undone) as [number, string[]];
    return names;
  });
}

/** What the database has and lacks. Any of our logins may ask. */
export async function schemaVersion(db: Knex): Promise<SchemaVersion> {
  const found = await db.raw<{ rows: { there: boolean }[] }>(
    "select to_regclass('knex_migrations') is not null as there",
  );
  const applied = found.rows[0]?.there
    ? await db<{ id: number; name: string }>('knex_migrations').orderBy('id').pluck('name')
    : [];
  const pending = (await migrationNames()).filter((name) => !applied.includes(name));
  return { newest: applied.at(-1) ?? null, pending };
}

/** True when migrations of this build are missing. A schema that is ahead is no fault: migrations expand first. */
export async function isBehind(db: Knex): Promise<boolean> {
  return (await schemaVersion(db)).pending.length > 0;
}

/**
 * Migrations run one process at a time. Knex's own lock is a row that a killed process leaves behind; ours ends with its
 * connection, so whoever holds it may clear Knex's.
 */
async function alone<T>(url: string, work: (db: Knex) => Promise<T>): Promise<T> {
  const holder = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  await holder.connect();
  const db = migrator(url);
  try {
    await refuseUnfit(holder);
    await holder.query(`set lock_timeout = ${waitForOtherMs}`);
    await holder.query('select pg_advisory_lock($1)', [lockKey]);
    await db.migrate.forceFreeMigrationsLock();
    return await work(db);
  } finally {
    await db.destroy();
    await holder.end();
  }
}

/** What fails is thrown; Knex would print it as well. */
const ignore = () => undefined;
const silent = { warn: ignore, error: ignore, deprecate: ignore, debug: ignore };

function migrator(url: string): Knex {
  return knex({
    client: 'pg',
    connection: { connectionString: url, connectionTimeoutMillis: connectTimeoutMs },
    pool: { min: 0, max: 2 },
    migrations: { migrationSource },
    log: silent,
  });
}

/** Under FORCE an owner without BYPASSRLS is blind: a backfill updates nothing and a new reference is not checked. */
async function refuseUnfit(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ login: string; sees_all: boolean; version: number }>(
    `select rolname as login, rolsuper or rolbypassrls as sees_all, current_setting('server_version_num')::int as version
     from pg_catalog.pg_roles where rolname = current_user`,
  );
  const [found] = rows;
  if (found && found.version < 150_000) throw new Error('PostgreSQL 15 or newer is needed.');
  if (!found?.sees_all) {
    throw new Error(
      `The login ${found?.login ?? 'of this connection'} does not bypass row security, so it cannot migrate. ` +
        'Set MIGRATION_DATABASE_URL to the login avian_migrator; npm run cli -- database setup creates it.',
    );
  }
}
