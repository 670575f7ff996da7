import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildOptions } from './child.js';

/** A process of the application that is started again whenever it was killed. */
export interface Replica {
  /** Null while it is down. */
  readonly address: string | null;
  /** Resolves to the ms that it took. */
  start(): Promise<number>;
  /** kill -9. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the ms that it took. */
  stop(): Promise<number>;
}

const script = fileURLToPath(new URL('child.ts', import.meta.url));

export function createReplica(options: ChildOptions): Replica {
  let child: ChildProcess | null = null;
  let address: string | null = null;

  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const began = performance.now();
    const ending = child;
    [child, address] = [null, null];
    if (!ending || ending.exitCode !== null) return 0;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    await ended;
    return performance.now() - began;
  };
  return {
    get address() {
      return address;
    },
    start: async () => {
      const began = performance.now();
      const started = spawn(process.execPath, ['--import', 'tsx', script, JSON.stringify(options)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      for await (const line of createInterface(started.stdout)) {
        address = line;
        return performance.now() - began;
      }
      throw new Error('a process of the application did not start');
    },
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
