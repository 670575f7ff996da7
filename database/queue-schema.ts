import { Logger, runMigrations } from 'graphile-worker';

/** Creates or updates graphile-worker's own tables as the login avian_worker, who then owns them. */
export async function migrateQueue(workerUrl: string): Promise<void> {
  await runMigrations({ connectionString: workerUrl, logger: new Logger(() => () => undefined) });
}
