import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** A row of audit_log as text that depends neither on session settings nor on the version of PostgreSQL. */
export interface ChainedRow {
  readonly tenant_id: string;
  readonly id: string;
  /** Microseconds since 1970, UTC. */
  readonly at: string;
  readonly actor_kind: string;
  readonly actor: string;
  readonly action: string;
  readonly outcome: string;
  readonly entity_type: string | null;
  readonly entity_id: string | null;
  /** JSON text. */
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  readonly activity_id: string | null;
  readonly xid: string;
}

/** Select list of a `ChainedRow` from `audit_log l`. */
export const chainedColumns = `
  l.tenant_id::text, l.id::text,
  case when isfinite(l.at) then (extract(epoch from l.at) * 1000000)::bigint::text else l.at::text end as at,
  l.actor_kind, l.actor, l.action, l.outcome, l.entity_type, l.entity_id,
  l.before::text as before, l.after::text as after, l.reason, l.activity_id, l.xid::text`;

const domainTag = 'avian audit chain 1';

/** SHA-256 over the previous hash (null for the first row) and every field, each with its presence and length. */
export function hashRow(previous: Buffer | null, row: ChainedRow): Buffer {
  const hash = createHash('sha256').update(domainTag);
  for (const field of [previous, ...fieldsOf(row)]) {
    const bytes = typeof field === 'string' ? Buffer.from(field) : field;
    const head = Buffer.alloc(9);
    head.writeUInt8(bytes === null ? 0 : 1, 0);
    head.writeBigUInt64BE(BigInt(bytes?.length ?? 0), 1);
    hash.update(head).update(bytes ?? '');
  }
  return hash.digest();
}

function fieldsOf(row: ChainedRow): (string | null)[] {
  const json = (text: string | null) => (text === null ? null : canonicalJson(text));
  return [
    row.tenant_id,
    row.id,
    row.at,
    row.actor_kind,
    row.actor,
    row.action,
    row.outcome,
    row.entity_type,
    row.entity_id,
    json(row.before),
    json(row.after),
    row.reason,
    row.activity_id,
    row.xid,
  ];
}
