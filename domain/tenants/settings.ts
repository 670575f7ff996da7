import { z } from 'zod';
import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { businessHoursSetting } from '../sla/hours-setting.js';

const minutes = z.number().positive().max(525_600);
const sla = z.object({ acknowledge: minutes, investigate: minutes, resolve: minutes });
const target = z.object({ take: minutes, decide: minutes });
const bySeverity = <Shape extends z.ZodType>(shape: Shape) =>
  z.object({ critical: shape, high: shape, medium: shape, low: shape }).partial().catch({});

const actions = z.object({
  /** Servers, domain controllers and high-value devices need it always. */
  approval: z
    .object({
      isolate: z.boolean().catch(true).default(true),
      release: z.boolean().catch(false).default(false),
      scan: z.boolean().catch(false).default(false),
    })
    .catch({ isolate: true, release: false, scan: false })
    .default({ isolate: true, release: false, scan: false }),
  peers: z.boolean().catch(false).default(false),
  /** On for new tenants: nothing is sent to Microsoft until two admins say so. */
  dryRun: z.boolean().catch(true).default(true),
  breakGlass: z.array(z.guid()).max(20).catch([]).default([]),
  queueHours: z.number().min(1).max(72).catch(24).default(24),
  writeBack: z.boolean().catch(false).default(false),
});

const seconds = z.number().int().min(10).max(604_800).optional().catch(undefined);

const shape = z.object({
  /** Minutes from creation, for severities that differ from the rule. */
  sla: bySeverity(sla.optional().catch(undefined)).default({}),
  /** Minutes until an alert shall be taken and decided; null for none. */
  targets: bySeverity(target.nullable().optional().catch(undefined)).default({}),
  /** When clocks run; null: around the clock. */
  businessHours: businessHoursSetting.nullable().catch(null).default(null),
  dedupWindowSeconds: z.number().int().min(0).max(86_400).catch(300).default(300),
  /** Seconds between two syncs of a source, where they differ from the rule; `vulnerabilitiesFull` between two full walks. */
  syncSeconds: z
    .object({
      alerts: seconds,
      devices: seconds,
      compliance: seconds,
      vulnerabilities: seconds,
      vulnerabilitiesFull: seconds,
    })
    .catch({})
    .default({}),
  actions: actions.catch(actions.parse({})).default(actions.parse({})),
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
