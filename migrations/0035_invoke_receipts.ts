import type { Knex } from 'knex';
import { tenantOwned } from './support/tables.js';

/** A click that Teams delivers again finds here that it was done. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table invoke_receipts (
      tenant_id uuid not null references tenants (id) on delete cascade,
      key text not null check (length(key) <= 400),
      created_at timestamptz not null default app.now(),
      primary key (tenant_id, key)
    );
    comment on table invoke_receipts is 'Idempotency of clicks and commands; kept 7 days';
    comment on column invoke_receipts.key is 'Verb, entity, version and person of a click, or conversation and activity id of a command';
    create index invoke_receipts_created_idx on invoke_receipts (tenant_id, created_at);
  `);
  await tenantOwned(knex, 'invoke_receipts');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table invoke_receipts');
}
