import type { Database, SystemTrx, Trx } from '../../database/transaction.js';
import { inSystem } from '../../database/transaction.js';
import { query } from '../query.js';

/** A conversation that has something to deliver. */
export interface Lane {
  readonly tenantId: string;
  readonly conversationId: string;
}

export interface Claim {
  /** The delivery loop, a uuid. */
  readonly owner: string;
  readonly leaseMs: number;
  readonly limit: number;
  /** Looking begins behind this lane and goes round, so that every lane has its turn; null = at the first. */
  readonly after: Lane | null;
}

interface LaneRow {
  readonly tenant_id: string;
  readonly conversation_id: string;
}

const first: Lane = { tenantId: '00000000-0000-0000-0000-000000000000', conversationId: '' };

/** Leases lanes that have due rows and nobody's lease, at most `limit`, in turn. */
export async function claimLanes(trx: SystemTrx, claim: Claim): Promise<Lane[]> {
  let due = await dueLanes(trx, claim.after ?? first, claim.limit);
  if (claim.after && due.length < claim.limit) {
    const known = new Set(due.map(laneKey));
    const round = await dueLanes(trx, first, claim.limit);
    due = [...due, ...round.filter((lane) => !known.has(laneKey(lane)))].slice(0, claim.limit);
  }
  if (due.length === 0) return [];
  const leased = new Set((await lease(trx, due, claim)).map(laneKey));
  return due.filter((lane) => leased.has(laneKey(lane)));
}

export function laneKey(lane: Lane): string {
  return `${lane.tenantId}/${lane.conversationId}`;
}

/** Hops from lane to lane over outbox_pending_idx: the cost grows with lanes that have work, not with rows or links. */
async function dueLanes({ system }: SystemTrx, after: Lane, limit: number): Promise<Lane[]> {
  const found = await system.raw<{ rows: LaneRow[] }>(
    `with recursive hops as (
       (select tenant_id, conversation_id from outbox
        where state = 'pending' and (tenant_id, conversation_id) > (:tenantId::uuid, :conversationId)
        order by tenant_id, conversation_id limit 1)
       union all
       select n.tenant_id, n.conversation_id from hops h cross join lateral (
         select o.tenant_id, o.conversation_id from outbox o
         where o.state = 'pending' and (o.tenant_id, o.conversation_id) > (h.tenant_id, h.conversation_id)
         order by o.tenant_id, o.conversation_id limit 1) n)
     select h.tenant_id, h.conversation_id from hops h
     left join lateral (select d.lease_until, d.not_before from delivery_lanes d
       where d.tenant_id = h.tenant_id and d.conversation_id = h.conversation_id limit 1) l on true
     where (l.lease_until is null or l.lease_until < clock_timestamp())
       and (l.not_before is null or l.not_before <= clock_timestamp())
       and exists (select from outbox o where o.tenant_id = h.tenant_id and o.conversation_id = h.conversation_id
                   and o.state = 'pending' and o.due_at <= app.now())
     limit :limit`,
    { ...after, limit },
  );
  return found.rows.map((row) => ({ tenantId: row.tenant_id, conversationId: row.conversation_id }));
}

/** In the order of the key, so that two loops never wait for each other. */
async function lease({ system }: SystemTrx, lanes: readonly Lane[], claim: Claim): Promise<Lane[]> {
  const wanted = `(select tenant_id, conversation_id
    from unnest(:tenants::uuid[], :conversations::text[]) as wanted (tenant_id, conversation_id))`;
  const keys = {
    tenants: lanes.map((lane) => lane.tenantId),
    conversations: lanes.map((lane) => lane.conversationId),
  };
  await system.raw(
    `insert into delivery_lanes (tenant_id, conversation_id) select * from ${wanted} w
     order by tenant_id, conversation_id on conflict do nothing`,
    keys,
  );
  const leased = await system.raw<{ rows: LaneRow[] }>(
    `with free as (
       select d.tenant_id, d.conversation_id from delivery_lanes d join ${wanted} w using (tenant_id, conversation_id)
       where (d.lease_until is null or d.lease_until < clock_timestamp())
         and (d.not_before is null or d.not_before <= clock_timestamp())
       order by d.tenant_id, d.conversation_id for update of d skip locked)
     update delivery_lanes d set lease_owner = :owner, lease_until = clock_timestamp() + :leaseMs * interval '1 ms'
     from free where d.tenant_id = free.tenant_id and d.conversation_id = free.conversation_id
     returning d.tenant_id, d.conversation_id`,
    { ...keys, owner: claim.owner, leaseMs: claim.leaseMs },
  );
  return leased.rows.map((row) => ({ tenantId: row.tenant_id, conversationId: row.conversation_id }));
}

export interface HeldLane {
  /** Failed requests in a row. */
  readonly failures: number;
  /** The database's clock, in milliseconds with fractions. */
  readonly clock: number;
}

/** Prolongs the lease; null when another loop has taken the lane over. */
export async function renewLease(
  trx: Trx,
  conversationId: string,
  owner: string,
  leaseMs: number,
): Promise<HeldLane | null> {
  const [held] = await query<HeldLane>(
    trx,
    `update delivery_lanes set lease_until = clock_timestamp() + ? * interval '1 ms'
     where tenant_id = ? and conversation_id = ? and lease_owner = ?
     returning failures, extract(epoch from clock_timestamp())::float8 * 1000 as clock`,
    [leaseMs, trx.tenantId, conversationId, owner],
  );
  return held ?? null;
}

/** Sets the failures in a row, and with `waitMs` that nothing is to be sent for so long. */
export async function rateLane(
  trx: Trx,
  conversationId: string,
  failures: number,
  waitMs: number | null,
): Promise<void> {
  await query(
    trx,
    `update delivery_lanes set failures = ?, not_before = clock_timestamp() + ?::float8 * interval '1 ms'
     where tenant_id = ? and conversation_id = ? and (failures <> ? or ?::float8 is not null)`,
    [failures, waitMs, trx.tenantId, conversationId, failures, waitMs],
  );
}

/** Nothing is to be sent for `waitMs`: the limits of the conversation are used up. */
export async function restLane(trx: Trx, conversationId: string, waitMs: number): Promise<void> {
  await query(
    trx,
    `update delivery_lanes set not_before = clock_timestamp() + ? * interval '1 ms'
     where tenant_id = ? and conversation_id = ?`,
    [waitMs, trx.tenantId, conversationId],
  );
}

/** Ends the leases of a loop: of one lane, or with null of all. */
export function releaseLanes(db: Database, owner: string, lane: Lane | null): Promise<void> {
  return inSystem(db, async ({ system }) => {
    const mine = system('delivery_lanes').where({ lease_owner: owner });
    if (lane) void mine.andWhere({ tenant_id: lane.tenantId, conversation_id: lane.conversationId });
    await mine.update({ lease_owner: null, lease_until: null });
  });
}
