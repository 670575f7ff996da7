import { readdir } from 'node:fs/promises';
import type { Knex } from 'knex';

const folder = new URL('../migrations/', import.meta.url);
const migrationFile = /^(\d{4}_[a-z0-9_]+)\.(?:ts|js)$/;

/**
 * Migrations by name without extension, so that runs from TypeScript and from compiled JavaScript share one
 * knex_migrations table. Folders and files of other names (migrations/support) are no migrations.
 */
export const migrationSource: Knex.MigrationSource<string> = {
  getMigrations: migrationNames,
  getMigrationName: (name) => name,
  getMigration: async (name) => (await import(new URL(await fileOf(name), folder).href)) as Knex.Migration,
};

/** All migrations that this build knows, in the order in which they run. */
export async function migrationNames(): Promise<string[]> {
  const names = (await readdir(folder)).flatMap((file) => migrationFile.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

async function fileOf(name: string): Promise<string> {
  const found = (await readdir(folder)).find((file) => migrationFile.exec(file)?.[1] === name);
  if (!found) throw new Error(`The migration ${name} is not in ${folder.pathname}.`);
  return found;
}
