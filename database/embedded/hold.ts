import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { superuserPassword } from './cluster.js';
import { EmbeddedError } from './embedded-error.js';
import type { Log } from './log.js';
import { takeOwnership } from './ownership.js';
import type { Ownership } from './ownership.js';
import { findPostmaster, stopPostmaster } from './postmaster.js';
import type { Postmaster } from './postmaster.js';
import { adminUrlOf, startServer } from './server.js';
import type { ServerPlan } from './server.js';

/** A server and the session that makes it ours. */
export interface HeldServer {
  readonly server: Postmaster;
  readonly adminUrl: string;
  readonly ownership: Ownership;
}

const attempts = 60;

/** Brings about that a server started by this process runs on the folder and is ours, against all who try the same. */
export async function holdServer(plan: ServerPlan, log: Log): Promise<HeldServer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const held = await tryToHold(plan, log);
      if (held) return held;
    } catch (error) {
      if (attempt >= attempts || !isPassing(error)) throw error;
    }
    if (attempt >= attempts)
      throw new EmbeddedError('The embedded PostgreSQL keeps being restarted by somebody else. Try again.');
    await pause(250);
  }
}

async function tryToHold(plan: ServerPlan, log: Log): Promise<HeldServer | null> {
  const data = path.join(plan.home.folder, 'data');
  const orphan = await findPostmaster(data);
  const server = orphan ?? (await startServer(plan));
  if (!server?.ready) return null;
  const password = await superuserPassword(plan.home.folder);
  const adminUrl = adminUrlOf(server, password);
  const ownership = await takeOwnership(adminUrl);
  if (!orphan) return { server, adminUrl, ownership };
  log.warn(
    `A PostgreSQL server (process ${orphan.pid}) was left behind on this data folder; it is stopped and started anew.`,
  );
  await ownership.release();
  await stopPostmaster(orphan.pid, data, plan.binaries.pgCtl);
  return null;
}

/** Old backends of a killed server that still end, a server that is starting or stopping, a port taken meanwhile. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (['57P01', '57P03', 'ECONNREFUSED', 'ECONNRESET'].includes(code)) return true;
  return /pre-existing shared memory|lock file|Address already in use|Connection terminated/.test(error.message);
}
