import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import type { Actor } from '../../domain/access/actor.js';
import { readActionPolicy } from '../../domain/actions/operator-policy.js';
import { actorIn } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

describe('the command tenant actions', () => {
  let base: TestDatabase;
  let tenantId: string;
  let ann: Actor;
  before(async () => {
    base = await testDatabase();
    ({ tenantId } = await insertTenant(base.admin));
    ann = await actorIn(base.admin, tenantId, 'security_analyst', 'Ann');
  });
  after(() => base.drop());

  const cli = (args: readonly string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const env = { ...process.env, MIGRATION_DATABASE_URL: base.urls.migrator };
      const command = ['--import', 'tsx', 'cli/main.ts', 'tenant', 'actions', `${tenantId}.example`, ...args];
      execFile(process.execPath, command, { env }, (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });

  it('shows the rules, sets those that are named, and says what cannot be', async () => {
    const shown = await cli([]);
    assert.deepEqual([shown.code, shown.err], [0, '']);
    assert.match(shown.out, /^Approval of isolations: needed\n.*\nDry run: on\nBreak-glass people: nobody\n/s);
    const set = ['--dry-run', 'off', '--approval', 'isolate,release', '--break-glass', ann.aadObjectId];
    const changed = await cli([...set, '--queue-hours', '48', '--peers', 'on']);
    assert.match(changed.out, /Approval of releases: needed\n.*Dry run: off\nBreak-glass people: Ann\nQueued.* 48 h/s);
    const rules = await readActionPolicy(base.admin, tenantId);
    assert.deepEqual(
      [rules.dryRun, rules.peers, rules.approval, rules.breakGlass],
      [false, true, { isolate: true, release: true, scan: false }, [ann.userId]],
    );
    const [again, wrong] = [await cli(['--dry-run', 'off']), await cli(['--dry-run', 'maybe'])];
    assert.deepEqual([again.code, again.out], [1, '']);
    assert.match(again.err, /nothing to change/);
    assert.match(wrong.err, /on or off/);
    assert.equal(wrong.code, 1);
  }).timeout(60_000);
});
