import type { Knex } from 'knex';
import { chainedColumns } from './chain.js';
import type { ChainedRow } from './chain.js';
import { readHead } from './verify.js';
import type { ChainHead } from './verify.js';

/** An audit row as it is exported; `position` and `hash` are null while it is not sealed. */
export type ExportedRow = ChainedRow & { readonly position: number | null; readonly hash: string | null };

const batchSize = 1_000;

/** Chains that have at least one row, the installation's own (nil uuid) included. `sql` is the cross-tenant login's. */
export async function listChains(sql: Knex.Transaction): Promise<string[]> {
  const found = await sql.raw<{ rows: { tenant_id: string }[] }>(`
    with recursive chains as (
      (select tenant_id from audit_log order by tenant_id limit 1)
      union all
      select (select l.tenant_id from audit_log l where l.tenant_id > c.tenant_id order by l.tenant_id limit 1)
      from chains c where c.tenant_id is not null)
    select tenant_id from chains where tenant_id is not null
    union select tenant_id from audit_heads order by tenant_id`);
  return found.rows.map((row) => row.tenant_id);
}

/** The heads of all chains, to be kept outside of this database. */
export async function exportHeads(sql: Knex.Transaction): Promise<ChainHead[]> {
  const heads: ChainHead[] = [];
  for (const tenantId of await listChains(sql)) heads.push(await readHead(sql, tenantId));
  return heads;
}

/** The whole trail of one tenant by id, in bounded memory. */
export async function* exportTrail(sql: Knex.Transaction, tenantId: string): AsyncGenerator<ExportedRow> {
  let after = '0';
  for (;;) {
    const found = await sql.raw<{ rows: (ChainedRow & { position: string | null; hash: string | null })[] }>(
      `select ${chainedColumns}, s.position::text, encode(s.hash, 'hex') as hash
       from audit_log l left join audit_seals s on s.tenant_id = l.tenant_id and s.audit_id = l.id
       where l.tenant_id = ? and l.id > ? order by l.id limit ?`,
      [tenantId, after, batchSize],
    );
    for (const row of found.rows) {
      yield { ...row, position: row.position === null ? null : Number(row.position) };
    }
    const last = found.rows.at(-1);
    if (!last || found.rows.length < batchSize) return;
    after = last.id;
  }
}
