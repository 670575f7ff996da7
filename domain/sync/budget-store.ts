import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import { query } from '../query.js';
import type { MicrosoftApi, RequestBudget } from './request-budget.js';

/** So many requests at once, then so many in the time given, spread evenly: never more than both together in that time. */
interface Bucket {
  readonly capacity: number;
  readonly refill: number;
  readonly perSeconds: number;
}

interface Buckets {
  readonly short: Bucket;
  readonly hour?: Bucket;
  /** Requests that only urgent ones may use: of the shortest span, and of the hour. */
  readonly reserve: { readonly short: number; readonly hour: number };
}

/**
 * Microsoft's limits of one app in one tenant are 150 a minute (Graph security), 2,000 in 20 s (Intune), 100 a minute and
 * 1,500 an hour (Defender): microsoft-apis 1.3 and 1.4. Capacity and refill add up to them.
 */
const buckets: Readonly<Record<MicrosoftApi, Buckets>> = {
  graph_security: { short: { capacity: 50, refill: 100, perSeconds: 60 }, reserve: { short: 5, hour: 0 } },
  graph_intune: { short: { capacity: 1_000, refill: 1_000, perSeconds: 20 }, reserve: { short: 0, hour: 0 } },
  defender: {
    short: { capacity: 40, refill: 60, perSeconds: 60 },
    hour: { capacity: 400, refill: 1_100, perSeconds: 3_600 },
    reserve: { short: 10, hour: 200 },
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
  const { short, hour, reserve } = buckets[api];
  const least = { short: urgent ? 1 : reserve.short + 1, hour: urgent ? 1 : reserve.hour + 1 };
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
      where ${level('minute_tokens', short, 'excluded.refilled_at')} >= ${least.short}
        ${hour ? `and ${level('hour_tokens', hour, 'excluded.refilled_at')} >= ${least.hour}` : ''}
      returning 1)
    select exists (select from taken) as taken, coalesce(max(1000 * greatest(
        ${missing('minute_tokens', short, least.short)}${hour ? `, ${missing('hour_tokens', hour, least.hour)}` : ''})), 0)::float8 as "waitMs"
    from api_budgets b where b.tenant_id = ? and b.api = ?`;
}
