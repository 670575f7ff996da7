import { createHash } from 'node:crypto';
import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedError, ownServerRemedy } from './embedded-error.js';
import { obstacleFor, serverUser } from './identity.js';
import type { ServerUser } from './identity.js';
import type { Log } from './log.js';

/** The folder of everything PostgreSQL keeps (data/, server.log), and the user it runs as. */
export interface Home {
  readonly folder: string;
  readonly user: ServerUser | null;
}

const pointerFile = 'postgres-is-elsewhere';
const systemFolder = '/var/lib/avian';

/**
 * <dataDir>/postgres, or as root a folder under /var/lib/avian when the server's user cannot pass into dataDir; a file in
 * dataDir then names that place, so that the data is found again when dataDir is moved.
 */
export async function prepareHome(dataDir: string, log: Log, elsewhere = systemFolder): Promise<Home> {
  const wanted = path.join(path.resolve(dataDir), 'postgres');
  await makeFolder(path.dirname(wanted));
  const user = await serverUser(path.join(wanted, 'data'));
  const obstacle = user && (await obstacleFor(user, path.dirname(wanted)));
  if (!user || obstacle === null) return { folder: await makeFolder(wanted), user };
  const folder = await otherPlace(path.dirname(wanted), elsewhere);
  log.warn(
    `PostgreSQL may not run as root, and the user it runs as cannot enter ${obstacle}: its data is kept in ${folder}. ` +
      `Name a DATA_DIR that everybody may enter to choose the place.`,
  );
  await makeFolder(folder);
  return { folder, user: await serverUser(path.join(folder, 'data')) };
}

async function otherPlace(dataDir: string, elsewhere: string): Promise<string> {
  const pointer = path.join(dataDir, pointerFile);
  const noted = await readFile(pointer, 'utf8').catch(() => '');
  if (noted.trim() !== '') return noted.trim();
  const folder = path.join(elsewhere, createHash('sha256').update(dataDir).digest('hex').slice(0, 12), 'postgres');
  await writeFile(pointer, `${folder}\n`);
  return folder;
}

async function makeFolder(folder: string): Promise<string> {
  try {
    await makeMissing(folder);
    return folder;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EmbeddedError(
      `The folder ${folder} cannot be made (${reason}). Set DATA_DIR to a folder you may write, ${ownServerRemedy}.`,
      {
        cause: error,
      },
    );
  }
}

/** Folders that we make ourselves are passable whatever the umask, else the server's user could not enter them. */
async function makeMissing(folder: string): Promise<void> {
  if (await stat(folder).catch(() => null)) return;
  await makeMissing(path.dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await chmod(folder, 0o755);
}
