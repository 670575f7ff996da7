import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createIncidentLinks(knex: Knex): Promise<void> {
  await knex.raw(`
    create table incident_alert_links (
      tenant_id uuid not null references tenants (id) on delete cascade,
      incident_id uuid not null,
      alert_id uuid not null,
      is_primary boolean not null default false,
      created_at timestamptz not null default app.now(),
      primary key (tenant_id, incident_id, alert_id),
      unique (tenant_id, alert_id),
      foreign key (tenant_id, incident_id) references security_incidents (tenant_id, id) on delete cascade,
      foreign key (tenant_id, alert_id) references security_alerts (tenant_id, id) on delete cascade
    );
    create unique index incident_alert_links_primary_idx on incident_alert_links (tenant_id, incident_id) where is_primary`);
  await describe(knex, 'incident_alert_links', 'Which alerts an incident is about; an alert belongs to one at most', {
    is_primary: 'The alert that was escalated; exactly one per incident',
  });
  await tenantOwned(knex, 'incident_alert_links', { app: ['SELECT', 'INSERT', 'UPDATE'] });
  await requirePrimary(knex);
}

/** Deferred, since an incident comes before its link; quiet when the incident is gone, else every cascade would fail. */
async function requirePrimary(knex: Knex): Promise<void> {
  await knex.raw(`
    create function app.require_primary_alert(p_tenant_id uuid, p_incident_id uuid) returns void language plpgsql as $$
    begin
      if exists (select from public.security_incidents i where i.tenant_id = p_tenant_id and i.id = p_incident_id)
        and not exists (select from public.incident_alert_links l
          where l.tenant_id = p_tenant_id and l.incident_id = p_incident_id and l.is_primary) then
        raise exception 'The incident % has no primary alert', p_incident_id
          using errcode = 'check_violation', constraint = 'incident_alert_links_needs_primary';
      end if;
    end $$;
    comment on function app.require_primary_alert(uuid, uuid) is 'At least one primary alert per incident that still exists';

    create function app.check_incident_links() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'INSERT' then perform app.require_primary_alert(old.tenant_id, old.incident_id); end if;
      if tg_op <> 'DELETE' then perform app.require_primary_alert(new.tenant_id, new.incident_id); end if;
      return null;
    end $$;
    create constraint trigger incident_alert_links_needs_primary after insert or update or delete on incident_alert_links
      deferrable initially deferred for each row execute function app.check_incident_links();

    create function app.check_new_incident() returns trigger language plpgsql as $$
    begin
      perform app.require_primary_alert(new.tenant_id, new.id);
      return null;
    end $$;
    create constraint trigger security_incidents_needs_primary after insert on security_incidents
      deferrable initially deferred for each row execute function app.check_new_incident()`);
}
