import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

/** Playbooks: tenant_id null is the library of the platform, which everybody reads and the migration role writes. */
export async function createPlaybooks(knex: Knex): Promise<void> {
  await knex.raw(`
    create table investigation_playbooks (
      id uuid primary key default gen_random_uuid(),
      tenant_id uuid references tenants (id) on delete cascade,
      name varchar(255) not null,
      version varchar(50) not null,
      status playbook_status not null default 'draft',
      purpose text,
      initial_validation_steps jsonb not null default '[]',
      source_investigation_steps jsonb not null default '[]',
      containment_checks jsonb not null default '[]',
      decision_guidance jsonb not null default '{}',
      created_by uuid,
      allowed_roles text[] not null default '{}',
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      unique nulls not distinct (tenant_id, name, version),
      constraint investigation_playbooks_author check ((tenant_id is null) = (created_by is null)),
      foreign key (tenant_id, created_by) references tenant_members (tenant_id, user_id) on delete restrict
    )`);
  await describe(
    knex,
    'investigation_playbooks',
    'Steps for investigating a class of alerts; a version is never edited',
    {
      tenant_id: "Null for the platform's library",
      created_by: 'Null exactly for the library',
      allowed_roles: 'Roles that may use it; empty means every role that may read alerts',
    },
  );
  await ownAndLibrary(knex, 'investigation_playbooks', true);
  await createPlaybookLinks(knex);
  await createPlaybookTriggers(knex);
}

async function createPlaybookLinks(knex: Knex): Promise<void> {
  await knex.raw(`
    create table playbook_classification_links (
      playbook_id uuid not null references investigation_playbooks (id) on delete cascade,
      tenant_id uuid references tenants (id) on delete cascade,
      classification varchar(100) not null,
      is_primary boolean not null default false,
      playbook_status playbook_status not null default 'draft',
      created_at timestamptz not null default app.now(),
      primary key (playbook_id, classification)
    );
    create index playbook_classification_links_lookup_idx on playbook_classification_links (tenant_id, classification);
    create unique index playbook_classification_links_active_primary_idx on playbook_classification_links
      (tenant_id, classification) nulls not distinct where is_primary and playbook_status = 'active'`);
  await describe(knex, 'playbook_classification_links', 'Which playbooks attach to alerts of which classification', {
    tenant_id: "The playbook's, kept equal by a trigger; null for the library",
    is_primary: 'Shown first; one active primary per tenant and classification, the library apart',
    playbook_status: "The playbook's, kept equal by triggers so that an index can hold the rule",
  });
  await ownAndLibrary(knex, 'playbook_classification_links', false);
}

async function ownAndLibrary(knex: Knex, table: string, updatedAt: boolean): Promise<void> {
  await tenantOwned(knex, table, { updatedAt, app: ['SELECT', 'INSERT', 'UPDATE'] });
  await knex.raw(`create policy library on ${table} for select to avian_app using (tenant_id is null)`);
}

async function createPlaybookTriggers(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.follow_playbook() returns trigger language plpgsql as $$
    begin
      select p.tenant_id, p.status into strict new.tenant_id, new.playbook_status
        from public.investigation_playbooks p where p.id = new.playbook_id;
      return new;
    exception when no_data_found then
      raise exception 'There is no playbook % here', new.playbook_id using errcode = 'foreign_key_violation';
    end $$;
    comment on function app.follow_playbook() is 'A link has the tenant and status of its playbook, whatever was written';
    create trigger playbook_classification_links_follow before insert or update on playbook_classification_links
      for each row execute function app.follow_playbook();

    create function app.lead_playbook_links() returns trigger language plpgsql as $$
    begin
      update public.playbook_classification_links set playbook_status = new.status where playbook_id = new.id;
      return null;
    end $$;
    comment on function app.lead_playbook_links() is 'Copies a changed status to the links';
    create trigger investigation_playbooks_lead after update of status, tenant_id on investigation_playbooks
      for each row execute function app.lead_playbook_links()`);
}
