import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

/**
 * Numbers that people say (A-1042, INC-42). A batch draws its block once, and only for rows that turn out to be new;
 * the row lock orders concurrent batches, so draw last: its holder must wait for nobody (domain/alerts/ingest).
 */
export async function createCounters(knex: Knex): Promise<void> {
  await knex.raw(`
    create table tenant_counters (
      tenant_id uuid not null references tenants (id) on delete cascade,
      kind text not null check (kind in ('alert', 'incident')),
      last_number int not null check (last_number >= 0),
      primary key (tenant_id, kind)
    )`);
  await describe(knex, 'tenant_counters', 'The last number given to an alert or incident of the tenant', {
    last_number: 'Draw with app.draw_numbers(); a number is never given twice',
  });
  await tenantOwned(knex, 'tenant_counters', { app: ['SELECT', 'INSERT', 'UPDATE'] });
  await createDrawNumbers(knex);
}

async function createDrawNumbers(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.draw_numbers(p_tenant_id uuid, p_kind text, p_count int) returns int language sql as $$
      insert into public.tenant_counters as c (tenant_id, kind, last_number) values (p_tenant_id, p_kind, p_count)
      on conflict (tenant_id, kind) do update set last_number = c.last_number + p_count
      returning last_number - p_count + 1
    $$;
    comment on function app.draw_numbers(uuid, text, int) is
      'The first of p_count numbers in a row; others of this tenant and kind wait until the transaction ends';
    create function app.number_row() returns trigger language plpgsql as $$
    begin
      new.number := app.draw_numbers(new.tenant_id, tg_argv[0], 1);
      return new;
    end $$;
    comment on function app.number_row() is 'For rows inserted without a number; an ON CONFLICT insert must bring its own'`);
}
