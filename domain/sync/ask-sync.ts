import type { Trx } from '../../database/transaction.js';
import { plus, second } from '../durations.js';
import { query } from '../query.js';
import type { SyncSource } from './source.js';
import type { StartOutcome } from './sync-status.js';

/** What is asked for again within so long is one wish; longer than a job waits until it begins, when none is in its way. */
const oneWish = 10 * second;
/** Two transactions at once do not agree on the time. */
const skew = second;
/** A complete run that began so recently has read what was there when the sync was asked for. */
const fresh = 3 * second;

/**
 * Makes the source due now, whatever it waited for, and enqueues its job; the job that waited is replaced. Nothing is enqueued
 * for a run that is about to begin, goes on, or has just read everything. `full`: changes alone are not enough.
 */
export async function askSync(trx: Trx, source: SyncSource, full: boolean): Promise<StartOutcome> {
  const cursor = await lockCursor(trx, source);
  if (full) await askForAll(trx, source);
  const [run] = await query<{ outcome: string | null; kind: string; startedAt: Date }>(
    trx,
    `select outcome, kind, started_at as "startedAt" from sync_runs where tenant_id = ? and source = ?
     order by started_at desc limit 1`,
    [trx.tenantId, source],
  );
  const serves = run !== undefined && (!full || run.kind === 'full');
  if (serves && run.outcome === null) return 'under_way';
  if (serves && run.outcome === 'complete' && run.startedAt > plus(trx.now, -fresh)) return 'just_read';
  // A run sets when the next one is due as it begins, so this one was asked for, and has not begun.
  if (!cursor.isNew && isBetween(cursor.nextRunAt, plus(trx.now, -oneWish), plus(trx.now, skew))) return 'begins';
  await makeDue(trx, source);
  await query(trx, 'select app.enqueue(?, ?::jsonb)', [`sync_${source}`, '{}']);
  return 'begins';
}

function isBetween(moment: Date, after: Date, before: Date): boolean {
  return moment > after && moment < before;
}

/** A run that is about to begin waits for this transaction, and this transaction for one that begins. */
async function lockCursor(trx: Trx, source: SyncSource): Promise<{ isNew: boolean; nextRunAt: Date }> {
  const made = await query(
    trx,
    'insert into sync_cursors (tenant_id, source) values (?, ?) on conflict do nothing returning 1',
    [trx.tenantId, source],
  );
  const [cursor] = await query<{ nextRunAt: Date }>(
    trx,
    'select next_run_at as "nextRunAt" from sync_cursors where tenant_id = ? and source = ? for update',
    [trx.tenantId, source],
  );
  if (!cursor) throw new Error('the cursor was not made');
  return { isNew: made.length > 0, nextRunAt: cursor.nextRunAt };
}

/** Until everything was read once more, no run is content with changes. */
async function askForAll(trx: Trx, source: SyncSource): Promise<void> {
  await query(trx, 'update sync_cursors set last_full_at = null where tenant_id = ? and source = ?', [
    trx.tenantId,
    source,
  ]);
}

async function makeDue(trx: Trx, source: SyncSource): Promise<void> {
  await query(trx, 'update sync_cursors set next_run_at = ? where tenant_id = ? and source = ?', [
    trx.now,
    trx.tenantId,
    source,
  ]);
}
