import type { Knex } from 'knex';
import { onlyFor } from '../support/functions.js';

/** The look-up of the actor happens before a tenant is known, so it sees more than its caller. */
export async function createFindActor(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.find_actor(p_entra_tenant_id uuid, p_aad_object_id uuid)
    returns table (
      user_id uuid, display_name text, is_active boolean, is_installation_admin boolean, entra_tenant_accepted boolean,
      tenant_id uuid, tenant_name text, role text, membership_active boolean
    ) language sql stable security definer set search_path = pg_catalog, pg_temp as $$
      select u.id,
        coalesce(m.display_name, nullif(concat_ws(' ', u.first_name, u.last_name), ''), u.email)::text,
        u.is_active,
        exists (select from public.installation_admins a where a.user_id = u.id),
        exists (select from public.accepted_entra_tenants e where e.entra_tenant_id = p_entra_tenant_id),
        m.tenant_id, t.name::text, m.role,
        m.is_active and t.is_active and t.closed_at is null
      from (select) as once
      left join public.users u on u.entra_tenant_id = p_entra_tenant_id and u.aad_object_id = p_aad_object_id
      left join public.tenant_members m on m.user_id = u.id
      left join public.tenants t on t.id = m.tenant_id
      order by t.name, m.tenant_id
    $$`);
  await knex.raw(
    `comment on function app.find_actor(uuid, uuid) is
     'One row per membership of the person, one with a null tenant when none, one with a null user when unknown'`,
  );
  await onlyFor(knex, 'app.find_actor(uuid, uuid)', ['avian_app', 'avian_system']);
}

/** Erasing a tenant takes its people with it, so they must not be needed elsewhere. */
export async function refuseDeletionOfNeededPeople(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.refuse_deletion_of_needed_people() returns trigger language plpgsql as $$
    declare
      needed bigint;
    begin
      select count(distinct u.id) into needed from public.users u
        join public.tenant_members m on m.user_id = u.id and m.tenant_id <> old.id
        where u.tenant_id = old.id;
      if needed > 0 then
        raise exception 'The tenant % cannot be deleted: % of its people are members of other tenants', old.name, needed
          using errcode = 'foreign_key_violation', hint = 'Give these people another home tenant first.';
      end if;
      return old;
    end $$`);
  await knex.raw(
    `comment on function app.refuse_deletion_of_needed_people() is 'Says why, before a reference would fail without a reason'`,
  );
  await knex.raw(`
    create trigger tenants_needed_people before delete on tenants
      for each row execute function app.refuse_deletion_of_needed_people()`);
}
