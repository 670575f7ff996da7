import type { Knex } from 'knex';
import { tenantOwned } from './support/tables.js';

/** How far each tenant's sources have been read, and what each read did. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table sync_cursors (
      tenant_id uuid not null references tenants (id) on delete cascade,
      source text not null check (source in ('alerts')),
      watermark text,
      watermark_at timestamptz,
      last_success_at timestamptz,
      next_run_at timestamptz not null default app.now(),
      hold_reason text,
      hold_since timestamptz,
      throttled_in_a_row int not null default 0,
      updated_at timestamptz not null default app.now(),
      primary key (tenant_id, source),
      check ((hold_reason is null) = (hold_since is null))
    );
    comment on table sync_cursors is 'One row per tenant and source';
    comment on column sync_cursors.watermark is 'Newest last-update time read completely, as the text Microsoft sent (up to 7 fractional digits); null before the first complete sync';
    comment on column sync_cursors.watermark_at is 'The same as a time, for comparing; precision is microseconds';
    comment on column sync_cursors.hold_reason is 'Which consent, secret or permission is missing; an hourly probe lifts the hold';
    create index sync_cursors_due_idx on sync_cursors (tenant_id, next_run_at);

    create table sync_runs (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      source text not null,
      outcome text check (outcome in ('complete', 'partial', 'failed', 'held')),
      started_at timestamptz not null default app.now(),
      finished_at timestamptz,
      pages int not null default 0,
      read_count int not null default 0,
      new_count int not null default 0,
      repeated_count int not null default 0,
      unchanged_count int not null default 0,
      mirrored_count int not null default 0,
      malformed_count int not null default 0,
      malformed_examples jsonb not null default '[]',
      error text,
      primary key (tenant_id, id),
      check ((outcome is null) = (finished_at is null))
    );
    comment on table sync_runs is 'What each sync read and did; kept 90 days';
    comment on column sync_runs.outcome is 'Null while it runs; partial: Microsoft answered 206, the watermark stays';
    comment on column sync_runs.mirrored_count is 'Kept in edr_alerts only, because it was old or resolved when first seen';
    comment on column sync_runs.malformed_examples is 'Up to 20 of [{which, why}]';
    create index sync_runs_started_idx on sync_runs (tenant_id, source, started_at desc);
  `);
  await tenantOwned(knex, 'sync_cursors', { updatedAt: true, system: ['SELECT'] });
  await tenantOwned(knex, 'sync_runs');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table sync_runs; drop table sync_cursors;');
}
