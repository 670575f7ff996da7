import type { Knex } from 'knex';
import { migrationSource } from './database/migration-source.js';

/** For Knex's own command line: node --import tsx node_modules/.bin/knex --knexfile knexfile.ts migrate:latest */
export const config: Knex.Config = {
  client: 'pg',
  connection: process.env['MIGRATION_DATABASE_URL'] ?? process.env['DATABASE_URL'] ?? '',
  migrations: { migrationSource },
};

export default config;
