import type { Client } from 'pg';
import { loginNames } from './login-urls.js';

const { database: app, system, worker, migration } = loginNames;

/** Gives the logins what they need in the connected database, and takes from PUBLIC what nobody should have. */
export async function grantInDatabase(admin: Client, exclusive: boolean): Promise<void> {
  const current = await admin.query<{ name: string }>('select current_database() as name');
  const database = admin.escapeIdentifier(current.rows[0]?.name ?? '');
  if (exclusive) await admin.query(`revoke all on database ${database} from public`);
  await admin.query(`grant connect on database ${database} to ${app}, ${system}, ${worker}, ${migration}`);
  await admin.query(`grant create, temporary on database ${database} to ${worker}, ${migration}`);
  await admin.query('revoke create on schema public from public');
  await admin.query(`grant usage on schema public to ${app}, ${system}`);
  await admin.query(`grant usage, create on schema public to ${migration}`);
  await refuseUngranted(admin);
}

/** PostgreSQL only warns when an administrator who does not own the schema grants rights on it. */
async function refuseUngranted(admin: Client): Promise<void> {
  const found = await admin.query<{ granted: boolean }>(
    `select has_schema_privilege($1, 'public', 'create') and has_database_privilege($1, current_database(), 'create')
       as granted`,
    [migration],
  );
  if (found.rows[0]?.granted) return;
  throw new Error(
    `The administrator login could not give ${migration} the right to create tables. ` +
      'Use the owner of the database, or a superuser.',
  );
}
