import { Option } from 'commander';
import type { Command } from 'commander';
import { loginNames, loginVariables } from '../../database/login-urls.js';
import type { LoginKind, LoginUrls, Passwords } from '../../database/login-urls.js';
import { withDatabaseAccess } from '../database-access.js';

const kinds = Object.keys(loginVariables) as LoginKind[];

export function register(program: Command): void {
  const database = program.command('database').description('the database server and its logins');
  database
    .command('setup')
    .description('create the database, its logins and its tables, and print the variables for .env')
    .addOption(
      new Option(
        '--admin-url <url>',
        'a login that may create databases and roles: postgresql://user:password@host/postgres',
      )
        .env('ADMIN_DATABASE_URL')
        .makeOptionMandatory(),
    )
    .option(
      '--database <name>',
      'created when missing (default: the one that the URL names, avian where it names postgres)',
    )
    .addHelpText('after', '\nPasswords in DATABASE_URL and its companions are kept, others are drawn anew.')
    .action(setup);
  database
    .command('urls')
    .description('print the variables of the database in use, for psql and pg_dump')
    .action(() => withDatabaseAccess(process.env, ({ urls }) => Promise.resolve(print(urls))));
}

async function setup(options: { adminUrl: string; database?: string }): Promise<void> {
  const { setupDatabase } = await import('../../database/setup.js');
  const named = databaseOf(options.adminUrl);
  const database = options.database ?? (named === '' || named === 'postgres' ? 'avian' : named);
  print(await setupDatabase(options.adminUrl, { database, passwords: passwordsIn(process.env) }));
}

function databaseOf(url: string): string {
  if (!URL.canParse(url)) throw new Error('--admin-url must look like postgresql://user:password@host:5432/postgres.');
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/** So that a second setup does not lock out the programs that run with the first one's passwords. */
function passwordsIn(env: NodeJS.ProcessEnv): Partial<Passwords> {
  const known = kinds.flatMap((kind) => {
    const url = env[loginVariables[kind]];
    if (!url || !URL.canParse(url)) return [];
    const { username, password } = new URL(url);
    return username === loginNames[kind] && password !== '' ? [[kind, decodeURIComponent(password)] as const] : [];
  });
  return Object.fromEntries(known);
}

function print(urls: LoginUrls): void {
  for (const kind of kinds) process.stdout.write(`${loginVariables[kind]}=${urls[kind]}\n`);
}
