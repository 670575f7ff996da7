import type { Trx } from '../../database/transaction.js';
import { updateMoment } from '../alerts/last-update.js';
import { query } from '../query.js';
import type { SyncSource } from './source.js';

export type { SyncSource } from './source.js';

export interface Cursor {
  /** Microsoft's text; null before the first complete page. */
  readonly watermark: string | null;
  /** Null before the first complete sync. */
  readonly lastSuccessAt: Date | null;
  /** Last complete walk over everything. */
  readonly lastFullAt: Date | null;
  readonly holdReason: string | null;
  readonly throttledInARow: number;
  /** Since when Microsoft says that the tenant does not have the product. */
  readonly unlicensedSince: Date | null;
}

/** The tenant's cursor for a source, made when it is missing, and held: whoever asks for a sync waits, or is waited for. */
export async function openCursor(trx: Trx, source: SyncSource): Promise<Cursor> {
  await query(trx, 'insert into sync_cursors (tenant_id, source) values (?, ?) on conflict do nothing', [
    trx.tenantId,
    source,
  ]);
  const [cursor] = await query<Cursor>(
    trx,
    `select watermark, last_success_at as "lastSuccessAt", last_full_at as "lastFullAt", hold_reason as "holdReason",
       throttled_in_a_row as "throttledInARow", unlicensed_since as "unlicensedSince"
     from sync_cursors where tenant_id = ? and source = ? for update`,
    [trx.tenantId, source],
  );
  if (!cursor) throw new Error('the cursor was not made');
  return cursor;
}

/** Everything up to `watermark` was read completely; it never goes back. */
export async function moveWatermark(trx: Trx, source: SyncSource, watermark: string): Promise<void> {
  const { at } = updateMoment(watermark);
  await query(
    trx,
    `update sync_cursors set watermark = ?, watermark_at = ?::timestamptz
     where tenant_id = ? and source = ? and (watermark_at is null or watermark_at <= ?::timestamptz)`,
    [watermark, at, trx.tenantId, source, at],
  );
}

/** Due again `ms` from now. */
export async function setNextRun(trx: Trx, source: SyncSource, ms: number): Promise<void> {
  await query(
    trx,
    `update sync_cursors set next_run_at = app.now() + ?::float8 * interval '1 ms' where tenant_id = ? and source = ?`,
    [ms, trx.tenantId, source],
  );
}

export interface Answer {
  /** False while parts are missing. */
  readonly complete: boolean;
  /** Everything was walked, not only what changed. */
  readonly full: boolean;
  /** Why a part that needs a permission of its own cannot be read. */
  readonly lacking: string | null;
}

/** The source answered: throttling is over, and so is a hold of more than the part that is lacking. */
export async function noteAnswer(trx: Trx, source: SyncSource, { complete, full, lacking }: Answer): Promise<void> {
  await query(
    trx,
    `update sync_cursors set throttled_in_a_row = 0, unlicensed_since = null, hold_reason = ?::text,
       hold_since = case when ?::text is not null then coalesce(hold_since, app.now()) end,
       last_success_at = case when ? then app.now() else last_success_at end,
       last_full_at = case when ? then app.now() else last_full_at end where tenant_id = ? and source = ?`,
    [lacking, lacking, complete, complete && full, trx.tenantId, source],
  );
}

export async function noteThrottled(trx: Trx, source: SyncSource): Promise<void> {
  await query(
    trx,
    'update sync_cursors set throttled_in_a_row = throttled_in_a_row + 1 where tenant_id = ? and source = ?',
    [trx.tenantId, source],
  );
}

/** The tenant does not have the product, so that nothing is missing and nothing is on hold. */
export async function noteUnlicensed(trx: Trx, source: SyncSource): Promise<void> {
  await query(
    trx,
    `update sync_cursors set unlicensed_since = coalesce(unlicensed_since, app.now()), hold_reason = null,
       hold_since = null, throttled_in_a_row = 0 where tenant_id = ? and source = ?`,
    [trx.tenantId, source],
  );
}

export async function hold(trx: Trx, source: SyncSource, reason: string): Promise<void> {
  await query(
    trx,
    `update sync_cursors set hold_reason = ?, hold_since = coalesce(hold_since, app.now()), unlicensed_since = null
     where tenant_id = ? and source = ?`,
    [reason, trx.tenantId, source],
  );
}
