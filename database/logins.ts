import { randomBytes } from 'node:crypto';
import { asAdministrator } from './administrator.js';
import { grantInDatabase } from './login-grants.js';
import { mendLogins } from './login-roles.js';
import { loginUrls } from './login-urls.js';
import type { LoginUrls, Passwords } from './login-urls.js';

export interface SetupOptions {
  /** Passwords to keep; the others are drawn anew. */
  readonly passwords?: Partial<Passwords>;
  /** The database is ours alone: PUBLIC may then neither connect nor make temporary tables. */
  readonly exclusive?: boolean;
}

/**
 * Makes or mends the four logins and their rights in the database that `adminUrl` names; repeating it changes nothing but
 * passwords that were not given. Needs an administrator who may create roles, also with BYPASSRLS.
 */
export async function setupLogins(adminUrl: string, options: SetupOptions = {}): Promise<LoginUrls> {
  const passwords = completePasswords(options.passwords ?? {});
  await asAdministrator(adminUrl, async (admin) => {
    await mendLogins(admin, passwords);
    await grantInDatabase(admin, options.exclusive ?? false);
  });
  return loginUrls(adminUrl, passwords);
}

function completePasswords(given: Partial<Passwords>): Passwords {
  const draw = () => randomBytes(24).toString('base64url');
  return { database: draw(), system: draw(), worker: draw(), migration: draw(), ...given };
}
