import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedError } from './embedded-error.js';
import { processState } from './process-state.js';
import { runAs } from './spawn.js';

/** What a running server says of itself in postmaster.pid. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly ready: boolean;
}

/** The server that runs on a data folder, or null. Removes a postmaster.pid that would keep PostgreSQL from starting. */
export async function findPostmaster(dataFolder: string): Promise<Postmaster | null> {
  const file = path.join(dataFolder, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(missing);
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const state = await processState(pid, dataFolder);
  if (state === 'foreign') await rm(file, { force: true });
  if (state !== 'running') return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' };
}

function missing(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return '';
  throw new EmbeddedError(
    `The embedded PostgreSQL's data cannot be read (${error.message}). Start the program as the user who owns it.`,
    { cause: error },
  );
}

const fastStopMs = 8_000;
const hardStopMs = 5_000;

/** Stops a server: fast shutdown first, at once (recovered at the next start) when that takes too long. Verified. */
export async function stopPostmaster(pid: number, dataFolder: string, pgCtl: string): Promise<void> {
  await signal(pid, 'SIGINT', dataFolder, pgCtl);
  if (await goneWithin(pid, dataFolder, fastStopMs)) return;
  await signal(pid, 'SIGQUIT', dataFolder, pgCtl);
  if (await goneWithin(pid, dataFolder, hardStopMs)) return;
  throw new EmbeddedError(
    `The embedded PostgreSQL (process ${pid}) does not stop. End that process, then start again.`,
  );
}

async function signal(pid: number, name: 'SIGINT' | 'SIGQUIT', dataFolder: string, pgCtl: string): Promise<void> {
  if (process.platform === 'win32') {
    await runAs(null, pgCtl, ['stop', '-D', dataFolder, '-m', name === 'SIGINT' ? 'fast' : 'immediate'], fastStopMs);
    return;
  }
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function goneWithin(pid: number, dataFolder: string, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs; waited += 20) {
    if ((await processState(pid, dataFolder)) !== 'running') return true;
    await pause(20);
  }
  return false;
}
