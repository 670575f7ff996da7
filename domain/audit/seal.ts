import { inSystem } from '../../database/transaction.js';
import type { Database, SystemTrx } from '../../database/transaction.js';
import { chainedColumns, hashRow } from './chain.js';
import type { ChainedRow } from './chain.js';

interface Head {
  readonly position: string;
  readonly hash: Buffer | null;
  /** Older than every running transaction. */
  readonly below: string;
  /** Not yet given to any transaction of this server. */
  readonly above: string;
  /** The counter of transactions began anew: the database was restored into another server. */
  readonly restarted: boolean;
}

const batchSize = 1_000;

/** Seals everything that is older than every running transaction, in batches; resolves to the number of rows sealed. */
export async function sealAudit(db: Database, signal?: AbortSignal): Promise<number> {
  let sealed = 0;
  for (const tenantId of await inSystem(db, chainsWithWork)) {
    let batch = batchSize;
    while (batch === batchSize && !signal?.aborted) {
      batch = await inSystem(db, (trx) => sealTenant(trx, tenantId, batchSize));
      sealed += batch;
    }
  }
  return sealed;
}

/** Hops from chain to chain over the index, so the cost grows with tenants and unsealed rows, not with the log. */
async function chainsWithWork({ system }: SystemTrx): Promise<string[]> {
  const found = await system.raw<{ rows: { tenant_id: string }[] }>(`
    with recursive chains as (
      (select tenant_id from audit_log order by tenant_id limit 1)
      union all
      select (select l.tenant_id from audit_log l where l.tenant_id > c.tenant_id order by l.tenant_id limit 1)
      from chains c where c.tenant_id is not null)
    select c.tenant_id from chains c left join audit_heads h using (tenant_id)
    where c.tenant_id is not null
      and (h.sealed_below > pg_snapshot_xmax(pg_current_snapshot())
        or exists (select from audit_log l where l.tenant_id = c.tenant_id and l.xid >= coalesce(h.sealed_below, '0')
                   and l.xid < pg_snapshot_xmin(pg_current_snapshot())))`);
  return found.rows.map((row) => row.tenant_id);
}

/** Seals at most `limit` rows of one chain and resolves to their number. The lock on the head keeps other replicas out. */
export async function sealTenant(trx: SystemTrx, tenantId: string, limit: number): Promise<number> {
  const head = await lockHead(trx, tenantId);
  const rows = await unsealedRows(trx, tenantId, head, limit);
  const hashes: Buffer[] = [];
  let hash = head.hash;
  for (const row of rows) hashes.push((hash = hashRow(hash, row)));
  await insertSeals(trx, tenantId, head, rows, hashes);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  await moveHead(trx, tenantId, head, hash, { count: rows.length, below: last ? last.xid : head.below });
  return rows.length;
}

/** The snapshot is read after the lock is held, so it is never older than what another replica has sealed. */
async function lockHead({ system }: SystemTrx, tenantId: string): Promise<Head> {
  await system.raw('insert into audit_heads (tenant_id) values (?) on conflict do nothing', [tenantId]);
  await system.raw('select from audit_heads where tenant_id = ? for update', [tenantId]);
  const found = await system.raw<{ rows: [Head] }>(
    `select position::text, hash, pg_snapshot_xmin(pg_current_snapshot())::text as below,
       pg_snapshot_xmax(pg_current_snapshot())::text as above,
       sealed_below > pg_snapshot_xmax(pg_current_snapshot()) as restarted
     from audit_heads where tenant_id = ?`,
    [tenantId],
  );
  return found.rows[0];
}

/** After a restore a number not yet given away marks a row of the old server; those come first. */
async function unsealedRows(trx: SystemTrx, tenantId: string, head: Head, limit: number): Promise<ChainedRow[]> {
  const range = head.restarted
    ? 'l.xid < :below::xid8 or l.xid >= :above::xid8'
    : 'l.xid >= (select sealed_below from audit_heads where tenant_id = :tenantId) and l.xid < :below::xid8';
  const order = head.restarted ? 'l.xid < :above::xid8, l.xid, l.id' : 'l.xid, l.id';
  const found = await trx.system.raw<{ rows: ChainedRow[] }>(
    `select ${chainedColumns} from audit_log l
     where l.tenant_id = :tenantId and (${range})
       and not exists (select from audit_seals s where s.tenant_id = l.tenant_id and s.audit_id = l.id)
     order by ${order} limit :limit`,
    { tenantId, limit, below: head.below, above: head.above },
  );
  return found.rows;
}

async function insertSeals(
  { system }: SystemTrx,
  tenantId: string,
  head: Head,
  rows: readonly ChainedRow[],
  hashes: readonly Buffer[],
): Promise<void> {
  if (rows.length === 0) return;
  await system.raw(
    `insert into audit_seals (tenant_id, position, audit_id, hash)
     select :tenantId, :position::bigint + ordinality, audit_id, decode(hash, 'hex')
     from unnest(:ids::bigint[], :hashes::text[]) with ordinality as sealed (audit_id, hash, ordinality)`,
    {
      tenantId,
      position: head.position,
      ids: rows.map((row) => row.id),
      hashes: hashes.map((hash) => hash.toString('hex')),
    },
  );
}

/** While a restored chain is not yet sealed whole, `sealed_below` stays where it is, so that the next batch knows. */
async function moveHead(
  { system }: SystemTrx,
  tenantId: string,
  head: Head,
  hash: Buffer | null,
  sealed: { count: number; below: string },
): Promise<void> {
  const whole = sealed.below === head.below;
  const below = head.restarted ? (whole ? ':below::xid8' : 'sealed_below') : 'greatest(sealed_below, :below::xid8)';
  await system.raw(
    `update audit_heads set position = position + :count, hash = :hash, sealed_below = ${below} where tenant_id = :tenantId`,
    { tenantId, hash, count: sealed.count, below: sealed.below },
  );
}
