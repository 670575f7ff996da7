import type { SyncRunsRow } from '../../database/rows.js';
import type { Trx } from '../../database/transaction.js';
import type { MalformedRecord } from '../alerts/alert-source.js';
import { recordAudit } from '../audit/record.js';
import { query } from '../query.js';
import { storable } from '../text.js';
import type { SyncSource } from './cursor-store.js';

export type RunOutcome = NonNullable<SyncRunsRow['outcome']>;

/** What a part of a run read and did. */
export interface RunCounts {
  readonly pages: number;
  readonly read: number;
  readonly new: number;
  readonly repeated: number;
  readonly unchanged: number;
  readonly mirrored: number;
  readonly malformed: readonly MalformedRecord[];
}

const examples = 20;
const processEnded = 'the process ended before the run did';

/** Begins a run and resolves to its id. Only one runs at a time, so an older one without an end was killed. */
export async function beginRun(trx: Trx, source: SyncSource): Promise<string> {
  const killed = await query<{ id: string }>(
    trx,
    `update sync_runs set outcome = 'failed', finished_at = greatest(app.now(), started_at), error = ?
     where tenant_id = ? and source = ? and outcome is null returning id`,
    [processEnded, trx.tenantId, source],
  );
  for (const { id } of killed)
    await recordAudit(trx, {
      by: { kind: 'job', id: `sync_${source}` },
      action: `sync.${source}`,
      outcome: 'failed',
      entity: { type: 'sync_run', id },
      after: { outcome: 'failed', error: processEnded },
    });
  const [run] = await query<{ id: string }>(
    trx,
    'insert into sync_runs (tenant_id, source) values (?, ?) returning id',
    [trx.tenantId, source],
  );
  if (!run) throw new Error('the run was not begun');
  return run.id;
}

export async function addToRun(trx: Trx, runId: string, counts: RunCounts): Promise<void> {
  const named = counts.malformed.slice(0, examples).map(({ which, why }) => ({
    which: storable(which, 200),
    why: storable(why, 500),
  }));
  await query(
    trx,
    `update sync_runs set pages = pages + ?, read_count = read_count + ?, new_count = new_count + ?,
       repeated_count = repeated_count + ?, unchanged_count = unchanged_count + ?, mirrored_count = mirrored_count + ?,
       malformed_count = malformed_count + ?,
       malformed_examples = jsonb_path_query_array(malformed_examples || ?::jsonb, '$[0 to ${examples - 1}]')
     where tenant_id = ? and id = ?`,
    [
      counts.pages,
      counts.read,
      counts.new,
      counts.repeated,
      counts.unchanged,
      counts.mirrored,
      counts.malformed.length,
      JSON.stringify(named),
      trx.tenantId,
      runId,
    ],
  );
}

/** Ends a run and resolves to its totals. */
export async function finishRun(
  trx: Trx,
  runId: string,
  outcome: RunOutcome,
  error: string | null,
): Promise<SyncRunsRow> {
  const [run] = await query<SyncRunsRow>(
    trx,
    `update sync_runs set outcome = ?, error = ?, finished_at = greatest(app.now(), started_at)
     where tenant_id = ? and id = ? returning *`,
    [outcome, error === null ? null : storable(error, 1_000), trx.tenantId, runId],
  );
  if (!run) throw new Error('the run is unknown');
  return run;
}
