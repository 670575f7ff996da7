import type { Knex } from 'knex';
import { acrossTenants, describe, tenantOwned } from './support/tables.js';

/** What a full sync of devices, vulnerabilities and compliance needs beyond the mirror itself. */
export async function up(knex: Knex): Promise<void> {
  await widenDevices(knex);
  await widenCursors(knex);
  await createSeen(knex);
  await createBudgets(knex);
  await acrossTenants(knex, 'edr_posture_scores', ['SELECT']);
}

async function widenDevices(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table edr_devices
      add column intune_device_id varchar(255),
      add column serial_number varchar(255),
      add column machine_tags jsonb not null default '[]',
      add column first_seen_at timestamptz,
      add column intune_missed_syncs int not null default 0 check (intune_missed_syncs >= 0),
      add column gone_at timestamptz,
      add column version int not null default 1 check (version >= 1);
    create unique index edr_devices_intune_key on edr_devices (tenant_id, intune_device_id)
      where intune_device_id is not null;
    alter table edr_device_vulnerabilities add column products text[] not null default '{}';
    drop index idx_edr_vulnerabilities_cvss;
    create index idx_edr_vulnerabilities_cvss on edr_vulnerabilities (tenant_id, cvss_score desc nulls last, id)`);
  await describe(knex, 'edr_devices', 'Devices as Defender and Intune know them', {
    intune_device_id: "Intune's id of the managed device; null when Intune does not know it",
    serial_number: 'As Intune sent it: good for a suggestion, never for a merge',
    machine_tags: 'Tags as Defender sent them, an array of texts',
    first_seen_at: 'When Defender first saw the device',
    missed_syncs: 'Complete walks of Defender in a row without the device; two mark it as gone',
    intune_missed_syncs: 'The same for Intune',
    gone_at: 'Since when neither Defender nor Intune has the device any more; it counts nowhere',
    version: 'Counts acts of people on the device, for clicks',
  });
  await knex.raw(
    `comment on column edr_device_vulnerabilities.products is 'vendor/name/version of each product that has the CVE on this device; without any the link is removed'`,
  );
}

async function widenCursors(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table sync_cursors drop constraint sync_cursors_source_check;
    alter table sync_cursors add constraint sync_cursors_source_check
      check (source in ('alerts', 'devices', 'compliance', 'vulnerabilities'));
    alter table sync_cursors add column last_full_at timestamptz, add column unlicensed_since timestamptz;
    comment on column sync_cursors.last_full_at is 'Last complete walk over everything, for sources that else read changes only';
    comment on column sync_cursors.unlicensed_since is 'Microsoft said that the tenant does not have this product; looked at again once a week';
    comment on column sync_cursors.watermark is 'Microsoft''s text of the newest change read completely; null before the first complete sync, and for sources that are always walked whole';
    alter table sync_runs
      add column kind text not null default 'full' check (kind in ('full', 'delta')),
      add column changed_count int not null default 0,
      add column removed_count int not null default 0,
      add column errors jsonb not null default '{}';
    comment on column sync_runs.kind is 'delta: only what changed since the watermark';
    comment on column sync_runs.removed_count is 'Devices marked as gone, or links between device and CVE that were closed';
    comment on column sync_runs.errors is 'How often each class of error occurred, e.g. {"throttled": 2, "malformed": 1}';
    drop index sync_cursors_due_idx;
    create index sync_cursors_due_idx on sync_cursors (source, next_run_at)`);
}

/** Unlogged: a run that a crash of the server interrupts is a failed run anyway. */
async function createSeen(knex: Knex): Promise<void> {
  await knex.raw(`
    create unlogged table sync_seen_devices (
      tenant_id uuid not null references tenants (id) on delete cascade,
      run_id uuid not null,
      device_id uuid not null,
      primary key (tenant_id, run_id, device_id),
      foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete cascade
    );
    create unlogged table sync_seen_vulnerabilities (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id bigint generated always as identity,
      run_id uuid not null,
      device_id uuid not null,
      vulnerability_id uuid not null,
      product text not null,
      is_fixed boolean not null default false,
      changed_at timestamptz,
      first_seen_at timestamptz,
      primary key (tenant_id, id),
      foreign key (tenant_id, run_id) references sync_runs (tenant_id, id) on delete cascade
    );
    create index sync_seen_vulnerabilities_run_idx on sync_seen_vulnerabilities (tenant_id, run_id, device_id)`);
  await describe(knex, 'sync_seen_devices', 'Devices met by a walk that goes on; emptied when it ends');
  await describe(
    knex,
    'sync_seen_vulnerabilities',
    'CVEs of devices met by a walk that goes on; emptied when it ends',
    {
      is_fixed: 'A change that says that the product does not have the CVE on this device any more',
      changed_at:
        'When it changed, as Microsoft says: the newest change of a product holds; null for what is no change',
      first_seen_at: 'When Microsoft first saw it; null when unknown',
    },
  );
  await tenantOwned(knex, 'sync_seen_devices');
  await tenantOwned(knex, 'sync_seen_vulnerabilities');
}

async function createBudgets(knex: Knex): Promise<void> {
  await knex.raw(`
    create table api_budgets (
      tenant_id uuid not null references tenants (id) on delete cascade,
      api text not null check (api in ('graph_security', 'graph_intune', 'defender')),
      minute_tokens numeric not null,
      hour_tokens numeric,
      refilled_at timestamptz not null,
      primary key (tenant_id, api)
    )`);
  await describe(knex, 'api_budgets', 'Token buckets for requests to Microsoft, shared by all processes', {
    minute_tokens: 'Requests that may still leave; refilled evenly to the limit of a minute',
    hour_tokens: 'The same for an hour; null for an API without such a limit',
    refilled_at: "By the database's clock without the sandbox offset",
  });
  await tenantOwned(knex, 'api_budgets');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop policy across_tenants on edr_posture_scores;
    revoke select on edr_posture_scores from avian_system;
    drop table api_budgets;
    drop table sync_seen_vulnerabilities;
    drop table sync_seen_devices;
    alter table sync_runs drop column kind, drop column changed_count, drop column removed_count, drop column errors;
    delete from sync_cursors where source <> 'alerts';
    alter table sync_cursors drop constraint sync_cursors_source_check;
    alter table sync_cursors add constraint sync_cursors_source_check check (source in ('alerts'));
    alter table sync_cursors drop column last_full_at, drop column unlicensed_since;
    drop index sync_cursors_due_idx;
    create index sync_cursors_due_idx on sync_cursors (tenant_id, next_run_at);
    drop index idx_edr_vulnerabilities_cvss;
    create index idx_edr_vulnerabilities_cvss on edr_vulnerabilities (tenant_id, cvss_score desc nulls last);
    alter table edr_device_vulnerabilities drop column products;
    alter table edr_devices drop column intune_device_id, drop column serial_number, drop column machine_tags,
      drop column first_seen_at, drop column intune_missed_syncs, drop column gone_at, drop column version`);
}
