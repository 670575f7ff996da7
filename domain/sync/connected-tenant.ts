import { z } from 'zod';
import type { SystemTrx, Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { tenantSettings } from '../tenants/settings.js';
import type { TenantSettings } from '../tenants/settings.js';
import type { SyncSource } from './source.js';

/** A tenant whose Microsoft tenant is read. */
export interface ConnectedTenant {
  readonly name: string;
  readonly entraTenantId: string;
  /** Seconds between two syncs, where the tenant sets them. */
  readonly syncSeconds: TenantSettings['syncSeconds'];
}

/** How the interval of alerts was set before each source had one. */
const older = z.object({ alertSyncSeconds: z.number().int().min(10).max(86_400).optional().catch(undefined) });

/** Null when the tenant is closed or has no Microsoft tenant. */
export async function readConnectedTenant(trx: Trx): Promise<ConnectedTenant | null> {
  const [row] = await query<{ name: string; entraTenantId: string; settings: unknown }>(
    trx,
    `select name, entra_tenant_id as "entraTenantId", settings from tenants
     where id = ? and is_active and closed_at is null and entra_tenant_id is not null`,
    [trx.tenantId],
  );
  if (!row) return null;
  const { syncSeconds } = tenantSettings(row.settings);
  const alerts = syncSeconds.alerts ?? older.catch({}).parse(row.settings ?? {}).alertSyncSeconds;
  return { name: row.name, entraTenantId: row.entraTenantId, syncSeconds: { ...syncSeconds, alerts } };
}

/** Connected tenants whose sync of `source` is due. Vulnerabilities are of devices, which must have been read before. */
export async function dueTenants({ system }: SystemTrx, source: SyncSource): Promise<string[]> {
  const found = await system.raw<{ rows: { id: string }[] }>(
    `select t.id from tenants t left join sync_cursors c on c.tenant_id = t.id and c.source = ?
     where t.is_active and t.closed_at is null and t.entra_tenant_id is not null
       and (c.next_run_at is null or c.next_run_at <= app.now())
       and (? <> 'vulnerabilities' or exists (select from sync_cursors d where d.tenant_id = t.id and d.source = 'devices'
         and d.last_success_at is not null))
     order by c.next_run_at nulls first`,
    [source, source],
  );
  return found.rows.map((row) => row.id);
}
