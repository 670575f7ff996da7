import type { Knex } from 'knex';
import { ensureRoles } from './support/roles.js';
import { dropAll } from './support/tables.js';
import { createAdoptionRecord } from './tenants_and_users/adoption.js';
import { createAppSchema, dropAppSchema } from './tenants_and_users/app-schema.js';
import { createDirectory, isolateDirectory } from './tenants_and_users/directory.js';
import { createFindActor, refuseDeletionOfNeededPeople } from './tenants_and_users/functions.js';
import { createInstallationTables, createMembers } from './tenants_and_users/members.js';
import { dropDirectory } from './tenants_and_users/undo.js';

export async function up(knex: Knex): Promise<void> {
  await ensureRoles(knex);
  await createAppSchema(knex);
  await createAdoptionRecord(knex);
  await createDirectory(knex);
  await createMembers(knex);
  await isolateDirectory(knex);
  await createInstallationTables(knex);
  await createFindActor(knex);
  await refuseDeletionOfNeededPeople(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.find_actor(uuid, uuid)');
  await knex.raw('drop policy tenant_isolation on users');
  await dropAll(knex, ['accepted_entra_tenants', 'installation_admins', 'tenant_members']);
  await knex.raw('drop trigger tenants_needed_people on tenants');
  await dropDirectory(knex);
  await dropAppSchema(knex);
}
