import type { GraphAlert } from '../../../sandbox/cloud/tenants.js';
import { sandboxTenants } from '../../../sandbox/cloud/tenants.js';
import { channels } from '../../helpers/cast.js';
import type { Installation } from '../../helpers/installation.js';
import { cardOn } from '../../helpers/shown.js';
import type { Shown } from '../../helpers/shown.js';

export const entra = { contoso: sandboxTenants[0].entraTenantId, fabrikam: sandboxTenants[1].entraTenantId };
const alertChannel = { contoso: channels.contosoAlerts, fabrikam: channels.fabrikamAlerts };
type Tenant = keyof typeof entra;

/** The row of an alert, as far as stories look at it. */
export interface AlertRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly number: number;
  readonly status: string;
  readonly seen_count: number;
  readonly severity: string;
  readonly title: string;
  readonly assigned_to: string | null;
  readonly version: number;
  readonly source_id: string;
  readonly recurrence_of: string | null;
}

export interface Told {
  /** Microsoft's id. */
  readonly microsoftId: string;
  readonly id: string;
  /** */
  readonly name: string;
  /** The card as it stands now. */
  shown(): Shown;
  row(): Promise<AlertRow>;
}

export async function rowsOf({ database }: Installation, microsoftId: string): Promise<AlertRow[]> {
  return database
    .admin<AlertRow & { defender_alert_id: string }>('security_alerts')
    .where({ defender_alert_id: microsoftId })
    .orderBy('number');
}

/** Microsoft finds something, we read it, and its card is in the channel. */
export async function alertArrives(on: Installation, changes?: GraphAlert, tenant: Tenant = 'contoso'): Promise<Told> {
  const { id = '' } = on.cloud.raiseAlert(entra[tenant], changes);
  await on.sync(tenant);
  await on.delivered();
  return told(on, id, tenant);
}

export async function told(on: Installation, microsoftId: string, tenant: Tenant = 'contoso'): Promise<Told> {
  const newest = async () => {
    const row = (await rowsOf(on, microsoftId)).at(-1);
    if (!row) throw new Error(`${microsoftId} did not arrive`);
    return row;
  };
  const { id, number } = await newest();
  const name = `A-${number}`;
  return { microsoftId, id, name, shown: () => cardOn(on.teams, alertChannel[tenant], name), row: newest };
}

export interface AuditRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor: string;
  readonly entity_id: string | null;
  readonly reason: string | null;
  readonly activity_id: string | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export async function auditOf({ database }: Installation, where: Partial<AuditRow>): Promise<AuditRow[]> {
  return database.admin<AuditRow>('audit_log').where(where).orderBy('id');
}
