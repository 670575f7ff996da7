import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { inTenant } from '../../../database/transaction.js';
import { exportTrail } from '../../../domain/audit/export.js';
import { sealAudit } from '../../../domain/audit/seal.js';
import { readHead, verifyChain } from '../../../domain/audit/verify.js';
import type { ChainBreak } from '../../../domain/audit/verify.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { auditRow, undone, writeRows } from './trail.js';

const rowCount = 12;

const changes: Readonly<Record<string, string>> = {
  at: "at + interval '1 microsecond'",
  actor_kind: "'system'",
  actor: "actor || ' '",
  action: "'alert.escalate'",
  outcome: "'refused'",
  entity_type: 'null',
  entity_id: "entity_id || 'x'",
  before: `'{"status": "investigating"}'`,
  after: `jsonb_set(after, '{big}', '1.50')`,
  reason: "coalesce(reason, '') || '.'",
  activity_id: "coalesce(activity_id, '') || '1'",
  xid: "'3'",
};

describe('verifying the audit trail', () => {
  let base: TestDatabase;
  let tenantId: string;
  let ids: string[];
  before(async () => {
    base = await testDatabase();
    ({ tenantId } = await insertTenant(base.admin));
    ids = await writeRows(base, tenantId, rowCount);
    await sealAudit(base.db);
  });
  after(() => base.drop());

  const afterTampering = (tamper: (sql: Knex.Transaction) => Promise<unknown>): Promise<ChainBreak | null> =>
    undone(base.admin, async (sql) => {
      await tamper(sql);
      return (await verifyChain(sql, tenantId)).broken;
    });
  const place = fc.integer({ min: 0, max: rowCount - 1 });

  it('finds a change to any field of any row and names the row', async () => {
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom(...Object.entries(changes)), async (at, [column, value]) => {
        const broken = await afterTampering((sql) =>
          sql.raw(`update audit_log set ${column} = ${value} where tenant_id = ? and id = ?`, [
            tenantId,
            ids[at] ?? '',
          ]),
        );
        assert.deepEqual(broken, { kind: 'changed', position: at + 1, auditId: ids[at] });
      }),
      { numRuns: 60 },
    );
  });

  it('finds the deletion of any rows, with or without their seals, and names the first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(place, { minLength: 1 }), fc.boolean(), async (places, seals) => {
        const gone = places.map((at) => ids[at] ?? '');
        const broken = await afterTampering(async (sql) => {
          await sql('audit_log').where({ tenant_id: tenantId }).whereIn('id', gone).delete();
          if (seals) await sql('audit_seals').where({ tenant_id: tenantId }).whereIn('audit_id', gone).delete();
        });
        assert.equal(broken?.position, Math.min(...places) + 1);
      }),
      { numRuns: 40 },
    );
  });

  it('finds two rows that changed places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(place, { minLength: 2, maxLength: 2 }), async ([one = 0, other = 1]) => {
        const broken = await afterTampering(async (sql) => {
          const swap = (at: number, id: string) =>
            sql('audit_seals')
              .where({ tenant_id: tenantId, position: at + 1 })
              .update({ audit_id: id });
          await swap(one, '-1');
          await swap(other, ids[one] ?? '');
          await swap(one, ids[other] ?? '');
        });
        const first = Math.min(one, other);
        assert.deepEqual(broken, { kind: 'reordered', position: first + 1, auditId: ids[Math.max(one, other)] });
      }),
      { numRuns: 20 },
    );
  });

  it('finds a row that was put behind the chain', async () => {
    let auditId = '';
    const broken = await afterTampering(async (sql) => {
      const [row] = await sql('audit_log')
        .insert({ ...auditRow(tenantId, 1), xid: '3' })
        .returning<{ id: string }[]>('id');
      auditId = row?.id ?? '';
    });
    assert.deepEqual(broken, { kind: 'inserted', position: null, auditId });
  });

  it('finds deletion of the newest rows against an exported head, even when the seals and the head were mended', async () => {
    const exported = await undone(base.admin, (sql) => readHead(sql, tenantId));
    await undone(base.admin, async (sql) => {
      await sql.raw('delete from audit_log where tenant_id = ? and id = ?', [tenantId, ids.at(-1) ?? '']);
      await sql.raw('delete from audit_seals where tenant_id = ? and position = ?', [tenantId, rowCount]);
      await sql.raw(
        `update audit_heads h set position = s.position, hash = s.hash from audit_seals s
         where h.tenant_id = ? and s.tenant_id = h.tenant_id and s.position = ?`,
        [tenantId, rowCount - 1],
      );
      assert.equal((await verifyChain(sql, tenantId)).broken, null);
      const { broken } = await verifyChain(sql, tenantId, exported);
      assert.deepEqual(broken, { kind: 'head', position: rowCount, auditId: null });
    });
  });

  it('finds that the head itself was removed', async () => {
    const broken = await afterTampering((sql) => sql('audit_heads').where({ tenant_id: tenantId }).delete());
    assert.equal(broken?.kind, 'head');
  });

  it('comes to the same hashes whatever the session settings are', async () => {
    const broken = await afterTampering((sql) =>
      sql.raw(`set local timezone = 'Asia/Kathmandu'; set local datestyle = 'German'; set local bytea_output = 'escape';
               set local extra_float_digits = -5; set local intervalstyle = 'iso_8601'`),
    );
    assert.equal(broken, null);
  });

  it('shows the application the chain of its own tenant only', async () => {
    const other = await insertTenant(base.admin);
    const found = await inTenant(base.db, other.tenantId, ({ sql }) => verifyChain(sql, tenantId));
    assert.deepEqual([found.sound, found.unsealed], [0, 0]);
    const own = await inTenant(base.db, tenantId, ({ sql }) => verifyChain(sql, tenantId));
    assert.deepEqual([own.sound, own.broken], [rowCount, null]);
  });

  it('exports the whole trail with positions, and an empty one for an unknown tenant', async () => {
    const rows = await undone(base.admin, (sql) => collect(exportTrail(sql, tenantId)));
    assert.deepEqual(
      rows.map((row) => [row.id, row.position]),
      ids.map((id, at) => [id, at + 1]),
    );
    assert.deepEqual(await undone(base.admin, (sql) => collect(exportTrail(sql, randomUUID()))), []);
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
