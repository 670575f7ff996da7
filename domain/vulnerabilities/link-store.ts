import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** whole: what was not met is closed. changes: only what was met changes, each product as its newest change says. */
export type MergeMode = 'whole' | 'changes';

/** How many links between device and CVE a merge made, changed, closed and left alone. */
export interface Merged {
  readonly new: number;
  readonly changed: number;
  readonly removed: number;
  readonly unchanged: number;
}

/** Device ids above `after`, up to and with `upTo`. */
export interface DeviceRange {
  readonly after: string;
  readonly upTo: string;
}

export const lowestDevice = '00000000-0000-0000-0000-000000000000';
export const highestDevice = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const staged = `select device_id as id from sync_seen_vulnerabilities
  where tenant_id = ? and run_id = ? and device_id > ?::uuid order by device_id offset ? limit 1`;
const linked = `select device_id as id from edr_device_vulnerabilities
  where tenant_id = ? and device_id > ?::uuid order by device_id offset ? limit 1`;

/**
 * The next devices, whole, that have some `rows` of what was met; as many links at most where those that were not met are
 * closed. The last range reaches to the highest id.
 */
export async function nextRange(
  trx: Trx,
  runId: string,
  mode: MergeMode,
  after: string,
  rows: number,
): Promise<DeviceRange> {
  const ofMet = [trx.tenantId, runId, after, rows - 1];
  const [row] =
    mode === 'changes'
      ? await query<{ id: string }>(trx, staged, ofMet)
      : await query<{ id: string }>(
          trx,
          `select id from ((${staged}) union all (${linked})) ends order by id limit 1`,
          [...ofMet, trx.tenantId, after, rows - 1],
        );
  return { after, upTo: row?.id ?? highestDevice };
}

const met = `sync_seen_vulnerabilities where tenant_id = ? and run_id = ? and device_id > ?::uuid and device_id <= ?::uuid`;

/** A full join is never done by nested loops, whatever the planner believes of a tenant without statistics. */
const whole = `seen as materialized (
    select device_id, vulnerability_id, array_agg(distinct product order by product) as products,
      min(first_seen_at) as first_seen_at
    from ${met} group by device_id, vulnerability_id),
  had as (select device_id, vulnerability_id, products from edr_device_vulnerabilities
    where tenant_id = ? and device_id > ?::uuid and device_id <= ?::uuid),
  diff as materialized (
    select device_id, vulnerability_id, seen.products is not null as met, had.products is not null as had,
      coalesce(seen.products, '{}') as products, seen.first_seen_at
    from seen full join had using (device_id, vulnerability_id)
    where seen.products is distinct from had.products)`;

const changes = `newest as (
    select distinct on (device_id, vulnerability_id, product) device_id, vulnerability_id, product, is_fixed, first_seen_at
    from ${met}
    order by device_id, vulnerability_id, product, changed_at desc nulls last, is_fixed),
  seen as materialized (
    select device_id, vulnerability_id, coalesce(array_agg(product) filter (where not is_fixed), '{}') as present,
      coalesce(array_agg(product) filter (where is_fixed), '{}') as fixed, min(first_seen_at) as first_seen_at
    from newest group by device_id, vulnerability_id),
  known as (
    select s.*, l.products as before from seen s left join lateral (
      select products from edr_device_vulnerabilities l where l.tenant_id = ? and l.device_id = s.device_id
        and l.vulnerability_id = s.vulnerability_id limit 1) l on true),
  outcome as (
    select *, array(select distinct p from unnest(coalesce(before, '{}') || present) p where p <> all (fixed) order by p)
      as products from known),
  diff as materialized (
    select device_id, vulnerability_id, true as met, before is not null as had, products, first_seen_at
    from outcome where coalesce(before, '{}') <> products)`;

const apply = `closed as (
    delete from edr_device_vulnerabilities l using diff d where d.had and d.products = '{}' and l.tenant_id = ?
      and l.device_id = d.device_id and l.vulnerability_id = d.vulnerability_id),
  kept as (
    insert into edr_device_vulnerabilities (tenant_id, device_id, vulnerability_id, detected_at, products)
    select ?::uuid, device_id, vulnerability_id, coalesce(first_seen_at, ?::timestamptz), products from diff
    where products <> '{}' order by device_id, vulnerability_id
    on conflict (tenant_id, device_id, vulnerability_id) do update set products = excluded.products)
  select count(*) filter (where not had)::int as new, count(*) filter (where had and products <> '{}')::int as changed,
    count(*) filter (where products = '{}')::int as removed,
    ((select count(*) from seen) - count(*) filter (where met))::int as unchanged from diff`;

/**
 * Brings the links of some devices to what a walk has met, and forgets what it met of them. A link goes when no product is
 * left. Done again it changes nothing.
 */
export async function mergeLinks(trx: Trx, runId: string, mode: MergeMode, range: DeviceRange): Promise<Merged> {
  const { tenantId, now } = trx;
  const bounds = [range.after, range.upTo];
  const known = mode === 'whole' ? [tenantId, ...bounds] : [tenantId];
  const [merged] = await query<Merged>(trx, `with ${mode === 'whole' ? whole : changes}, ${apply}`, [
    ...[tenantId, runId, ...bounds],
    ...known,
    ...[tenantId, tenantId, now],
  ]);
  await query(trx, `delete from ${met}`, [tenantId, runId, ...bounds]);
  if (!merged) throw new Error('nothing was merged');
  return merged;
}
