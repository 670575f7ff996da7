import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startEmbedded } from '../../database/embedded/start.js';
import type { Embedded } from '../../database/embedded/start.js';
import { setupLogins } from '../../database/logins.js';
import { findPostmaster } from '../../database/embedded/postmaster.js';
import type { Postmaster } from '../../database/embedded/postmaster.js';
import { openDatabase, openPool } from '../../database/pool.js';
import type { Database } from '../../database/transaction.js';
import { silent, temporaryFolder } from '../helpers/test-server.js';

describe('the pools', () => {
  let dataDir: string;
  let embedded: Embedded;
  let db: Database;
  before(async () => {
    dataDir = await temporaryFolder('pool');
    embedded = await startEmbedded({ dataDir, throwaway: true, log: silent });
    const urls = await setupLogins(embedded.adminUrl);
    db = await openDatabase({ appUrl: urls.database, systemUrl: urls.system });
  });
  after(async () => {
    await db.close();
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  it('are two logins that say who they are', async () => {
    for (const [pool, login, name] of [
      [db.app, 'avian_app', 'avian-app'],
      [db.system, 'avian_system', 'avian-system'],
    ] as const) {
      const found = await pool.raw<{ rows: unknown[] }>(
        "select current_user as login, current_setting('application_name') as name",
      );
      assert.deepEqual(found.rows, [{ login, name }]);
    }
  });

  it('limit statements, waits for locks and idle transactions', async () => {
    const found = await db.app.raw<{ rows: { setting: string }[] }>(
      `select current_setting(name) as setting from unnest(array['statement_timeout', 'lock_timeout',
       'idle_in_transaction_session_timeout']) name`,
    );
    assert.deepEqual(
      found.rows.map((row) => row.setting),
      ['15s', '5s', '30s'],
    );
  });

  it('lose a running statement when an administrator ends it, and nothing else', async () => {
    const admin = openPool(embedded.adminUrl, 1, 'admin');
    const running = db.app.raw('select pg_sleep(14)').catch((error: Error) => error.message);
    const terminate = `select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity
      where application_name = 'avian-app' and query like '%pg_sleep%'`;
    const ended = async () => (await admin.raw<{ rows: [{ ended: number }] }>(terminate)).rows[0].ended;
    while ((await ended()) === 0);
    assert.match(String(await running), /terminating connection|terminated/);
    await untilAnswered(() => db.app.raw('select 1'));
    await admin.destroy();
  });

  it('recover by themselves after the server was killed and came back', async () => {
    const data = path.join(dataDir, 'postgres', 'data');
    const killed = await findPostmaster(data);
    await Promise.all([db.app.raw('select 1'), db.app.raw('select 1'), db.system.raw('select 1')]);
    process.kill(killed?.pid ?? 0, 'SIGKILL');
    await untilAnswered(async () => assert.ok(isAnother(await findPostmaster(data), killed)));
    await untilAnswered(() => db.app.raw('select 1'));
    await untilAnswered(() => db.system.raw('select 1'));
  });

  it('give up connecting to a server that accepts and says nothing', async () => {
    const mute = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(mute, 'listening');
    const pool = openPool(
      `postgresql://nobody:x@127.0.0.1:${(mute.address() as AddressInfo).port}/none`,
      1,
      'mute',
      50,
    );
    await assert.rejects(pool.raw('select 1'), /timeout/i);
    await pool.destroy();
    mute.close();
  });
});

function isAnother(found: Postmaster | null, killed: Postmaster | null): boolean {
  return found !== null && found.ready && found.pid !== killed?.pid;
}

/** Throws the last error when the pool does not recover. */
async function untilAnswered(ask: () => PromiseLike<unknown>): Promise<void> {
  let last: unknown;
  for (let attempt = 0; attempt < 500; attempt += 1) {
    try {
      await ask();
      return;
    } catch (error) {
      last = error;
      await pause(20);
    }
  }
  throw last;
}
