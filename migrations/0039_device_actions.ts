import type { Knex } from 'knex';
import { acrossTenants, describe, tenantOwned } from './support/tables.js';

/** The life of an action on a device: approval, the one call to Microsoft, its reconciliation, and who was asked. */
export async function up(knex: Knex): Promise<void> {
  await widenActions(knex);
  await createAsks(knex);
  await createPolicyChanges(knex);
  await admitEntities(knex);
  await admitTasks(knex);
}

async function widenActions(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table tenant_counters drop constraint tenant_counters_kind_check;
    alter table tenant_counters add constraint tenant_counters_kind_check check (kind in ('alert', 'incident', 'action'));
    alter table edr_actions
      add column number int,
      add column version int not null default 1 check (version >= 1),
      add column parameter varchar(20),
      add column needs_approval boolean not null default false,
      add column approve_by timestamptz,
      add column is_dry_run boolean not null default false,
      add column is_break_glass boolean not null default false,
      add column reviewed_by uuid,
      add column reviewed_at timestamptz,
      add column ended_by uuid,
      add column end_reason text,
      add column sent_at timestamptz,
      add column is_attached boolean not null default false,
      add column polls int not null default 0,
      add column next_step_at timestamptz,
      add column cancel_requested_by uuid,
      add column cancel_requested_at timestamptz,
      add column cancel_sent_at timestamptz,
      add column late_outcome varchar(50),
      add foreign key (tenant_id, reviewed_by) references tenant_members (tenant_id, user_id),
      add foreign key (tenant_id, ended_by) references tenant_members (tenant_id, user_id),
      add foreign key (tenant_id, cancel_requested_by) references tenant_members (tenant_id, user_id);
    update edr_actions a set number = n.number from (
      select tenant_id, id, row_number() over (partition by tenant_id order by created_at, id) as number from edr_actions) n
      where n.tenant_id = a.tenant_id and n.id = a.id;
    insert into tenant_counters (tenant_id, kind, last_number)
      select tenant_id, 'action', max(number) from edr_actions group by tenant_id;
    alter table edr_actions alter column number set not null;
    create unique index edr_actions_number_key on edr_actions (tenant_id, number);
    create trigger edr_actions_number before insert on edr_actions for each row when (new.number is null)
      execute function app.number_row('action');
    create index edr_actions_due_idx on edr_actions (next_step_at) where next_step_at is not null`);
  await describe(knex, 'edr_actions', 'Actions on devices: who asked for what, who approved it, what came of it', {
    number: 'Per tenant; people say ACT-7',
    version: 'Counts changes of the state, for clicks',
    parameter: 'Isolation type (Full, Selective) or scan type (Quick, Full)',
    approve_by: 'An approval must be given by then; null when none is needed',
    is_dry_run: 'Everything is done but the call to Microsoft',
    is_break_glass: 'Asked for by somebody who may act alone; announced, and to be reviewed by another admin',
    ended_by: 'Who rejected or cancelled it',
    end_reason: 'What that person wrote',
    sent_at: 'Committed before the request leaves; found without an outcome, the request is never sent again',
    is_attached: 'Follows an action that was under way at Microsoft already',
    polls: 'How often Microsoft was asked about it since it was sent',
    next_step_at:
      'When something is to be done about it next: ask, remind, expire, send, reconcile, poll, cancel; null when nothing is',
    cancel_requested_at: 'A person or the queue time wants it cancelled at Microsoft',
    cancel_sent_at: 'When the request to cancel last left',
    late_outcome: "Microsoft's status of an action that had been given up, once it became known",
    device_id: 'Null only for resolve_alert',
  });
  await acrossTenants(knex, 'edr_actions', ['SELECT']);
}

async function createAsks(knex: Knex): Promise<void> {
  await knex.raw(`
    create table approval_asks (
      tenant_id uuid not null references tenants (id) on delete cascade,
      entity_type text not null check (entity_type in ('action', 'policy_change')),
      entity_id uuid not null,
      user_id uuid not null,
      reached text check (reached in ('personal', 'mention', 'nowhere')),
      conversation_id text references conversations (conversation_id) on delete set null,
      asked_at timestamptz,
      reminded_at timestamptz,
      created_at timestamptz not null default app.now(),
      primary key (tenant_id, entity_type, entity_id, user_id),
      foreign key (tenant_id, user_id) references tenant_members (tenant_id, user_id)
    )`);
  await describe(knex, 'approval_asks', 'Who was asked to approve something, and where', {
    reached:
      'personal: card in the personal chat; mention: named in the channel; nowhere: could not be reached; null: not tried yet',
    conversation_id: 'The personal chat that has the card',
    reminded_at: 'Set once, 10 minutes after asking',
  });
  await tenantOwned(knex, 'approval_asks', { app: ['SELECT', 'INSERT', 'UPDATE'] });
}

async function createPolicyChanges(knex: Knex): Promise<void> {
  await knex.raw(`
    create table action_policy_changes (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      status text not null default 'proposed' check (status in ('proposed', 'confirmed', 'rejected', 'expired')),
      change jsonb not null,
      reason text not null check (btrim(reason) <> ''),
      proposed_by uuid not null,
      proposed_at timestamptz not null default app.now(),
      decided_by uuid,
      decided_at timestamptz,
      expires_at timestamptz not null,
      version int not null default 1 check (version >= 1),
      primary key (tenant_id, id),
      foreign key (tenant_id, proposed_by) references tenant_members (tenant_id, user_id),
      foreign key (tenant_id, decided_by) references tenant_members (tenant_id, user_id),
      check (decided_by is null or decided_by <> proposed_by),
      check ((status in ('confirmed', 'rejected')) = (decided_by is not null))
    );
    create unique index action_policy_changes_one_idx on action_policy_changes (tenant_id) where status = 'proposed'`);
  await describe(knex, 'action_policy_changes', 'Changes of the rules for device actions, which need a second admin', {
    change: 'Members of the settings that change, e.g. {"dryRun": false}',
  });
  await tenantOwned(knex, 'action_policy_changes', { app: ['SELECT', 'INSERT', 'UPDATE'] });
}

async function admitEntities(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table posted_cards drop constraint posted_cards_entity_type_check;
    alter table posted_cards add constraint posted_cards_entity_type_check
      check (entity_type in ('alert', 'incident', 'action', 'policy_change'));
    alter table posted_cards add column user_id uuid,
      add foreign key (tenant_id, user_id) references tenant_members (tenant_id, user_id);
    comment on column posted_cards.user_id is 'In a personal chat: whose; such a copy needs no link';
    create function app.personal_conversation(p_user_id uuid) returns text
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select c.conversation_id from public.tenant_members m
          join public.users u on u.id = m.user_id
          join public.conversations c on c.kind = 'personal' and c.state = 'active'
            and c.aad_object_id = u.aad_object_id and c.entra_tenant_id = u.entra_tenant_id
        where m.tenant_id = app.tenant_id() and m.user_id = p_user_id and m.is_active and u.is_active
        order by c.last_seen_at desc limit 1
      $$;
    comment on function app.personal_conversation is 'The personal chat of an active member of the current tenant, if the bot knows one';
    revoke all on function app.personal_conversation(uuid) from public;
    grant execute on function app.personal_conversation(uuid) to avian_app`);
}

