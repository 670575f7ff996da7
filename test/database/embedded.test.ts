import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withClient } from '../../database/administrator.js';
import { startEmbedded } from '../../database/embedded/start.js';
import type { Embedded } from '../../database/embedded/start.js';
import { findPostmaster } from '../../database/embedded/postmaster.js';
import { ownInChild } from '../helpers/owner-process.js';
import { silent, temporaryFolder } from '../helpers/test-server.js';

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  let running: Embedded | undefined;
  beforeEach(async () => {
    dataDir = await temporaryFolder('embedded');
  });
  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await rm(dataDir, { recursive: true, force: true });
  });

  const start = async (warnings: string[] = []) => {
    const warn = (message: string) => void warnings.push(message);
    running = await startEmbedded({ dataDir, throwaway: true, log: { ...silent, warn, error: warn } });
    return running;
  };
  const serverOf = (folder: string) => findPostmaster(path.join(folder, 'postgres', 'data'));

  it('starts in an empty folder, not as root, and is gone after stop', async () => {
    const embedded = await start();
    const server = await serverOf(dataDir);
    assert.ok(server);
    if (process.platform === 'linux') assert.notEqual((await stat(`/proc/${server.pid}`)).uid, 0);
    await embedded.stop();
    assert.equal(await serverOf(dataDir), null);
    assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
  });

  it('keeps its data and its password over a restart, the password for its owner only', async () => {
    const first = await start();
    await remember(first.adminUrl, 'before the restart');
    await first.stop();
    const second = await start();
    assert.equal(await recall(second.adminUrl), 'before the restart');
    const file = await stat(path.join(dataDir, 'postgres', 'data', 'superuser_password'));
    assert.equal(file.mode & 0o777, 0o600);
  });

  it('stops and starts anew the server of a program that was killed, with everything committed', async () => {
    const child = await ownInChild(dataDir);
    await remember(child.adminUrl ?? '', 'committed');
    const orphan = await serverOf(dataDir);
    await child.kill();
    assert.deepEqual(await serverOf(dataDir), orphan, 'the server outlives the program');
    const warnings: string[] = [];
    const embedded = await start(warnings);
    assert.equal(await recall(embedded.adminUrl), 'committed');
    assert.notEqual((await serverOf(dataDir))?.pid, orphan?.pid);
    assert.match(warnings.join(), /left behind/);
  });

  it('refuses a second program on the folder, names the first and leaves it alone', async () => {
    const embedded = await start();
    await remember(embedded.adminUrl, 'still here');
    const second = await ownInChild(dataDir);
    await second.end();
    assert.match(second.refused ?? '', new RegExp(`in use by process ${process.pid}\\..*DATA_DIR`));
    assert.equal(await recall(embedded.adminUrl), 'still here');
  });

  it('lets one of two programs win that start on an empty folder in the same instant', async () => {
    const both = await Promise.all([ownInChild(dataDir), ownInChild(dataDir)]);
    const [winner] = both.filter((child) => child.adminUrl !== undefined);
    const [loser] = both.filter((child) => child.refused !== undefined);
    assert.match(loser?.refused ?? 'nobody was refused', new RegExp(`in use by process ${winner?.pid}`));
    await Promise.all(both.map((child) => child.end()));
    assert.equal(await serverOf(dataDir), null);
  });

  it('refuses data of another major version, and says what to do', async () => {
    await (await start()).stop();
    await writeFile(path.join(dataDir, 'postgres', 'data', 'PG_VERSION'), '15\n');
    await assert.rejects(
      start(),
      /written by PostgreSQL 15, and this program brings PostgreSQL \d+\..*pg_dump.*DATABASE_URL/s,
    );
  });

  it('starts although postmaster.pid names a process that is no server', async () => {
    await (await start()).stop();
    await writeFile(path.join(dataDir, 'postgres', 'data', 'postmaster.pid'), `${process.pid}\n`);
    await start();
    assert.ok(await serverOf(dataDir));
  });

  it('says why it does not start in the words of PostgreSQL', async () => {
    await (await start()).stop();
    await writeFile(path.join(dataDir, 'postgres', 'data', 'postgresql.conf'), 'shared_buffers = nonsense\n');
    await assert.rejects(start(), /did not start:.*shared_buffers.*server\.log/s);
  });

  it('goes to another place, and says so, when the user it runs as cannot enter the folder', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const closed = path.join(dataDir, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await chmod(closed, 0o700);
    const { prepareHome } = await import('../../database/embedded/home.js');
    const warnings: string[] = [];
    const log = { ...silent, warn: (message: string) => void warnings.push(message) };
    const elsewhere = path.join(dataDir, 'elsewhere');
    const home = await prepareHome(closed, log, elsewhere);
    assert.ok(home.folder.startsWith(elsewhere));
    assert.match(warnings.join(), new RegExp(`cannot enter ${closed}: its data is kept in ${home.folder}.*DATA_DIR`));
    assert.equal((await readFile(path.join(closed, 'postgres-is-elsewhere'), 'utf8')).trim(), home.folder);
    assert.deepEqual(await prepareHome(closed, log, '/nowhere'), home, 'the noted place is found again');
  });
});

async function remember(url: string, text: string): Promise<void> {
  await withClient(url, (client) =>
    client
      .query('create table if not exists notes (text text)')
      .then(() => client.query('insert into notes values ($1)', [text])),
  );
}

function recall(url: string): Promise<string | undefined> {
  return withClient(
    url,
    async (client) => (await client.query<{ text: string }>('select text from notes')).rows[0]?.text,
  );
}
