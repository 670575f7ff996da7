import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Binaries } from './binaries.js';
import { EmbeddedError, ownServerRemedy } from './embedded-error.js';
import type { ServerUser } from './identity.js';
import { runAs } from './spawn.js';

const passwordFile = 'superuser_password';

/** Makes the data folder on first use, in one step that a crash cannot leave half done; refuses one of another major version. */
export async function prepareCluster(
  home: string,
  user: ServerUser | null,
  binaries: Binaries,
  sync: boolean,
): Promise<void> {
  const data = path.join(home, 'data');
  const found = await readFile(path.join(data, 'PG_VERSION'), 'utf8').catch(onlyMissing);
  if (found === null) return createCluster(home, user, binaries, sync);
  if (found.trim() === binaries.major) return;
  throw new EmbeddedError(
    `The data in ${data} was written by PostgreSQL ${found.trim()}, and this program brings PostgreSQL ${binaries.major}. ` +
      `Start the earlier release on it and copy the data out with pg_dump, move the folder away to start empty, ` +
      `${ownServerRemedy}.`,
  );
}

/** The superuser's password, which lies in the data folder and is readable by its owner only. */
export async function superuserPassword(home: string): Promise<string> {
  const file = path.join(home, 'data', passwordFile);
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new EmbeddedError(
      `The password file ${file} cannot be read. Bring it back from a backup, ${ownServerRemedy}.`,
      {
        cause: error,
      },
    );
  });
  return text.trim();
}

function onlyMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw new EmbeddedError(
    `The embedded PostgreSQL's data cannot be read (${error.message}). Start the program as the user who owns it, ` +
      `${ownServerRemedy}.`,
    { cause: error },
  );
}

async function createCluster(home: string, user: ServerUser | null, binaries: Binaries, sync: boolean): Promise<void> {
  const half = path.join(home, `data.new-${process.pid}`);
  const password = path.join(home, `${passwordFile}-${process.pid}`);
  await removeHalves(home);
  await mkdir(half, { mode: 0o700 });
  await writeFile(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user) await Promise.all([half, password].map((name) => chown(name, user.uid, user.gid)));
  const { code, output } = await runAs(user, binaries.initdb, initdbArguments(half, password, sync), 120_000);
  if (code !== 0) throw new EmbeddedError(`PostgreSQL could not make its data folder ${half}: ${output}`);
  await rename(password, path.join(half, passwordFile));
  await rename(half, path.join(home, 'data')).catch(() => rm(half, { recursive: true, force: true }));
}

function initdbArguments(data: string, password: string, sync: boolean): string[] {
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  return [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    '--pwfile',
    password,
    ...locale,
    ...(sync ? [] : ['--no-sync']),
  ];
}

async function removeHalves(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const maker = /^(?:data\.new|superuser_password)-(\d+)$/.exec(name)?.[1];
    if (maker !== undefined && !isAlive(Number(maker)))
      await rm(path.join(home, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch {
    return false;
  }
}
