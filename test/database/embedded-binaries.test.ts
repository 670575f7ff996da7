import assert from 'node:assert/strict';
import { chmod, cp, lstat, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { mendLinks, prepareBinaries } from '../../database/embedded/binaries.js';
import { serverUser } from '../../database/embedded/identity.js';
import { findNativePackage } from '../../database/embedded/platform.js';
import { temporaryFolder } from '../helpers/test-server.js';

describe("PostgreSQL's binaries from npm", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder('binaries');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** As npm leaves the package when install scripts are off. */
  const withoutLinks = async () => {
    const native = path.join(folder, 'package', 'native');
    await cp(findNativePackage().folder, native, { recursive: true, verbatimSymlinks: true });
    for (const name of await readdir(path.join(native, 'lib'))) {
      const file = path.join(native, 'lib', name);
      if ((await lstat(file)).isSymbolicLink()) await rm(file);
    }
    return native;
  };

  it('run where they lie, for the user the server runs as', async () => {
    const binaries = await prepareBinaries(await serverUser(folder), folder);
    assert.match(binaries.major, /^\d+$/);
    assert.deepEqual(await readdir(folder), [], 'nothing was copied');
  });

  it('get the library links that npm left out, and get them only once', async () => {
    const native = await withoutLinks();
    await mendLinks(native);
    await mendLinks(native);
    const found = { folder: native, version: 'mended' };
    const binaries = await prepareBinaries(await serverUser(folder), folder, found);
    assert.ok(binaries.postgres.startsWith(native));
  });

  it('are copied beside the data when the user cannot read them, links included', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const native = await withoutLinks();
    await chmod(path.dirname(native), 0o700);
    const user = await serverUser(folder);
    const binaries = await prepareBinaries(user, folder, { folder: native, version: 'copied' });
    assert.ok(binaries.postgres.startsWith(path.join(folder, 'native-copied')));
    assert.deepEqual(await prepareBinaries(user, folder, { folder: native, version: 'copied' }), binaries);
  });

  it('are missing on other platforms, which is said with both ways out', () => {
    assert.throws(
      () => findNativePackage('sunos', 'sparc'),
      /not there for sunos on sparc.*npm ci --include=optional.*DATABASE_URL/,
    );
  });
});
