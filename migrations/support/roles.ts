import type { Knex } from 'knex';

/** The logins that migrations grant rights to; `database setup` gives them passwords. They are cluster-wide. */
export const roles = ['avian_app', 'avian_system', 'avian_worker'] as const;

const lockKey = 7_741_001;

/**
 * Creates missing roles as NOLOGIN, bound by row security. Advisory locks hold within one database only, so a role that a
 * migration of another database has just created is no fault. Throws with the remedy when this login may not create roles.
 */
export async function ensureRoles(knex: Knex): Promise<void> {
  await knex.raw('select pg_advisory_xact_lock(?)', [lockKey]);
  for (const role of roles) {
    await knex.raw(`
      do $$ begin
        if not exists (select from pg_catalog.pg_roles where rolname = '${role}') then
          create role ${role} nologin nosuperuser nobypassrls nocreatedb nocreaterole;
        end if;
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
          raise exception 'The role ${role} is missing and % may not create roles. Run: npm run cli -- database setup',
            current_user using errcode = 'insufficient_privilege';
      end $$`);
  }
}
