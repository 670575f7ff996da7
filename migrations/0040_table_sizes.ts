import type { Knex } from 'knex';

const tables = [
  'edr_devices',
  'edr_compliance',
  'edr_vulnerabilities',
  'edr_device_vulnerabilities',
  'edr_alerts',
  'security_alerts',
  'sync_seen_devices',
  'sync_seen_vulnerabilities',
];

/**
 * A table that nobody has analysed yet counts as nearly empty, so that any index that begins with the tenant looks as good as
 * the right one: on a new installation each look-up of a first sync read the whole tenant, and 100,000 vulnerabilities took
 * two minutes.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.learn_sizes() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare grown regclass;
      begin
        for grown in
          select c.oid from unnest(array[${tables.map((table) => `'public.${table}'`).join(', ')}]::regclass[]) t
            join pg_class c on c.oid = t
          where pg_relation_size(c.oid) / current_setting('block_size')::int > greatest(16, 4 * c.relpages)
        loop
          execute format('analyze (skip_locked) %s', grown);
        end loop;
      end $$;
    comment on function app.learn_sizes is 'Analyses the tables of syncs that have grown to more than four times what the planner knows; else it costs next to nothing';
    revoke all on function app.learn_sizes() from public;
    grant execute on function app.learn_sizes() to avian_app`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.learn_sizes()');
}
