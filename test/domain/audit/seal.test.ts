import assert from 'node:assert/strict';
import { inSystem, inTenant } from '../../../database/transaction.js';
import { sealAudit, sealTenant } from '../../../domain/audit/seal.js';
import { verifyChain } from '../../../domain/audit/verify.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { auditRow, undone, writeRows } from './trail.js';

describe('sealing the audit trail', () => {
  let base: TestDatabase;
  let tenantId: string;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(base.admin));
  });
  after(() => base.drop());

  const verify = () => undone(base.admin, (sql) => verifyChain(sql, tenantId));

  it('chains rows in the order of their transactions, and says how many are not yet sealed', async () => {
    await writeRows(base, tenantId, 3);
    assert.deepEqual(await verify(), {
      head: { tenantId, position: 0, hash: '' },
      sound: 0,
      unsealed: 3,
      broken: null,
    });
    await sealAudit(base.db);
    await writeRows(base, tenantId, 2);
    const found = await verify();
    assert.deepEqual([found.sound, found.unsealed, found.broken], [3, 2, null]);
  });

  it('leaves rows alone while an older transaction is running', async () => {
    const slow = await base.admin.transaction();
    await slow('audit_log').insert(auditRow(tenantId, 0));
    await writeRows(base, tenantId, 2);
    await sealAudit(base.db);
    assert.equal((await verify()).sound, 0);
    await slow.commit();
    await sealAudit(base.db);
    assert.equal((await verify()).sound, 3);
  });

  it('loses nothing and seals nothing twice while eight writers and three replicas work at once', async () => {
    let writing = true;
    const seal = async () => {
      while (writing) await sealAudit(base.db);
    };
    const write = async () => {
      for (let n = 0; n < 15; n += 1) await writeRows(base, tenantId, 1 + (n % 4));
    };
    const sealers = [seal(), seal(), seal()];
    await Promise.all(Array.from({ length: 8 }, write));
    writing = false;
    await Promise.all(sealers);
    await sealAudit(base.db);
    const written = 8 * (3 * (1 + 2 + 3 + 4) + 1 + 2 + 3);
    const found = await verify();
    assert.deepEqual([found.sound, found.unsealed, found.broken], [written, 0, null]);
  });

  it('goes on in the middle of a transaction that is larger than a batch', async () => {
    await writeRows(base, tenantId, 7);
    const batches: number[] = [];
    do batches.push(await inSystem(base.db, (trx) => sealTenant(trx, tenantId, 3)));
    while (batches.at(-1) === 3);
    assert.deepEqual(batches, [3, 3, 1]);
    assert.equal((await verify()).sound, 7);
  });

  it('seals old and new rows after a restore into a server whose transaction counter is behind', async () => {
    const old = [0, 1, 2].map((n) => ({ ...auditRow(tenantId, n), xid: `${900_000_000_000 + n}` }));
    await base.admin('audit_log').insert(old);
    await base.admin('audit_heads').insert({ tenant_id: tenantId, sealed_below: '900000000001' });
    await writeRows(base, tenantId, 2);
    assert.equal((await verify()).broken, null);
    await inSystem(base.db, (trx) => sealTenant(trx, tenantId, 2));
    await sealAudit(base.db);
    await writeRows(base, tenantId, 1);
    await sealAudit(base.db);
    const found = await verify();
    assert.deepEqual([found.sound, found.unsealed, found.broken], [6, 0, null]);
  });

  it('is closed to the application, which may neither change rows nor write seals', async () => {
    await writeRows(base, tenantId, 1);
    const refused = { code: '42501' };
    const tries = [
      'update audit_log set reason = null',
      'delete from audit_log',
      'truncate audit_log',
      'delete from audit_seals',
      'update audit_heads set position = 0',
    ];
    for (const statement of tries) {
      await assert.rejects(
        inTenant(base.db, tenantId, ({ sql }) => sql.raw(statement)),
        refused,
      );
    }
  });
});
