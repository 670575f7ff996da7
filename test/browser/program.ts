import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { until } from '../helpers/until.js';

/** The program as a newcomer starts it. */
export interface Program {
  /** The console's address. */
  readonly url: string;
  stop(): Promise<void>;
}

/** `npm start` on a data folder of its own, with alerts read every second. Throws with what it said when it ends instead. */
export async function startProgram(more: Readonly<Record<string, string>> = {}): Promise<Program> {
  const folder = await mkdtemp(path.join(tmpdir(), 'avian-browser-'));
  // PostgreSQL runs as another person when the tests run as root.
  await chmod(folder, 0o755);
  const child = spawn('npm', ['start', '--silent'], {
    env: { ...ownEnvironment(), PORT: '0', DATA_DIR: folder, LOG_LEVEL: 'warn', ALERT_SYNC_SECONDS: '1', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return {
    url: await addressOf(child),
    stop: async () => {
      await end(child);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Without settings that would lead to a real database or a real Microsoft. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/DATABASE_URL$|^(MICROSOFT|READER|ACTOR|SANDBOX|EDR|DEFENDER)_/.test(name),
    ),
  );
}

function addressOf(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const address = /console is at (\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${String(code)}: ${said}`)));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  const tooLate = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'), 15_000);
  await ended;
  // npm may end before what it started.
  await until('the program is gone', () => !isAlive(child.pid));
  clearTimeout(tooLate);
}

function isAlive(group: number | undefined): boolean {
  try {
    return group !== undefined && process.kill(-group, 0);
  } catch {
    return false;
  }
}
