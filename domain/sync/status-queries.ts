import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { readConnectedTenant } from './connected-tenant.js';
import { syncSources } from './source.js';
import type { EndedRun, RunUnderWay, SourceStatus, SyncStatusView } from './sync-status.js';

interface StatusRow extends Pick<SourceStatus, 'source' | 'lastSuccessAt' | 'nextRunAt' | 'unlicensedSince'> {
  readonly throttledInARow: number | null;
  readonly holdReason: string | null;
  readonly holdSince: Date | null;
}

type RunRow = { readonly source: string } & (EndedRun | (RunUnderWay & { readonly outcome: null }));

/** How reading every source of the tenant stands. */
export async function readSyncStatus(trx: Trx): Promise<SyncStatusView> {
  const [tenant] = await query<{ name: string }>(trx, 'select name from tenants where id = ?', [trx.tenantId]);
  const cursors = await readCursors(trx);
  const runs = await readNewestRuns(trx);
  return {
    tenantId: trx.tenantId,
    tenantName: tenant?.name ?? '',
    isConnected: (await readConnectedTenant(trx)) !== null,
    sources: cursors.map((cursor) =>
      statusOf(
        cursor,
        runs.filter(({ source }) => source === cursor.source),
      ),
    ),
    now: trx.now,
  };
}

function readCursors(trx: Trx): Promise<StatusRow[]> {
  return query<StatusRow>(
    trx,
    `select s.source, c.last_success_at as "lastSuccessAt", c.next_run_at as "nextRunAt",
       c.unlicensed_since as "unlicensedSince", c.throttled_in_a_row as "throttledInARow",
       c.hold_reason as "holdReason", c.hold_since as "holdSince"
     from unnest(?::text[]) with ordinality s (source, place)
     left join sync_cursors c on c.tenant_id = ? and c.source = s.source order by s.place`,
    [syncSources, trx.tenantId],
  );
}

/** Of each source the run that goes on and the last one that ended. */
function readNewestRuns(trx: Trx): Promise<RunRow[]> {
  return query<RunRow>(
    trx,
    `select r.* from unnest(?::text[]) s (source) cross join (values (true), (false)) w (ended) cross join lateral (
       select source, outcome, kind, started_at as "startedAt", finished_at as "finishedAt", pages, read_count as read,
         new_count as new, changed_count as changed, removed_count as removed, malformed_count as skipped,
         malformed_examples as examples, error
       from sync_runs where tenant_id = ? and source = s.source and (outcome is not null) = w.ended
       order by started_at desc limit 1) r`,
    [syncSources, trx.tenantId],
  );
}

function statusOf(cursor: StatusRow, runs: readonly RunRow[]): SourceStatus {
  const { source, lastSuccessAt, nextRunAt, unlicensedSince, throttledInARow, holdReason, holdSince } = cursor;
  const partly = lastSuccessAt !== null && holdSince !== null && lastSuccessAt >= holdSince;
  return {
    source,
    underWay: runs.find((run) => run.outcome === null) ?? null,
    lastRun: runs.find((run) => run.outcome !== null) ?? null,
    lastSuccessAt,
    nextRunAt,
    hold: holdReason === null || holdSince === null ? null : { reason: holdReason, since: holdSince, partly },
    throttledInARow: throttledInARow ?? 0,
    unlicensedSince,
  };
}
