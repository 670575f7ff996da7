import type { Knex } from 'knex';
import { describe, tenantOwned } from '../support/tables.js';

export async function createActions(knex: Knex): Promise<void> {
  await knex.raw(`
    create table edr_actions (
      tenant_id uuid not null references tenants (id) on delete cascade,
      id uuid not null default gen_random_uuid(),
      device_id uuid,
      user_id uuid not null,
      action_type varchar(50) not null check (action_type in ('isolate', 'unisolate', 'scan', 'resolve_alert')),
      status varchar(50) not null default 'pending' check (status in ('pending', 'in_progress', 'completed', 'failed',
        'requested', 'approved', 'rejected', 'expired', 'unknown', 'cancelled', 'timed_out')),
      result_message text,
      initiated_at timestamptz not null default app.now(),
      completed_at timestamptz,
      reason text,
      approved_by uuid,
      approved_at timestamptz,
      microsoft_action_id varchar(255),
      microsoft_status varchar(50),
      queue_expires_at timestamptz,
      created_at timestamptz not null default app.now(),
      primary key (tenant_id, id),
      constraint edr_actions_device_named check (device_id is not null or action_type = 'resolve_alert'),
      foreign key (tenant_id, device_id) references edr_devices (tenant_id, id) on delete cascade,
      foreign key (tenant_id, user_id) references tenant_members (tenant_id, user_id),
      foreign key (tenant_id, approved_by) references tenant_members (tenant_id, user_id)
    );
    create index idx_edr_actions_tenant on edr_actions (tenant_id, status, initiated_at);
    create index idx_edr_actions_device on edr_actions (tenant_id, device_id, initiated_at);
    create index idx_edr_actions_user on edr_actions (tenant_id, user_id, initiated_at);
    create index idx_edr_actions_initiated on edr_actions (tenant_id, initiated_at);
    create unique index edr_actions_one_containment_idx on edr_actions (tenant_id, device_id)
      where action_type in ('isolate', 'unisolate')
        and status in ('requested', 'approved', 'pending', 'in_progress', 'unknown')`);
  await describe(knex, 'edr_actions', 'Actions on devices: who asked for what, who approved it, what came of it', {
    device_id: 'Null only for resolve_alert',
    user_id: 'Who asked; keeps that person from being deleted',
    status: 'unknown = the outcome of the call to Microsoft is not known',
    reason: "Goes with requester and approver into Microsoft's comment",
    approved_by: 'Another person than user_id, unless the tenant names break-glass people',
    microsoft_action_id: "Microsoft's id of the machine action, once it is known",
    microsoft_status: 'As sent by Microsoft',
    queue_expires_at: 'When an action that waits for an offline device is cancelled by itself',
  });
  await tenantOwned(knex, 'edr_actions', { app: ['SELECT', 'INSERT', 'UPDATE'] });
}
