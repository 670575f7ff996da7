import type { SystemTrx, Trx } from '../../database/transaction.js';
import type { TenantConnection } from '../alerts/alert-source.js';
import type { Preflight } from '../devices/preflight.js';
import type { Sensitivity } from '../devices/sensitive.js';
import { query } from '../query.js';
import { tenantSettings } from '../tenants/settings.js';
import { actionColumns } from './action-columns.js';
import type { DeviceAction } from './action.js';

/** An action with what the next step needs of its surroundings. */
export interface StepFacts {
  readonly action: DeviceAction;
  /** Null for resolve_alert. */
  readonly device: Preflight | null;
  /** Null when the tenant is closed or not connected. */
  readonly connection: TenantConnection | null;
  readonly requester: string;
  readonly approver: string | null;
  readonly queueHours: number;
  /** The tenant's setting by now, whatever it was when the action was asked for. */
  readonly isDryRunTenant: boolean;
  readonly now: Date;
}

interface Row extends DeviceAction {
  readonly facts: {
    readonly device: (Omit<Preflight, 'goneAt'> & { readonly goneAt: string | null }) | null;
    readonly entraTenantId: string | null;
    readonly requester: string;
    readonly approver: string | null;
    readonly settings: unknown;
  };
}

const name = (id: string) =>
  `(select m.display_name from tenant_members m where m.tenant_id = a.tenant_id and m.user_id = ${id})`;

/** Null when this tenant has no such action. */
export async function readStep(trx: Trx, id: string): Promise<StepFacts | null> {
  const [row] = await query<Row>(
    trx,
    `select ${actionColumns('a')}, (select jsonb_build_object('settings', t.settings,
        'entraTenantId', case when t.is_active and t.closed_at is null then t.entra_tenant_id end,
        'requester', ${name('a.user_id')}, 'approver', ${name('a.approved_by')},
        'device', (select jsonb_build_object('microsoftDeviceId', d.microsoft_device_id, 'goneAt', d.gone_at,
            'supersededBy', d.superseded_by, 'onboarding', d.onboarding_status, 'operatingSystem', d.operating_system,
            'osVersion', d.os_version)
          from edr_devices d where d.tenant_id = a.tenant_id and d.id = a.device_id))
        from tenants t where t.id = a.tenant_id) as facts
     from edr_actions a where a.tenant_id = ? and a.id = ?`,
    [trx.tenantId, id],
  );
  if (!row) return null;
  const { facts, ...action } = row;
  const { entraTenantId, settings, device: found, ...known } = facts;
  const device = found && { ...found, goneAt: found.goneAt === null ? null : new Date(found.goneAt) };
  const connection = entraTenantId === null ? null : { tenantId: trx.tenantId, entraTenantId };
  const { queueHours, dryRun: isDryRunTenant } = tenantSettings(settings).actions;
  return { ...known, action, device, connection, queueHours, isDryRunTenant, now: trx.now };
}

/** Defender knows better what the device is than our mirror of it, so that the next request is judged by it. */
export async function noteSensitivity(trx: Trx, deviceId: string, known: Sensitivity): Promise<void> {
  const { operatingSystem, deviceValue, tags } = known;
  await query(
    trx,
    `update edr_devices set operating_system = coalesce(?, operating_system), device_value = coalesce(?, device_value),
       machine_tags = ?::jsonb where tenant_id = ? and id = ?`,
    [operatingSystem, deviceValue, JSON.stringify(tags), trx.tenantId, deviceId],
  );
}

/** Actions whose time has come, over all tenants, at most `limit`. */
export async function dueActions(
  { system }: SystemTrx,
  limit: number,
): Promise<{ tenantId: string; actionId: string }[]> {
  const { rows } = await system.raw<{ rows: { tenantId: string; actionId: string }[] }>(
    `select tenant_id as "tenantId", id as "actionId" from edr_actions
     where next_step_at is not null and next_step_at <= app.now() order by next_step_at limit ?`,
    [limit],
  );
  return rows;
}
