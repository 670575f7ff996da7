import { z } from 'zod';
import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

const minutes = z.number().positive().max(525_600);
const sla = z.object({ acknowledge: minutes, investigate: minutes, resolve: minutes });
const target = z.object({ take: minutes, decide: minutes });
const bySeverity = <Shape extends z.ZodType>(shape: Shape) =>
  z.object({ critical: shape, high: shape, medium: shape, low: shape }).partial().catch({});

const shape = z.object({
  /** Minutes from creation, for severities that differ from the rule. */
  sla: bySeverity(sla.optional().catch(undefined)).default({}),
  /** Minutes until an alert shall be taken and decided; null for none. */
  targets: bySeverity(target.nullable().optional().catch(undefined)).default({}),
  dedupWindowSeconds: z.number().int().min(0).max(86_400).catch(300).default(300),
});

/** What a tenant sets for itself; what is missing or malformed means the default. */
export type TenantSettings = z.infer<typeof shape>;

export function tenantSettings(stored: unknown): TenantSettings {
  return shape.catch(shape.parse({})).parse(stored ?? {});
}

export async function readSettings(trx: Trx): Promise<TenantSettings> {
  const [row] = await query<{ settings: unknown }>(trx, 'select settings from tenants where id = ?', [trx.tenantId]);
  return tenantSettings(row?.settings);
}
