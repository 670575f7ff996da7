import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { withClient } from '../../database/administrator.js';
import { withDatabase } from '../../database/login-urls.js';
import { setupLogins } from '../../database/logins.js';
import { migrateUp } from '../../database/migrate.js';
import { openDatabase, openPool } from '../../database/pool.js';
import { migrateQueue } from '../../database/queue-schema.js';
import type { Database } from '../../database/transaction.js';
import { stopTestServer, testServer } from './test-server.js';

export { insertMember, insertTenant } from './people.js';
export type { TestMember, TestTenant } from './people.js';

/** A database of one test file, migrated and empty. */
export interface TestDatabase {
  readonly db: Database;
  /** Administrator: bypasses row security, sees every tenant. */
  readonly admin: Knex;
  readonly urls: TestUrls;
  /** Closes all connections and drops the database. */
  drop(): Promise<void>;
}

export interface TestUrls {
  readonly admin: string;
  readonly app: string;
  readonly system: string;
  readonly worker: string;
  readonly migrator: string;
}

let template: Promise<string> | undefined;
const undropped = new Set<string>();

/** Copies the migrated template, which is made at the first call: 30 to 120 ms instead of a second. */
export async function testDatabase(): Promise<TestDatabase> {
  const source = await (template ??= makeTemplate());
  const name = newName();
  const { adminUrl } = await testServer();
  await withClient(adminUrl, (client) => client.query(`create database ${name} template ${source}`));
  undropped.add(name);
  const urls = await giveLogins(name);
  const db = await openDatabase({ appUrl: urls.app, systemUrl: urls.system, name: 'avian-test' });
  const admin = openPool(urls.admin, 4, 'avian-test-admin');
  const drop = async () => {
    await Promise.all([db.close(), admin.destroy()]);
    await dropDatabase(name);
  };
  return { db, admin, urls, drop };
}

/** An empty database with the four logins and nothing else, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<{ urls: TestUrls; drop(): Promise<void> }> {
  const name = newName();
  const { adminUrl } = await testServer();
  await withClient(adminUrl, (client) => client.query(`create database ${name}`));
  undropped.add(name);
  return { urls: await giveLogins(name), drop: () => dropDatabase(name) };
}

/** For the root hook: drops what tests left and stops the server. */
export async function closeTestDatabases(): Promise<void> {
  for (const name of undropped) await dropDatabase(name);
  template = undefined;
  await stopTestServer();
}

async function makeTemplate(): Promise<string> {
  const { adminUrl } = await testServer();
  const name = newName();
  await withClient(adminUrl, (client) => client.query(`create database ${name}`));
  undropped.add(name);
  const urls = await giveLogins(name);
  await migrateQueue(urls.worker);
  await migrateUp(urls.migrator);
  return name;
}

/** Roles are cluster-wide, so parallel test runs on one server must agree on their passwords. */
async function giveLogins(name: string): Promise<TestUrls> {
  const { adminUrl } = await testServer();
  const admin = withDatabase(adminUrl, name);
  const password = createHash('sha256').update(adminUrl).digest('base64url');
  const passwords = { database: password, system: password, worker: password, migration: password };
  const urls = await setupLogins(admin, { passwords, exclusive: true });
  return { admin, app: urls.database, system: urls.system, worker: urls.worker, migrator: urls.migration };
}

async function dropDatabase(name: string): Promise<void> {
  const { adminUrl } = await testServer();
  await withClient(adminUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
  undropped.delete(name);
}

function newName(): string {
  return `avian_test_${randomBytes(6).toString('hex')}`;
}
