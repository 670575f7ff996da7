import type { Knex } from 'knex';
import type * as rows from '../../database/rows.js';

/** Members of JSON that tests look into. */
interface Known {
  readonly status?: unknown;
  readonly assignedTo?: unknown;
  readonly severity?: unknown;
  readonly new?: unknown;
  readonly lastNumber?: unknown;
  readonly why?: unknown;
  readonly auditId?: unknown;
  readonly text?: unknown;
}

/** Tables that tests of the domain look into, with the key that their rows come in. */
interface Tables {
  security_alerts: rows.SecurityAlertsRow;
  incident_sla_cycles: rows.IncidentSlaCyclesRow;
  audit_log: Omit<rows.AuditLogRow, 'before' | 'after'> & { readonly before: Known; readonly after: Known };
  outbox: Omit<rows.OutboxRow, 'payload'> & { readonly payload: Known };
  posted_cards: rows.PostedCardsRow;
  edr_alerts: rows.EdrAlertsRow;
  edr_devices: rows.EdrDevicesRow;
  edr_actions: rows.EdrActionsRow;
  tenant_members: rows.TenantMembersRow;
}

const order: Readonly<Record<keyof Tables, string>> = {
  security_alerts: 'number',
  incident_sla_cycles: 'cycle',
  audit_log: 'id',
  outbox: 'id',
  posted_cards: 'posted_at',
  edr_alerts: 'created_at',
  edr_devices: 'created_at',
  edr_actions: 'number',
  tenant_members: 'display_name',
};

/** A tenant's rows that match, in the order in which they were made. */
export async function rowsOf<Name extends keyof Tables>(
  admin: Knex,
  table: Name,
  tenantId: string,
  match: Readonly<Record<string, string>> = {},
): Promise<Tables[Name][]> {
  const found: unknown[] = await admin(table)
    .where({ tenant_id: tenantId, ...match })
    .orderBy(order[table]);
  return found as Tables[Name][];
}

/** The first of several; a test that expects one fails when there is none. */
export function first<Row>(found: readonly Row[]): Row {
  const [row] = found;
  if (row === undefined) throw new Error('there is no row');
  return row;
}
