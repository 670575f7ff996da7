import type { Knex } from 'knex';
import { describe } from '../support/tables.js';

/** The schema `app`: the clock, the tenant of the transaction, and functions that later migrations add to. */
export async function createAppSchema(knex: Knex): Promise<void> {
  await knex.raw('create schema app');
  await knex.raw(
    "comment on schema app is 'Clock, current tenant and the few functions that see more than their caller'",
  );
  await createClock(knex);
  await createFunctions(knex);
  await knex.raw('grant usage on schema app to public');
  await knex.raw('grant usage on schema public to avian_app, avian_system');
  await knex.raw('grant select on knex_migrations to avian_app, avian_system');
}

export async function dropAppSchema(knex: Knex): Promise<void> {
  await knex.raw('revoke select on knex_migrations from avian_app, avian_system');
  await knex.raw('revoke usage on schema public from avian_app, avian_system');
  await knex.raw('drop schema app cascade');
}

async function createClock(knex: Knex): Promise<void> {
  await knex.raw(`
    create table app.clock (
      singleton boolean primary key default true check (singleton),
      "offset" interval not null default '0'
    )`);
  await knex.raw('insert into app.clock default values');
  await knex.raw('grant select on app.clock to public');
  await describe(
    knex,
    'app.clock',
    'One row: how far the clock of this installation is moved; only its owner may move it',
    {
      singleton: 'Keeps the table at one row',
      '"offset"': 'Zero outside the sandbox and tests',
    },
  );
}

async function createFunctions(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.now() returns timestamptz language sql stable as
    $$ select pg_catalog.now() + (select "offset" from app.clock) $$`);
  await knex.raw(`comment on function app.now() is 'Start of the transaction on the clock of this installation'`);
  await knex.raw(`
    create function app.tenant_id() returns uuid language sql stable as
    $$ select nullif(current_setting('app.tenant_id', true), '')::uuid $$`);
  await knex.raw(`comment on function app.tenant_id() is 'The tenant that this transaction names, null when none'`);
  await knex.raw(`
    create function app.set_updated_at() returns trigger language plpgsql as $$
    begin
      new.updated_at := greatest(app.now(), old.updated_at);
      return new;
    end $$`);
  await knex.raw(
    `comment on function app.set_updated_at() is 'A transaction that began earlier never sets the stamp back'`,
  );
}
