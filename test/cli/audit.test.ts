import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sealAudit } from '../../domain/audit/seal.js';
import { writeRows } from '../domain/audit/trail.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { temporaryFolder } from '../helpers/test-server.js';

describe('the command audit', () => {
  let base: TestDatabase;
  let tenantId: string;
  before(async () => {
    base = await testDatabase();
    ({ tenantId } = await insertTenant(base.admin));
    await writeRows(base, tenantId, 5);
    await sealAudit(base.db);
    await writeRows(base, tenantId, 2);
  });
  after(() => base.drop());

  const cli = (args: readonly string[], system = base.urls.system) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { ...process.env, DATABASE_URL: base.urls.app, SYSTEM_DATABASE_URL: system };
      execFile(process.execPath, ['--import', 'tsx', 'cli/main.ts', 'audit', ...args], { env }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });

  it('says that a chain is whole, and finds what is missing against exported heads', async () => {
    const whole = await cli(['verify']);
    assert.match(whole.out, new RegExp(`^PASS  ${tenantId}  5 rows sound, 2 not yet sealed, head 5 `));
    assert.equal(whole.code, 0);

    const exported = await cli(['export']);
    const lines = exported.out.trim().split('\n');
    assert.equal(lines.length, 8);
    const file = path.join(await temporaryFolder('heads'), 'heads.jsonl');
    await writeFile(file, exported.out);

    await base.admin('audit_seals').where({ tenant_id: tenantId }).andWhere('position', '>', 3).delete();
    await base.admin.raw(
      'update audit_heads h set position = 3, hash = s.hash from audit_seals s where s.tenant_id = h.tenant_id and s.position = 3',
    );
    const cut = await cli(['verify', '--tenant', tenantId, '--heads', file]);
    assert.match(cut.out, new RegExp(`^FAIL  ${tenantId}  the row at position 4 and what follows are missing`));
    assert.equal(cut.code, 1);
  }).timeout(60_000);

  it('refuses a login that would see nothing, and an id that is none', async () => {
    const blind = await cli(['verify'], base.urls.app);
    assert.deepEqual([blind.code, blind.out], [1, '']);
    assert.match(blind.err, /avian_app does not see the whole trail. Set SYSTEM_DATABASE_URL/);
    const nobody = await cli(['verify', '--tenant', 'contoso']);
    assert.equal(nobody.code, 1);
  }).timeout(60_000);
});
