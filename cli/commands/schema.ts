import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { rowTypes } from '../../database/row-types.js';
import { failed, reportOf } from '../../database/schema-verify/report.js';
import { verifySchema } from '../../database/schema-verify/verify.js';
import { withDatabaseAccess } from '../database-access.js';
import { withMigrationUrl } from '../migration-url.js';

const rowsFile = new URL('../../database/rows.ts', import.meta.url);
const urlOption = ['--url <url>', 'a migrated database, as avian_migrator or an administrator'] as const;

export function register(program: Command): void {
  const schema = program.command('schema').description('check a database, or describe it to TypeScript');
  schema
    .command('verify')
    .description('check a database against what the migrations must produce; changes nothing')
    .option(...urlOption)
    .option('--app-url <url>', 'the login avian_app, asked where the other may not act as it (default: DATABASE_URL)')
    .action(verify);
  schema
    .command('types')
    .description('write database/rows.ts from a migrated database')
    .option(...urlOption)
    .option('--check', 'write nothing; fail when the file differs')
    .action((options: { url?: string; check?: boolean }) =>
      withMigrationUrl(process.env, options.url, (url) => types(url, options.check ?? false)),
    );
}

async function verify(options: { url?: string; appUrl?: string }): Promise<void> {
  const url = options.url ?? process.env['MIGRATION_DATABASE_URL'];
  const appUrl = options.appUrl ?? process.env['DATABASE_URL'] ?? null;
  const results = url
    ? await verifySchema({ url, appUrl })
    : await withDatabaseAccess(process.env, ({ urls, adminUrl }) =>
        verifySchema({ url: adminUrl ?? urls.migration, appUrl: urls.database }),
      );
  process.stdout.write(reportOf(results));
  if (failed(results)) process.exitCode = 1;
}

async function types(url: string, check: boolean): Promise<void> {
  const text = await rowTypes(url);
  if (!check) return writeFile(rowsFile, text);
  if (text === (await readFile(rowsFile, 'utf8'))) return;
  throw new Error('database/rows.ts differs from the database. Run: npm run types:rows');
}
