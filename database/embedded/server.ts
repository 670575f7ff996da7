import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { EmbeddedError } from './embedded-error.js';
import type { Home } from './home.js';
import { findPostmaster } from './postmaster.js';
import type { Postmaster } from './postmaster.js';
import { spawnAs } from './spawn.js';

/** Everything needed to start the server of one data folder, as often as it takes. */
export interface ServerPlan {
  readonly home: Home;
  readonly binaries: Binaries;
  /** Null: any free port on loopback. */
  readonly port: number | null;
  readonly settings: Readonly<Record<string, string>>;
}

const baseSettings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  jit: 'off',
};
const recoveryMs = 60_000;
const largestLogBytes = 10_000_000;

/** Starts PostgreSQL on the plan's folder and waits until it takes connections; null when another server won the folder. */
export async function startServer(plan: ServerPlan): Promise<Postmaster | null> {
  const data = path.join(plan.home.folder, 'data');
  const port = plan.port ?? (await freePort());
  const settings = Object.entries({ ...baseSettings, ...plan.settings }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const output = await openLog(plan.home.folder);
  const child = spawnAs(
    plan.home.user,
    plan.binaries.postgres,
    ['-D', data, '-p', String(port), ...settings],
    ['ignore', output.fd, output.fd],
  );
  await output.close();
  child.unref();
  let ended = child.pid === undefined;
  child.once('error', () => (ended = true));
  child.once('exit', () => (ended = true));
  for (let waited = 0; waited < recoveryMs && !ended; waited += 20) {
    const found = await findPostmaster(data);
    if (found?.ready && found.pid === child.pid) return found;
    await pause(20);
  }
  if (await findPostmaster(data)) return null;
  throw new EmbeddedError(`The embedded PostgreSQL did not start: ${await lastWords(plan.home.folder)}`);
}

/** The superuser's connection to a running server. */
export function adminUrlOf(server: Postmaster, password: string): string {
  return `postgresql://postgres:${password}@127.0.0.1:${server.port}/postgres`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function openLog(folder: string): Promise<Awaited<ReturnType<typeof open>>> {
  const file = path.join(folder, 'server.log');
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > largestLogBytes) await rename(file, `${file}.1`);
  return open(file, 'a', 0o600);
}

async function lastWords(folder: string): Promise<string> {
  const file = path.join(folder, 'server.log');
  const lines = (await readFile(file, 'utf8')).trim().split('\n');
  return `${lines.slice(-3).join(' | ')} (all of it in ${file}).`;
}
