import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a child process that tried to own a data folder came to. */
export interface OwnerProcess {
  readonly pid: number;
  readonly adminUrl: string | undefined;
  readonly refused: string | undefined;
  /** kill -9: nothing is cleaned up. */
  kill(): Promise<void>;
  /** Lets it stop its server and end. */
  end(): Promise<void>;
}

const script = fileURLToPath(new URL('embedded-owner.ts', import.meta.url));

/** Starts embedded-owner.ts on a folder and waits for its verdict. */
export async function ownInChild(dataDir: string): Promise<OwnerProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await closed;
  };
  const end = async () => {
    child.stdin.end();
    await closed;
  };
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as { adminUrl?: string; refused?: string };
    if (said.adminUrl === undefined && said.refused === undefined) continue;
    return { pid: child.pid ?? 0, adminUrl: said.adminUrl, refused: said.refused, kill, end };
  }
  throw new Error('The child process ended without a word.');
}
