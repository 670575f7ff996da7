import type { Knex } from 'knex';
import { chainedColumns, hashRow } from './chain.js';
import type { ChainedRow } from './chain.js';

/** Where a chain ends: enough to find later that its newest rows were deleted. */
export interface ChainHead {
  readonly tenantId: string;
  readonly position: number;
  /** Hexadecimal; '' for an empty chain. */
  readonly hash: string;
}

/**
 * changed: a field differs from what was sealed. deleted: the row or its seal is gone. inserted: a row that was put behind
 * the chain. reordered: the row stands in another's place. head: the newest rows are gone, or the head was changed.
 */
export type BreakKind = 'changed' | 'deleted' | 'inserted' | 'reordered' | 'head';

export interface ChainBreak {
  readonly kind: BreakKind;
  /** Null for a row that has none. */
  readonly position: number | null;
  readonly auditId: string | null;
}

export interface Verification {
  readonly head: ChainHead;
  /** Rows sealed and found as they were. */
  readonly sound: number;
  readonly unsealed: number;
  /** The first fault; null when the chain is whole. */
  readonly broken: ChainBreak | null;
}

interface Sealed extends ChainedRow {
  readonly position: string;
  readonly audit_id: string;
  readonly hash: Buffer;
}

const batchSize = 1_000;

/**
 * Walks the chain of one tenant. `sql` may be a transaction of the tenant or of the cross-tenant login. With `expected`, an
 * exported head, deletion of the newest rows together with their seals is found too.
 */
export async function verifyChain(
  sql: Knex.Transaction,
  tenantId: string,
  expected: ChainHead | null = null,
): Promise<Verification> {
  const { head, newest } = await readEnd(sql, tenantId);
  const walk = await walkChain(sql, head, expected);
  const { unsealed, inserted } = await countUnsealed(sql, tenantId);
  const behind: ChainBreak | null = inserted === null ? null : { kind: 'inserted', position: null, auditId: inserted };
  const ahead: ChainBreak | null =
    newest > head.position ? { kind: 'head', position: head.position + 1, auditId: null } : null;
  return { head, sound: walk.sound, unsealed, broken: walk.broken ?? ahead ?? behind };
}

/** Position 0 and an empty hash when nothing is sealed. */
export async function readHead(sql: Knex.Transaction, tenantId: string): Promise<ChainHead> {
  return (await readEnd(sql, tenantId)).head;
}

/** The head and the newest seal in one statement, because sealing goes on meanwhile. */
async function readEnd(sql: Knex.Transaction, tenantId: string): Promise<{ head: ChainHead; newest: number }> {
  const found = await sql.raw<{ rows: [{ position: string; hash: string; newest: string }] }>(
    `select coalesce(h.position, 0)::text as position, coalesce(encode(h.hash, 'hex'), '') as hash,
       coalesce((select max(s.position) from audit_seals s where s.tenant_id = t.id), 0)::text as newest
     from (select ?::uuid as id) t left join audit_heads h on h.tenant_id = t.id`,
    [tenantId],
  );
  const [row] = found.rows;
  return { head: { tenantId, position: Number(row.position), hash: row.hash }, newest: Number(row.newest) };
}

async function walkChain(
  sql: Knex.Transaction,
  head: ChainHead,
  expected: ChainHead | null,
): Promise<{ sound: number; broken: ChainBreak | null }> {
  let before: Buffer | null = null;
  let previous: Buffer | null = null;
  let position = 0;
  for (;;) {
    const batch = await sealedAfter(sql, head, position);
    for (const [index, sealed] of batch.entries()) {
      const kind = faultOf(batch, index, { position, previous, before });
      if (kind) return { sound: position, broken: kind };
      position += 1;
      [before, previous] = [previous, sealed.hash];
      if (expected?.position === position && expected.hash !== sealed.hash.toString('hex')) {
        return { sound: position - 1, broken: { kind: 'head', position, auditId: sealed.audit_id } };
      }
    }
    if (batch.length < batchSize) break;
  }
  return { sound: position, broken: endFault(head, expected, position, previous) };
}

async function sealedAfter(sql: Knex.Transaction, head: ChainHead, position: number): Promise<Sealed[]> {
  const found = await sql.raw<{ rows: Sealed[] }>(
    `select s.position::text, s.audit_id::text, s.hash, ${chainedColumns}
     from audit_seals s left join audit_log l on l.tenant_id = s.tenant_id and l.id = s.audit_id
     where s.tenant_id = ? and s.position > ? and s.position <= ? order by s.position limit ?`,
    [head.tenantId, position, head.position, batchSize],
  );
  return found.rows;
}

interface Place {
  readonly position: number;
  /** Hash of the row before, and of the one before that. */
  readonly previous: Buffer | null;
  readonly before: Buffer | null;
}

function faultOf(batch: readonly Sealed[], index: number, at: Place): ChainBreak | null {
  const sealed = batch[index];
  const position = at.position + 1;
  if (!sealed || Number(sealed.position) !== position) return { kind: 'deleted', position, auditId: null };
  const fault = (kind: BreakKind): ChainBreak => ({ kind, position, auditId: sealed.audit_id });
  if (!isThere(sealed)) return fault('deleted');
  if (hashRow(at.previous, sealed).equals(sealed.hash)) return null;
  const earlier = batch[index - 1];
  if (earlier && hashRow(at.before, sealed).equals(sealed.hash)) {
    return { kind: 'inserted', position: at.position, auditId: earlier.audit_id };
  }
  const fits = (other: Sealed) => isThere(other) && hashRow(at.previous, other).equals(sealed.hash);
  return fault(batch.slice(index + 1).some(fits) ? 'reordered' : 'changed');
}

/** The outer join leaves every column of a missing row empty. */
function isThere(sealed: Sealed): boolean {
  return (sealed.id as string | null) !== null;
}

function endFault(
  head: ChainHead,
  expected: ChainHead | null,
  position: number,
  hash: Buffer | null,
): ChainBreak | null {
  const fault: ChainBreak = { kind: 'head', position: position + 1, auditId: null };
  if (head.position !== position || head.hash !== (hash?.toString('hex') ?? '')) return fault;
  return expected && expected.position > position ? fault : null;
}

/** A row older than the sealed ones but without a seal was not there when they were sealed; after a restore none is named. */
async function countUnsealed(
  sql: Knex.Transaction,
  tenantId: string,
): Promise<{ unsealed: number; inserted: string | null }> {
  const found = await sql.raw<{ rows: [{ unsealed: string; inserted: string | null }] }>(
    `select count(*)::text as unsealed,
       min(l.id) filter (where l.xid < h.sealed_below
         and h.sealed_below <= pg_snapshot_xmax(pg_current_snapshot()))::text as inserted
     from audit_log l left join audit_heads h using (tenant_id)
     where l.tenant_id = ? and not exists (
       select from audit_seals s where s.tenant_id = l.tenant_id and s.audit_id = l.id)`,
    [tenantId],
  );
  return { unsealed: Number(found.rows[0].unsealed), inserted: found.rows[0].inserted };
}
