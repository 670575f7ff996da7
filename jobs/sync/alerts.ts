import type { Trx } from '../../domain/transaction.js';
import { inTenant } from '../../domain/transaction.js';
import { day, minute, plus } from '../../domain/durations.js';
import { readConnectedTenant } from '../../domain/sync/connected-tenant.js';
import { openCursor, setNextRun } from '../../domain/sync/cursor-store.js';
import type { Cursor } from '../../domain/sync/cursor-store.js';
import { beginRun } from '../../domain/sync/run-store.js';
import type { Begun, SyncContext } from './context.js';
import { finishAnswered, finishFailed } from './finish.js';
import { takePage } from './page.js';
import type { Progress } from './page.js';

/** Alerts that were edited while a page was read are read again. */
const overlap = 5 * minute;
const firstSyncReach = 30 * day;

/**
 * Reads what changed at the tenant's Microsoft tenant and takes it, page by page. Resolves to the milliseconds until the next
 * sync, null when the tenant is closed or not connected. Throws only what the database throws.
 */
export async function syncAlerts(context: SyncContext, tenantId: string, signal: AbortSignal): Promise<number | null> {
  const begun = await inTenant(context.db, tenantId, (trx) => begin(context, trx));
  if (!begun) return null;
  const progress: Progress = { partial: false, watermark: begun.watermark };
  try {
    const connection = { tenantId, entraTenantId: begun.entraTenantId };
    for await (const page of context.source.pages(connection, begun.since, signal)) {
      await takePage(context, begun, progress, page);
      signal.throwIfAborted();
    }
  } catch (error) {
    return finishFailed(context, begun, error, signal.aborted);
  }
  return finishAnswered(context, begun, progress);
}

async function begin(context: SyncContext, trx: Trx): Promise<Begun | null> {
  const tenant = await readConnectedTenant(trx);
  if (!tenant) return null;
  const cursor = await openCursor(trx, 'alerts');
  const everyMs = 1_000 * (tenant.alertSyncSeconds ?? context.everySeconds);
  await setNextRun(trx, 'alerts', everyMs);
  return {
    ...cursor,
    tenantId: trx.tenantId,
    tenantName: tenant.name,
    entraTenantId: tenant.entraTenantId,
    runId: await beginRun(trx, 'alerts'),
    everyMs,
    isFirst: cursor.lastSuccessAt === null,
    since: sinceOf(cursor, trx.now, context.takeEverything),
  };
}

function sinceOf({ watermark }: Cursor, now: Date, takeEverything: boolean): string | null {
  if (watermark !== null) return plus(new Date(watermark), -overlap).toISOString();
  return takeEverything ? null : plus(now, -firstSyncReach).toISOString();
}
