import type { Knex } from 'knex';
import { tenantOwned } from './support/tables.js';

/** Work that leaves the process for Teams, in order per conversation; a row says what is stale, not what to send. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table outbox (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id bigint generated always as identity,
      conversation_id text not null references conversations (conversation_id) on delete cascade,
      stale_key text not null,
      kind text not null check (kind in ('card', 'thread', 'notice')),
      entity_type text,
      entity_id uuid,
      payload jsonb not null default '{}',
      generation int not null default 1,
      state text not null default 'pending' check (state in ('pending', 'sent', 'dropped', 'parked')),
      attempts int not null default 0,
      unknown_outcomes int not null default 0,
      sending_since timestamptz,
      due_at timestamptz not null default app.now(),
      last_error text,
      created_at timestamptz not null default app.now(),
      finished_at timestamptz,
      primary key (tenant_id, id),
      check ((state = 'pending') = (finished_at is null))
    );
    comment on table outbox is 'Ordered outgoing activities; one pending row per stale thing, so that refreshes merge';
    comment on column outbox.stale_key is 'What is stale, e.g. alert:<id>; unique per conversation while pending';
    comment on column outbox.kind is 'card: draw the entity anew; thread: a line of history (payload.auditId) under its card; notice: a message of its own';
    comment on column outbox.generation is 'Raised when the thing becomes stale again; a send that began with an older one leaves the row pending';
    comment on column outbox.state is 'parked: the outcome of two posts is unknown, so that a third could be a second duplicate; a person decides';
    comment on column outbox.sending_since is 'Set before a request that must not repeat leaves the process; found set after a crash, its outcome is unknown';
    create unique index outbox_stale_key on outbox (tenant_id, conversation_id, stale_key) where state = 'pending';
    create index outbox_pending_idx on outbox (tenant_id, conversation_id, id) where state = 'pending';
    create index outbox_finished_idx on outbox (tenant_id, finished_at) where state <> 'pending';

    create table delivery_lanes (
      tenant_id uuid not null references tenants (id) on delete cascade,
      conversation_id text not null references conversations (conversation_id) on delete cascade,
      not_before timestamptz,
      lease_owner uuid,
      lease_until timestamptz,
      failures int not null default 0,
      primary key (tenant_id, conversation_id),
      check ((lease_owner is null) = (lease_until is null))
    );
    comment on table delivery_lanes is 'One row per conversation that had something to deliver: who is delivering, and not before when';
    comment on column delivery_lanes.not_before is 'Retry-After or back-off of the whole conversation';
    comment on column delivery_lanes.failures is 'Failed requests in a row; sets the back-off';

    create table delivery_log (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id bigint generated always as identity,
      conversation_id text not null,
      outbox_id bigint not null,
      operation text not null check (operation in ('post', 'reply', 'update')),
      sent_at timestamptz not null,
      primary key (tenant_id, id)
    );
    comment on table delivery_log is 'Requests that left for Teams, so that any replica knows how much of a conversation''s rate is used up';
    comment on column delivery_log.sent_at is 'When the request left, by the database''s clock without the sandbox offset';
    create index delivery_log_window_idx on delivery_log (tenant_id, conversation_id, sent_at);
  `);
  await tenantOwned(knex, 'outbox', { system: ['SELECT'] });
  await tenantOwned(knex, 'delivery_lanes', { system: ['SELECT', 'INSERT', 'UPDATE'] });
  await tenantOwned(knex, 'delivery_log');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table delivery_log; drop table delivery_lanes; drop table outbox;');
}
