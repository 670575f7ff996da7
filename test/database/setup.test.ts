import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { withClient } from '../../database/administrator.js';
import { startEmbedded } from '../../database/embedded/start.js';
import type { Embedded } from '../../database/embedded/start.js';
import { findEmbeddedDatabase, openEmbeddedDatabase } from '../../database/embedded/open.js';
import { checkFitness } from '../../database/fitness.js';
import { openDatabase } from '../../database/pool.js';
import { silent, temporaryFolder } from '../helpers/test-server.js';

const cli = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

describe('database setup', () => {
  let dataDir: string;
  let server: Embedded;
  before(async () => {
    // A server of its own: setup changes passwords, which are cluster-wide and other tests rely on.
    dataDir = await temporaryFolder('setup');
    server = await startEmbedded({ dataDir, throwaway: true, log: silent });
  });
  after(async () => {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('makes a fit database out of nothing, prints its variables, and keeps their passwords when repeated', async () => {
    const first = await setup({});
    assert.deepEqual([...first.keys()], variables);
    await assertFit(first.get('DATABASE_URL'), first.get('SYSTEM_DATABASE_URL'));
    const again = await setup(Object.fromEntries(first));
    assert.deepEqual(again, first);
    const fresh = await setup({});
    assert.notEqual(fresh.get('DATABASE_URL'), first.get('DATABASE_URL'));
  });

  it('names server and login in one sentence when it cannot connect', async () => {
    const failed = run(['database', 'setup', '--admin-url', 'postgresql://boss:hidden@127.0.0.1:1/postgres'], {});
    await assert.rejects(failed, (error: { code: number; stderr: string }) => {
      assert.equal(error.code, 1);
      assert.match(error.stderr, /^Cannot connect to the database at 127\.0\.0\.1:1\/postgres as boss: .*\n$/);
      return true;
    });
  });

  it('lets people see who the logins are, but no password in clear reaches the server', async () => {
    const printed = await setup({});
    const password = new URL(printed.get('DATABASE_URL') ?? '').password;
    const stored = await withClient(server.adminUrl, (admin) =>
      admin.query<{ rolpassword: string }>("select rolpassword from pg_authid where rolname = 'avian_app'"),
    );
    assert.match(stored.rows[0]?.rolpassword ?? '', /^SCRAM-SHA-256\$4096:/);
    assert.ok(!stored.rows[0]?.rolpassword.includes(password));
  });

  async function setup(env: Record<string, string>): Promise<Map<string, string>> {
    const { stdout } = await run(['database', 'setup', '--database', 'security'], {
      ...env,
      ADMIN_DATABASE_URL: server.adminUrl,
    });
    const pairs = stdout.trim().split('\n');
    return new Map(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
  }
});

describe('the embedded database', () => {
  it('opens with fit logins and the newest schema, twice with the same passwords, and is found while it runs', async () => {
    const dataDir = await temporaryFolder('open');
    const options = { dataDir, throwaway: true, log: silent };
    assert.equal(await findEmbeddedDatabase(dataDir, silent), null);
    const first = await openEmbeddedDatabase(options);
    await assertFit(first.urls.database, first.urls.system);
    assert.deepEqual((await findEmbeddedDatabase(dataDir, silent))?.urls, first.urls);
    await first.stop();
    const second = await openEmbeddedDatabase(options);
    assert.equal(new URL(second.urls.worker).password, new URL(first.urls.worker).password);
    await second.stop();
    await rm(dataDir, { recursive: true, force: true });
  });
});

const variables = ['DATABASE_URL', 'SYSTEM_DATABASE_URL', 'WORKER_DATABASE_URL', 'MIGRATION_DATABASE_URL'];

async function assertFit(appUrl = '', systemUrl = ''): Promise<void> {
  const db = await openDatabase({ appUrl, systemUrl });
  await checkFitness(db);
  await db.close();
}

function run(args: readonly string[], env: Record<string, string>): Promise<{ stdout: string; stderr: string }> {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.endsWith('DATABASE_URL')));
  return promisify(execFile)(process.execPath, ['--import', 'tsx', cli, ...args], { env: { ...own, ...env } });
}
