import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPostmaster } from '../database/embedded/postmaster.js';
import { until } from './helpers/until.js';

describe('a program that is stopped while it starts', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'avian-start-'));
  // PostgreSQL runs as another user when we are root.
  before(() => chmodSync(folder, 0o755));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('ends well and leaves no PostgreSQL behind', async function () {
    this.timeout(60_000);
    const dataDir = path.join(folder, 'data');
    const env = { ...process.env, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'silent', DATABASE_URL: '' };
    const child = spawn(process.execPath, ['--import', 'tsx', 'index.ts'], { env, stdio: 'ignore' });
    const ended = once(child, 'exit');
    const data = path.join(dataDir, 'postgres', 'data');
    await until('PostgreSQL starts', () => existsSync(path.join(data, 'postmaster.pid')));
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
    assert.equal(await findPostmaster(data), null);
  });
});
