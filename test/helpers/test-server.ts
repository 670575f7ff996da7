import { mkdtemp, chmod, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmbedded } from '../../database/embedded/start.js';

/** A PostgreSQL server for the tests of this process. */
export interface TestServer {
  /** Superuser, or another administrator who may create databases and logins. */
  readonly adminUrl: string;
  stop(): Promise<void>;
}

let started: Promise<TestServer> | undefined;

/** The server that TEST_DATABASE_URL names (15 or newer), else a throw-away cluster of our own; started at the first call. */
export function testServer(): Promise<TestServer> {
  return (started ??= start());
}

/** Stops what `testServer` started, if it was ever asked. */
export async function stopTestServer(): Promise<void> {
  const server = await started?.catch(() => undefined);
  started = undefined;
  await server?.stop();
}

async function start(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { adminUrl: given, stop: () => Promise.resolve() };
  await removeLeftovers();
  const dataDir = await temporaryFolder('server');
  const embedded = await startEmbedded({ dataDir, throwaway: true, log: silent });
  const stop = async () => {
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { adminUrl: embedded.adminUrl, stop };
}

/** A new folder that PostgreSQL's user may enter; its name tells which process made it. */
export async function temporaryFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), `avian-test-${process.pid}-${purpose}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** A test run that was killed leaves its server running; the next one ends it. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const maker = /^avian-test-(\d+)-/.exec(name)?.[1];
    if (maker === undefined || isAlive(Number(maker))) continue;
    const folder = path.join(tmpdir(), name);
    const pidFile = path.join(folder, 'postgres', 'data', 'postmaster.pid');
    const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
    if (pid > 0 && (await commandOf(pid)).includes(folder)) process.kill(pid, 'SIGQUIT');
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

function commandOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const ignore = () => undefined;
/** For servers whose messages no test reads. */
export const silent = { info: ignore, warn: ignore, error: ignore };
