import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { inTenant } from '../../../database/transaction.js';
import type { TestDatabase } from '../../helpers/database.js';

/** Writes rows as the application does: plain, in one transaction. Resolves to their ids. */
export function writeRows(base: TestDatabase, tenantId: string, count: number): Promise<string[]> {
  return inTenant(base.db, tenantId, async ({ sql }) => {
    const rows = Array.from({ length: count }, (_, n) => auditRow(tenantId, n));
    return (await sql('audit_log').insert(rows).returning<{ id: string }[]>('id')).map((row) => row.id);
  });
}

export function auditRow(tenantId: string, n: number) {
  return {
    tenant_id: tenantId,
    actor_kind: 'person',
    actor: randomUUID(),
    action: 'alert.close',
    entity_type: 'alert',
    entity_id: randomUUID(),
    before: JSON.stringify({ status: 'investigating', version: n }),
    after: JSON.stringify({ status: 'closed_benign', version: n + 1, big: 1.5, nested: [null, { ü: '\u2028' }] }),
    reason: n % 2 === 0 ? `Checked with the owner, ${n}` : null,
    activity_id: n % 3 === 0 ? `170000${n}` : null,
  };
}

/** Runs `work` as a superuser and takes back whatever it did. */
export async function undone<T>(admin: Knex, work: (sql: Knex.Transaction) => Promise<T>): Promise<T> {
  const sql = await admin.transaction();
  try {
    return await work(sql);
  } finally {
    await sql.rollback();
  }
}
