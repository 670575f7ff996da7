import { readConnectedTenant } from '../../domain/sync/connected-tenant.js';
import { openCursor, setNextRun } from '../../domain/sync/cursor-store.js';
import { beginRun } from '../../domain/sync/run-store.js';
import type { SyncSource } from '../../domain/sync/source.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import type { RunFrame, SourceSync, SyncContext } from './context.js';
import { finishAnswered, finishFailed } from './finish.js';

/**
 * Reads a source of one tenant and takes what it says, page by page. Resolves to the milliseconds until the next sync, null
 * when the tenant is closed or not connected. Throws only what the database throws.
 */
export async function runSync(
  context: SyncContext,
  sync: SourceSync,
  tenantId: string,
  signal: AbortSignal,
): Promise<number | null> {
  const frame = await inTenant(context.db, tenantId, (trx) => begin(context, sync, trx));
  if (!frame) return null;
  try {
    return await finishAnswered(frame, sync, await sync.walk(frame, signal));
  } catch (error) {
    return finishFailed(frame, error, signal.aborted);
  }
}

async function begin(context: SyncContext, sync: SourceSync, trx: Trx): Promise<RunFrame | null> {
  const tenant = await readConnectedTenant(trx);
  if (!tenant) return null;
  const { source } = sync;
  const cursor = await openCursor(trx, source);
  const msOf = (of: SyncSource | 'vulnerabilitiesFull') => 1_000 * (tenant.syncSeconds[of] ?? context.syncSeconds[of]);
  const kind = sync.kind?.(cursor, { now: trx.now, fullEveryMs: msOf('vulnerabilitiesFull') }) ?? 'full';
  const everyMs = msOf(source);
  await setNextRun(trx, source, everyMs);
  const run = await beginRun(trx, source, kind);
  return {
    ...cursor,
    context,
    source,
    kind,
    tenantId: trx.tenantId,
    connection: { tenantId: trx.tenantId, entraTenantId: tenant.entraTenantId },
    runId: run.id,
    startedAt: run.startedAt,
    everyMs,
    isFirst: cursor.lastSuccessAt === null,
  };
}
