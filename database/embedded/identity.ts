import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

/** The user PostgreSQL runs as when the program runs as root, which PostgreSQL itself refuses to do. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

const nobodyId = 65534;

/**
 * The user for the server: null means as we are. As root it is the owner of the data folder, so that a folder made without
 * root keeps working, and `nobody` where the folder is new or belongs to root.
 */
export async function serverUser(dataFolder: string): Promise<ServerUser | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(dataFolder).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return nobody();
}

async function nobody(): Promise<ServerUser> {
  const passwd = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const fields = /^nobody:.*$/m.exec(passwd)?.[0].split(':');
  return { uid: Number(fields?.[2] ?? nobodyId), gid: Number(fields?.[3] ?? nobodyId) };
}

/** The first folder on the way to `folder` that `user` may not pass; null when there is none. Missing folders are no obstacle. */
export async function obstacleFor(user: ServerUser, folder: string): Promise<string | null> {
  for (const ancestor of ancestors(path.resolve(folder))) {
    const found = await stat(ancestor).catch(() => null);
    if (found === null) return null;
    const bit = found.uid === user.uid ? 0o100 : found.gid === user.gid ? 0o010 : 0o001;
    if ((found.mode & bit) === 0) return ancestor;
  }
  return null;
}

function ancestors(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [...ancestors(parent), folder];
}
