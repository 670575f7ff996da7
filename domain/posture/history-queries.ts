import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { figuresOf, figuresText, textOf } from './posture-store.js';
import type { Posture, PosturePoint } from './posture.js';

/** The newest stored score that describes another state than `current`; null when there is none. */
export async function readPrevious(trx: Trx, current: Posture): Promise<PosturePoint | null> {
  const rows = await query<PosturePoint & { readonly figures: string }>(
    trx,
    `select score, calculated_at as at, ${figuresText} as figures from edr_posture_scores
     where tenant_id = ? order by calculated_at desc, id desc limit 2`,
    [trx.tenantId],
  );
  const [latest, before] = rows;
  const found = latest?.figures === textOf(figuresOf(current)) ? before : latest;
  return found ? { score: found.score, at: found.at } : null;
}

/** The score as it was `days` ago, or up to two days earlier; null when it was not stored then. */
export async function readScoreAgo(trx: Trx, days: number): Promise<PosturePoint | null> {
  const [row] = await query<PosturePoint>(
    trx,
    `select score, calculated_at as at from edr_posture_scores where tenant_id = ?
       and calculated_at <= ?::timestamptz - ?::int * interval '1 day'
       and calculated_at > ?::timestamptz - (?::int + 2) * interval '1 day'
     order by calculated_at desc, id desc limit 1`,
    [trx.tenantId, trx.now, days, trx.now, days],
  );
  return row ?? null;
}

/** The last score of each day (UTC) of the last 30 days, oldest first. */
export function readTrend(trx: Trx): Promise<PosturePoint[]> {
  return query<PosturePoint>(
    trx,
    `select score, at from (
       select distinct on ((calculated_at at time zone 'UTC')::date) score, calculated_at as at from edr_posture_scores
       where tenant_id = ? and calculated_at > ?::timestamptz - interval '30 days'
       order by (calculated_at at time zone 'UTC')::date, calculated_at desc, id desc) days
     order by at`,
    [trx.tenantId, trx.now],
  );
}