const tasks = (names: readonly string[]) => `
  create or replace function app.enqueue(p_task text, p_payload jsonb, p_key text default null, p_run_at timestamptz default null)
    returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare t text := nullif(current_setting('app.tenant_id', true), '');
    begin
      if t is null then raise exception 'app.tenant_id is not set' using errcode = '42501'; end if;
      if p_task not in (${names.map((name) => `'${name}'`).join(', ')}) then
        raise exception 'task % may not be enqueued by the application', p_task using errcode = '42501';
      end if;
      perform graphile_worker.add_job(p_task, (p_payload || jsonb_build_object('tenantId', t))::json,
        queue_name := null, run_at := p_run_at, job_key := t || '/' || coalesce(p_key, p_task), job_key_mode := 'replace');
    end $$`;

/** Replacing keeps owner and grants. */
async function admitTasks(knex: Knex): Promise<void> {
  await knex.raw(
    tasks([
      'sync_alerts',
      'sync_devices',
      'sync_compliance',
      'sync_vulnerabilities',
      'device_action',
      'ask_approvers',
      'posture',
    ]),
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(tasks(['sync_alerts']));
  await knex.raw(`
    drop function app.personal_conversation(uuid);
    delete from posted_cards where entity_type not in ('alert', 'incident');
    alter table posted_cards drop column user_id;
    alter table posted_cards drop constraint posted_cards_entity_type_check;
    alter table posted_cards add constraint posted_cards_entity_type_check check (entity_type in ('alert', 'incident'));
    drop table action_policy_changes;
    drop table approval_asks;
    drop policy across_tenants on edr_actions;
    revoke select on edr_actions from avian_system;
    drop trigger edr_actions_number on edr_actions;
    alter table edr_actions drop column number, drop column version, drop column parameter, drop column needs_approval,
      drop column approve_by, drop column is_dry_run, drop column is_break_glass, drop column reviewed_by,
      drop column reviewed_at, drop column ended_by, drop column end_reason, drop column sent_at,
      drop column is_attached, drop column polls, drop column next_step_at, drop column cancel_requested_by,
      drop column cancel_requested_at, drop column cancel_sent_at, drop column late_outcome;
    delete from tenant_counters where kind = 'action';
    alter table tenant_counters drop constraint tenant_counters_kind_check;
    alter table tenant_counters add constraint tenant_counters_kind_check check (kind in ('alert', 'incident'))`);
}
