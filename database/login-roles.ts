import type { Client } from 'pg';
import { loginNames } from './login-urls.js';
import type { LoginKind, Passwords } from './login-urls.js';
import { scramVerifier } from './scram.js';
import { sessionLimits } from './session-limits.js';

/** Attributes a login must not have; each is taken away only where it is set, since only a superuser may name them all. */
const forbidden = {
  rolsuper: 'nosuperuser',
  rolcreaterole: 'nocreaterole',
  rolcreatedb: 'nocreatedb',
  rolreplication: 'noreplication',
} as const;

type RoleRow = Record<keyof typeof forbidden | 'rolbypassrls', boolean>;

/** Brings the four roles to what migrations and row security rely on, whatever they were before. */
export async function mendLogins(admin: Client, passwords: Passwords): Promise<void> {
  for (const kind of Object.keys(loginNames) as LoginKind[]) {
    await mendRole(admin, loginNames[kind], kind === 'migration', passwords[kind]);
  }
  for (const kind of ['database', 'system'] as const) await limitSessions(admin, loginNames[kind]);
  for (const kind of ['database', 'system', 'worker'] as const) await leaveRoles(admin, loginNames[kind]);
  await admin.query(`grant ${loginNames.worker} to ${loginNames.migration}`);
}

async function mendRole(admin: Client, name: string, bypass: boolean, password: string): Promise<void> {
  const found = await admin.query<RoleRow>('select * from pg_catalog.pg_roles where rolname = $1', [name]);
  const role = found.rows[0];
  const verb = role ? 'alter' : 'create';
  const taken = Object.entries(forbidden).flatMap(([column, word]) => (role?.[column as keyof RoleRow] ? [word] : []));
  const rowSecurity = bypass === (role?.rolbypassrls ?? false) ? [] : [bypass ? 'bypassrls' : 'nobypassrls'];
  const attributes = ['login', ...rowSecurity, ...taken].join(' ');
  await admin.query(`${verb} role ${name} ${attributes} password ${admin.escapeLiteral(scramVerifier(password))}`);
}

/** The limits that our pools ask for at start-up, kept on the role too, for poolers that drop start-up parameters. */
async function limitSessions(admin: Client, name: string): Promise<void> {
  for (const [setting, ms] of Object.entries(sessionLimits))
    await admin.query(`alter role ${name} set ${setting} = ${ms}`);
}

async function leaveRoles(admin: Client, name: string): Promise<void> {
  const found = await admin.query<{ role: string }>(
    `select r.rolname as role from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.roleid
     where m.member = $1::regrole`,
    [name],
  );
  for (const { role } of found.rows) await admin.query(`revoke ${admin.escapeIdentifier(role)} from ${name}`);
}
