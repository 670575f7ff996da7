import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import type { ServerUser } from './identity.js';

/** Starts one of PostgreSQL's programs as `user`, without the PG* variables of our own environment. */
export function spawnAs(
  user: ServerUser | null,
  command: string,
  args: readonly string[],
  stdio: StdioOptions,
): ChildProcess {
  return spawn(command, args, {
    cwd: process.platform === 'win32' ? undefined : '/',
    detached: true,
    stdio,
    env: cleanEnvironment(),
    ...(user ?? {}),
  });
}

/** Runs a program to its end. `output` holds the end of both streams; `code` is null when it did not start or was killed. */
export async function runAs(
  user: ServerUser | null,
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ code: number | null; output: string }> {
  const child = spawnAs(user, command, args, ['ignore', 'pipe', 'pipe']);
  let output = '';
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000));
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      output += error.message;
      resolve(null);
    });
    child.once('close', (exit) => resolve(exit));
  });
  clearTimeout(timer);
  return { code, output: output.trim() };
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG|LD_)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}
