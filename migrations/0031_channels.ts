import type { Knex } from 'knex';
import { tenantOwned } from './support/tables.js';

/** Where Teams is reached, which tenant a conversation serves, and which activity shows which entity. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table conversations (
      conversation_id text primary key,
      kind text not null check (kind in ('channel', 'groupChat', 'personal')),
      service_url text not null,
      entra_tenant_id uuid not null,
      bot_id text not null,
      team_name text,
      channel_name text,
      aad_object_id uuid,
      tenant_id uuid references tenants (id) on delete set null,
      state text not null default 'active' check (state in ('active', 'lost')),
      lost_reason text,
      created_at timestamptz not null default app.now(),
      last_seen_at timestamptz not null default app.now()
    );
    comment on table conversations is 'Installation table: every conversation the bot was seen in, known before a tenant is';
    comment on column conversations.tenant_id is 'The one tenant this conversation serves; null until an admin links it';
    comment on column conversations.service_url is 'Bot Connector address; its host was on the allow-list when it was stored';
    comment on column conversations.entra_tenant_id is 'Entra tenant the conversation lives in, not the tenant it serves';
    comment on column conversations.aad_object_id is 'The person of a personal chat';
    create index conversations_person_idx on conversations (entra_tenant_id, aad_object_id) where kind = 'personal';
    create index conversations_tenant_idx on conversations (tenant_id) where tenant_id is not null;
    alter table conversations enable row level security;
    alter table conversations force row level security;
    create policy system_all on conversations to avian_system using (true) with check (true);
    grant select, insert, update on conversations to avian_system;

    create function app.find_conversation(p_conversation_id text)
      returns table (conversation_id text, kind text, service_url text, entra_tenant_id uuid, bot_id text, tenant_id uuid,
                     state text, team_name text, channel_name text)
      language sql stable security definer set search_path = pg_catalog, pg_temp as $$
        select c.conversation_id, c.kind, c.service_url, c.entra_tenant_id, c.bot_id, c.tenant_id, c.state, c.team_name, c.channel_name
        from public.conversations c where c.conversation_id = p_conversation_id
      $$;
    comment on function app.find_conversation is 'Look-up of a conversation before its tenant is known';

    create function app.claim_conversation(p_conversation_id text) returns boolean
      language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with claimed as (
          update public.conversations set tenant_id = app.tenant_id()
          where conversation_id = p_conversation_id and app.tenant_id() is not null
            and (tenant_id is null or tenant_id = app.tenant_id())
          returning 1)
        select exists (select 1 from claimed)
      $$;
    comment on function app.claim_conversation is 'Gives a free conversation to the current tenant; false when another tenant has it';

    create function app.release_conversation(p_conversation_id text) returns boolean
      language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
        with released as (
          update public.conversations set tenant_id = null
          where conversation_id = p_conversation_id and tenant_id = app.tenant_id()
          returning 1)
        select exists (select 1 from released)
      $$;
    comment on function app.release_conversation is 'Frees a conversation that serves the current tenant';

    revoke all on function app.find_conversation(text), app.claim_conversation(text), app.release_conversation(text) from public;
    grant execute on function app.find_conversation(text) to avian_app, avian_system;
    grant execute on function app.claim_conversation(text), app.release_conversation(text) to avian_app;

    create table channel_links (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      conversation_id text not null references conversations (conversation_id) on delete cascade,
      purpose text not null check (purpose in ('alerts', 'escalations', 'reports')),
      state text not null default 'active' check (state in ('active', 'lost', 'removed')),
      linked_by uuid not null,
      lost_at timestamptz,
      lost_reason text,
      created_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      foreign key (tenant_id, linked_by) references tenant_members (tenant_id, user_id),
      check ((state = 'lost') = (lost_at is not null))
    );
    comment on table channel_links is 'Which conversation receives what of a tenant';
    comment on column channel_links.state is 'lost: the app or the conversation is gone, delivery stopped; removed: an admin unlinked it';
    create unique index channel_links_conversation_key on channel_links (tenant_id, conversation_id, purpose);
    create unique index channel_links_purpose_key on channel_links (tenant_id, purpose) where state in ('active', 'lost');

    create table posted_cards (
      tenant_id uuid not null references tenants (id) on delete cascade,
      entity_type text not null check (entity_type in ('alert', 'incident')),
      entity_id uuid not null,
      conversation_id text not null references conversations (conversation_id) on delete cascade,
      activity_id text,
      card_schema int not null,
      posted_at timestamptz not null default app.now(),
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, entity_type, entity_id, conversation_id)
    );
    comment on table posted_cards is 'Which Teams activity shows which entity';
    comment on column posted_cards.activity_id is 'Null when the activity is gone and the card must be posted anew';
    comment on column posted_cards.card_schema is 'Schema number of the card as it was last drawn';
  `);
  await tenantOwned(knex, 'channel_links', { updatedAt: true, system: ['SELECT'] });
  await tenantOwned(knex, 'posted_cards', { updatedAt: true });
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table posted_cards;
    drop table channel_links;
    drop function app.release_conversation(text);
    drop function app.claim_conversation(text);
    drop function app.find_conversation(text);
    drop table conversations;
  `);
}
