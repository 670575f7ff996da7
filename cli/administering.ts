import type { Knex } from 'knex';
import { openPool } from '../database/pool.js';
import { DomainError } from '../domain/errors.js';
import { withMigrationUrl } from './migration-url.js';

/** Runs `work` as the migration login, which sees every tenant. */
export function asAdmin<T>(work: (admin: Knex) => Promise<T>): Promise<T> {
  return withMigrationUrl(process.env, undefined, async (url) => {
    const admin = openPool(url, 2, 'avian-cli');
    try {
      return await work(admin);
    } finally {
      await admin.destroy();
    }
  });
}

/** The id of the tenant of a domain. */
export async function tenantOf(admin: Knex, domain: string): Promise<string> {
  const tenant = await admin<{ id: string; domain: string }>('tenants').where({ domain }).first();
  if (!tenant) throw new DomainError('not_found', `There is no tenant ${domain}. See: npm run cli -- tenant list`);
  return tenant.id;
}

export function guid(option: string, value: string): string {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) return value.toLowerCase();
  throw new DomainError('invalid', `${option} must be a GUID, as the Entra admin center shows it, not "${value}".`);
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
