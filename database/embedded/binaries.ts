import { chmod, cp, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { EmbeddedError, ownServerRemedy } from './embedded-error.js';
import type { ServerUser } from './identity.js';
import { findNativePackage } from './platform.js';
import type { NativePackage } from './platform.js';
import { runAs } from './spawn.js';

/** Programs that were seen to run as the server's user. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** Major version of PostgreSQL, as PG_VERSION in a data folder has it. */
  readonly major: string;
}

/**
 * Binaries that `user` can run: those in node_modules, or a copy in `home` where node_modules cannot be read by that user or
 * lacks its library links (npm leaves them out when install scripts are off).
 */
export async function prepareBinaries(
  user: ServerUser | null,
  home: string,
  native: NativePackage = findNativePackage(),
): Promise<Binaries> {
  const mended = await mendLinks(native.folder).then(
    () => true,
    () => false,
  );
  const inPlace = mended ? await probe(native.folder, user) : null;
  if (inPlace?.binaries) return inPlace.binaries;
  const copy = path.join(home, `native-${native.version}`);
  await copyNative(native.folder, copy);
  const copied = await probe(copy, user);
  if (copied.binaries) return copied.binaries;
  throw new EmbeddedError(
    `The embedded PostgreSQL does not run here (${copied.output}). Its binaries need glibc: use a Debian-like system, ` +
      `${ownServerRemedy}.`,
  );
}

async function probe(folder: string, user: ServerUser | null): Promise<{ binaries?: Binaries; output: string }> {
  const program = (name: string) => path.join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  const postgres = program('postgres');
  const { code, output } = await runAs(user, postgres, ['--version'], 10_000);
  const major = /PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (code !== 0 || major === undefined) return { output };
  return { binaries: { initdb: program('initdb'), postgres, pgCtl: program('pg_ctl'), major }, output };
}

async function copyNative(from: string, to: string): Promise<void> {
  if (await stat(to).catch(() => null)) return mendLinks(to);
  const half = `${to}.${process.pid}`;
  await cp(from, half, { recursive: true, verbatimSymlinks: true });
  await mendLinks(half);
  await openToAll(half);
  await rename(half, to).catch(() => rm(half, { recursive: true, force: true }));
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const inside = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(inside);
    else if (entry.isFile()) await chmod(inside, (await stat(inside)).mode | 0o555);
  }
}

/** Makes the library links that the package's install script would have made; they lie next to their targets. */
export async function mendLinks(native: string): Promise<void> {
  const text = await readFile(path.join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as { source: string; target: string }[];
  for (const link of links) {
    const target = path.join(native, path.relative('native', link.target));
    await symlink(path.basename(link.source), target).catch(ignoreExisting);
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
