import type { Knex } from 'knex';

/** The append-only audit log and, apart from it, the seals that chain it per tenant. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table audit_log (
      tenant_id uuid not null,
      id bigint generated always as identity,
      at timestamptz not null default app.now(),
      actor_kind text not null check (actor_kind in ('person', 'system', 'job')),
      actor text not null,
      action text not null,
      outcome text not null default 'done' check (outcome in ('done', 'refused', 'failed')),
      entity_type text,
      entity_id text,
      before jsonb,
      after jsonb,
      reason text,
      activity_id text,
      xid xid8 not null default pg_current_xact_id(),
      primary key (tenant_id, id)
    );
    comment on table audit_log is 'Who did what, append-only: the application may insert and read, nothing else';
    comment on column audit_log.tenant_id is 'No foreign key, so that it outlives the tenant; the nil uuid is the installation''s own chain';
    comment on column audit_log.actor is 'User id of a person, or <entra tenant>/<object id> of an unknown one, or the name of a job; never a name of a person';
    comment on column audit_log.reason is 'Free text of the person, kept as written';
    comment on column audit_log.xid is 'Transaction that wrote the row: sealed only when older than every running one';
    create index audit_log_entity_idx on audit_log (tenant_id, entity_type, entity_id, id desc);
    create index audit_log_xid_idx on audit_log (tenant_id, xid, id);
    alter table audit_log enable row level security;
    alter table audit_log force row level security;
    create policy tenant_isolation on audit_log to avian_app using (tenant_id = app.tenant_id()) with check (tenant_id = app.tenant_id());
    create policy system_read on audit_log for select to avian_system using (true);
    create policy system_write on audit_log for insert to avian_system with check (true);
    grant select, insert on audit_log to avian_app, avian_system;

    create table audit_seals (
      tenant_id uuid not null,
      position bigint not null check (position >= 1),
      audit_id bigint not null,
      hash bytea not null check (length(hash) = 32),
      sealed_at timestamptz not null default app.now(),
      primary key (tenant_id, position)
    );
    comment on table audit_seals is 'One chain per tenant: position n is SHA-256 over the hash of n - 1 and the fields of one audit row';
    create unique index audit_seals_row_key on audit_seals (tenant_id, audit_id);
    alter table audit_seals enable row level security;
    alter table audit_seals force row level security;
    create policy tenant_isolation on audit_seals for select to avian_app using (tenant_id = app.tenant_id());
    create policy system_read on audit_seals for select to avian_system using (true);
    create policy system_write on audit_seals for insert to avian_system with check (true);
    grant select on audit_seals to avian_app;
    grant select, insert on audit_seals to avian_system;

    create table audit_heads (
      tenant_id uuid primary key,
      position bigint not null default 0,
      hash bytea,
      sealed_below xid8 not null default '0'
    );
    comment on table audit_heads is 'Where sealing goes on: the newest position of each chain';
    comment on column audit_heads.sealed_below is 'Every audit row of an older transaction is sealed';
    alter table audit_heads enable row level security;
    alter table audit_heads force row level security;
    create policy tenant_isolation on audit_heads for select to avian_app using (tenant_id = app.tenant_id());
    create policy system_all on audit_heads to avian_system using (true) with check (true);
    grant select on audit_heads to avian_app;
    grant select, insert, update on audit_heads to avian_system;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table audit_heads; drop table audit_seals; drop table audit_log;');
}
