import type { Command } from 'commander';
import { migrateDown, migrateUp } from '../../database/migrate.js';
import { withMigrationUrl } from '../migration-url.js';

export function register(program: Command): void {
  const migrate = program.command('migrate').description('bring the schema up to this release, or take it down');
  migrate
    .command('up')
    .description('apply the migrations that are missing')
    .option('--url <url>', 'database, as avian_migrator or an administrator (default: MIGRATION_DATABASE_URL)')
    .action((options: { url?: string }) => withMigrationUrl(process.env, options.url, up));
  migrate
    .command('down')
    .description('undo the newest migration; its data are lost')
    .option('--all', 'undo all of them; roles stay, since they belong to the whole cluster')
    .option('--url <url>', 'database, as avian_migrator or an administrator (default: MIGRATION_DATABASE_URL)')
    .action((options: { all?: boolean; url?: string }) =>
      withMigrationUrl(process.env, options.url, (url) => down(url, options.all ?? false)),
    );
}

async function up(url: string): Promise<void> {
  report('applied', await migrateUp(url), 'The schema is up to date.');
}

async function down(url: string, all: boolean): Promise<void> {
  report('undone', await migrateDown(url, { all }), 'There is nothing to undo.');
}

function report(verb: string, names: readonly string[], none: string): void {
  process.stdout.write(names.length === 0 ? `${none}\n` : names.map((name) => `${verb}  ${name}\n`).join(''));
}
