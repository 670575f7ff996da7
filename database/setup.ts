import type { Client } from 'pg';
import { asAdministrator, withClient } from './administrator.js';
import { withDatabase } from './login-urls.js';
import type { LoginUrls, Passwords } from './login-urls.js';
import { setupLogins } from './logins.js';
import { migrateUp } from './migrate.js';
import { migrateQueue } from './queue-schema.js';

export interface DatabaseSetup {
  /** Created when missing; the database that the administrator's URL names when not given. */
  readonly database?: string;
  /** Passwords to keep; the others are drawn anew. */
  readonly passwords?: Partial<Passwords>;
}

/** From an empty server to one the program can run on: database, logins, queue, schema. Repeating it is harmless. */
export async function setupDatabase(adminUrl: string, options: DatabaseSetup = {}): Promise<LoginUrls> {
  await withClient(adminUrl, refuseOldServer);
  const url = options.database === undefined ? adminUrl : withDatabase(adminUrl, options.database);
  const created = options.database !== undefined && (await createMissing(adminUrl, options.database));
  await withClient(url, refuseOtherEncoding);
  const urls = await setupLogins(url, { passwords: options.passwords, exclusive: created });
  await migrateQueue(urls.worker);
  await migrateUp(urls.migration);
  return urls;
}

const oldestVersion = 150_000;

async function refuseOldServer(client: Client): Promise<void> {
  const found = await client.query<{ number: number; version: string }>(
    "select current_setting('server_version_num')::int as number, current_setting('server_version') as version",
  );
  const [server] = found.rows;
  if (server && server.number < oldestVersion) {
    throw new Error(`The server is PostgreSQL ${server.version}; PostgreSQL 15 or newer is needed.`);
  }
}

async function refuseOtherEncoding(client: Client): Promise<void> {
  const found = await client.query<{ encoding: string }>("select current_setting('server_encoding') as encoding");
  const encoding = found.rows[0]?.encoding;
  if (encoding === 'UTF8') return;
  throw new Error(
    `The database is encoded in ${encoding}, which cannot hold every alert. Create one with ENCODING 'UTF8'.`,
  );
}

function createMissing(adminUrl: string, name: string): Promise<boolean> {
  return asAdministrator(adminUrl, async (admin) => {
    const found = await admin.query('select from pg_catalog.pg_database where datname = $1', [name]);
    if (found.rowCount) return false;
    await admin.query(`create database ${admin.escapeIdentifier(name)} encoding 'UTF8' template template0`);
    return true;
  });
}
