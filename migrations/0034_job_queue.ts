import type { Knex } from 'knex';

/** Enqueueing under row security: graphile-worker's own tables are closed to the application. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.enqueue(p_task text, p_payload jsonb, p_key text default null, p_run_at timestamptz default null)
      returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare t text := nullif(current_setting('app.tenant_id', true), '');
      begin
        if t is null then raise exception 'app.tenant_id is not set' using errcode = '42501'; end if;
        if p_task not in ('sync_alerts') then
          raise exception 'task % may not be enqueued by the application', p_task using errcode = '42501';
        end if;
        perform graphile_worker.add_job(p_task, (p_payload || jsonb_build_object('tenantId', t))::json,
          queue_name := null, run_at := p_run_at, job_key := t || '/' || coalesce(p_key, p_task), job_key_mode := 'replace');
      end $$;
    comment on function app.enqueue is 'Adds a job for the current tenant; the payload cannot name another one, the key merges repeats';
    revoke all on function app.enqueue(text, jsonb, text, timestamptz) from public;
    grant execute on function app.enqueue(text, jsonb, text, timestamptz) to avian_app;
    -- A new owner must be able to create in the schema at that moment; afterwards avian_worker must not.
    grant create on schema app to avian_worker;
    alter function app.enqueue(text, jsonb, text, timestamptz) owner to avian_worker;
    revoke create on schema app from avian_worker;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop function app.enqueue(text, jsonb, text, timestamptz)');
}
