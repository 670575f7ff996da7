import { withDatabaseAccess } from './database-access.js';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs `work` with the URL of a login that bypasses row security: the one given, else MIGRATION_DATABASE_URL, else DATABASE_URL
 * (refused later with the reason unless an administrator's), else the embedded database, started for that time.
 */
export function withMigrationUrl<T>(
  env: Environment,
  given: string | undefined,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const url = given ?? env['MIGRATION_DATABASE_URL'];
  if (url) return work(url);
  return withDatabaseAccess(env, (access) => work(access.urls.migration));
}
