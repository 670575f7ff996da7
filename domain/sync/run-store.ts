import type { SyncRunsRow } from '../../database/rows.js';
import type { Trx } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import { query } from '../query.js';
import { storable } from '../text.js';
import { clearSeen } from './seen-store.js';
import type { MalformedRecord, SyncSource } from './source.js';

export type RunOutcome = NonNullable<SyncRunsRow['outcome']>;
/** delta: only what changed since the watermark. */
export type RunKind = SyncRunsRow['kind'];

/** What a part of a run read and did; what is not given is none. */
export interface RunCounts {
  readonly pages: number;
  readonly read: number;
  readonly new: number;
  readonly changed: number;
  readonly repeated: number;
  readonly unchanged: number;
  readonly mirrored: number;
  /** Devices marked as gone, or links between device and CVE that were closed. */
  readonly removed: number;
  readonly malformed: readonly MalformedRecord[];
}

/** How far a run has come. */
export interface RunTotals {
  readonly pages: number;
  readonly read: number;
}

const examples = 20;
const processEnded = 'the process ended before the run did';

/**
 * Begins a run and resolves to its id. Only one runs at a time, so an older one without an end was killed, and what it
 * left in the tables of devices and CVEs seen is nobody's.
 */
export async function beginRun(trx: Trx, source: SyncSource, kind: RunKind): Promise<{ id: string; startedAt: Date }> {
  const killed = await query<{ id: string }>(
    trx,
    `update sync_runs set outcome = 'failed', finished_at = greatest(app.now(), started_at), error = ?,
       errors = '{"interrupted": 1}' where tenant_id = ? and source = ? and outcome is null returning id`,
    [processEnded, trx.tenantId, source],
  );
  for (const { id } of killed) {
    await clearSeen(trx, id);
    await recordAudit(trx, {
      by: { kind: 'job', id: `sync_${source}` },
      action: `sync.${source}`,
      outcome: 'failed',
      entity: { type: 'sync_run', id },
      after: { outcome: 'failed', error: processEnded },
    });
  }
  const [run] = await query<{ id: string; startedAt: Date }>(
    trx,
    'insert into sync_runs (tenant_id, source, kind) values (?, ?, ?) returning id, started_at as "startedAt"',
    [trx.tenantId, source, kind],
  );
  if (!run) throw new Error('the run was not begun');
  return run;
}

/**
 * Adds what a part of the run did; resolves to how far the run has come. Rejects when the run has ended: whoever held it for
 * dead has forgotten what it met, so that it may conclude nothing.
 */
export async function addToRun(trx: Trx, runId: string, counts: Partial<RunCounts>): Promise<RunTotals> {
  const malformed = counts.malformed ?? [];
  const [totals] = await query<RunTotals>(
    trx,
    `update sync_runs set pages = pages + ?, read_count = read_count + ?, new_count = new_count + ?,
       changed_count = changed_count + ?, repeated_count = repeated_count + ?, unchanged_count = unchanged_count + ?,
       mirrored_count = mirrored_count + ?, removed_count = removed_count + ?, malformed_count = malformed_count + ?,
       malformed_examples = jsonb_path_query_array(malformed_examples || ?::jsonb, '$[0 to ${examples - 1}]')
     where tenant_id = ? and id = ? and outcome is null returning pages, read_count as read`,
    [...figures(counts), malformed.length, JSON.stringify(named(malformed)), trx.tenantId, runId],
  );
  if (!totals) throw new Error('the run is unknown, or another one has taken its place');
  return totals;
}

function figures(counts: Partial<RunCounts>): number[] {
  const { pages, read, new: made, changed, repeated, unchanged, mirrored, removed } = counts;
  return [pages, read, made, changed, repeated, unchanged, mirrored, removed].map((figure) => figure ?? 0);
}

function named(malformed: readonly MalformedRecord[]): MalformedRecord[] {
  return malformed
    .slice(0, examples)
    .map(({ which, why }) => ({ which: storable(which, 200), why: storable(why, 500) }));
}

/** Ends a run and resolves to its totals. `faults` are the classes of errors that it met, besides malformed records. */
export async function finishRun(
  trx: Trx,
  runId: string,
  outcome: RunOutcome,
  error: string | null,
  faults: readonly string[] = [],
): Promise<SyncRunsRow> {
  const [run] = await query<SyncRunsRow>(
    trx,
    `update sync_runs set outcome = ?, error = ?, finished_at = greatest(app.now(), started_at), errors = errors || ?::jsonb
       || case when malformed_count > 0 then jsonb_build_object('malformed', malformed_count) else '{}' end
     where tenant_id = ? and id = ? returning *`,
    [
      outcome,
      error === null ? null : storable(error, 1_000),
      JSON.stringify(Object.fromEntries(faults.map((fault) => [fault, 1]))),
      trx.tenantId,
      runId,
    ],
  );
  if (!run) throw new Error('the run is unknown');
  await clearSeen(trx, runId);
  return run;
}
