import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import { query } from '../query.js';
import type { MicrosoftApi, RequestBudget } from './request-budget.js';

/** So many requests at once, and again so many in the time given, spread evenly. */
interface Bucket {
  readonly capacity: number;
  readonly refill: number;
  readonly perSeconds: number;
}

interface Buckets {
  readonly short: Bucket;
  readonly hour?: Bucket;
  /** Requests of the hour that only urgent ones may use. */
  readonly reserve?: number;
}

/** Of one app in one tenant: microsoft-apis 1.3 and 1.4. */
const buckets: Readonly<Record<MicrosoftApi, Buckets>> = {
  graph_security: { short: { capacity: 150, refill: 150, perSeconds: 60 } },
  graph_intune: { short: { capacity: 2_000, refill: 2_000, perSeconds: 20 } },
  defender: {
    short: { capacity: 100, refill: 100, perSeconds: 60 },
    hour: { capacity: 1_500, refill: 1_500, perSeconds: 3_600 },
    reserve: 200,
  },
};

/**
 * Token buckets shared by all processes, by the database's own clock: the sandbox's offset would refill them at once.
 * Rejects when the database does not answer.
 */
export function createRequestBudget(db: Database): RequestBudget {
  return (connection, api, urgent) => inTenant(db, connection.tenantId, (trx) => takeToken(trx, api, urgent));
}

/** Takes one request if there is one; resolves to the milliseconds until there will be, 0 when it was taken. */
async function takeToken(trx: Trx, api: MicrosoftApi, urgent: boolean): Promise<number> {
  const [found] = await query<{ taken: boolean; waitMs: number }>(trx, statement(api, urgent), [
    trx.tenantId,
    api,
    trx.tenantId,
    api,
  ]);
  if (!found) throw new Error('the budget gave no answer');
  return found.taken ? 0 : Math.max(1, Math.ceil(found.waitMs));
}

/**
 * One statement, so that two processes never take the same token: the second waits for the row and reads what the first
 * left. Its time was taken before it waited, hence never less than nothing has passed. The figures are our own constants.
 */
function statement(api: MicrosoftApi, urgent: boolean): string {
  const { short, hour, reserve = 0 } = buckets[api];
  const least = urgent ? 1 : reserve + 1;
  const passed = (now: string) => `greatest(0, extract(epoch from (${now} - b.refilled_at)))`;
  const level = (column: string, { capacity, refill, perSeconds }: Bucket, now: string) =>
    `least(${capacity}, b.${column} + ${passed(now)} * ${refill} / ${perSeconds})`;
  const missing = (column: string, bucket: Bucket, enough: number) =>
    `(${enough} - ${level(column, bucket, 'clock_timestamp()')}) * ${bucket.perSeconds} / ${bucket.refill}`;
  return `
    with taken as (
      insert into api_budgets as b (tenant_id, api, minute_tokens, hour_tokens, refilled_at)
      values (?, ?, ${short.capacity} - 1, ${hour ? `${hour.capacity} - 1` : 'null'}, clock_timestamp())
      on conflict (tenant_id, api) do update set
        minute_tokens = ${level('minute_tokens', short, 'excluded.refilled_at')} - 1,
        hour_tokens = ${hour ? `${level('hour_tokens', hour, 'excluded.refilled_at')} - 1` : 'null'},
        refilled_at = greatest(b.refilled_at, excluded.refilled_at)
      where ${level('minute_tokens', short, 'excluded.refilled_at')} >= 1
        ${hour ? `and ${level('hour_tokens', hour, 'excluded.refilled_at')} >= ${least}` : ''}
      returning 1)
    select exists (select from taken) as taken, coalesce(max(1000 * greatest(
        ${missing('minute_tokens', short, 1)}${hour ? `, ${missing('hour_tokens', hour, least)}` : ''})), 0)::float8 as "waitMs"
    from api_budgets b where b.tenant_id = ? and b.api = ?`;
}
