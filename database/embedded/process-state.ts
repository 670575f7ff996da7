import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** gone = no such process; foreign = the number is in use by something else, or by a zombie; running = our server. */
export type ProcessState = 'gone' | 'foreign' | 'running';

/** Judges a number found in postmaster.pid: numbers are reused, and a killed server can stay as a zombie in a container. */
export async function processState(pid: number, dataFolder: string): Promise<ProcessState> {
  if (!exists(pid)) return 'gone';
  if (process.platform === 'win32') return 'running';
  const { zombie, command } = process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  return !zombie && command.includes(dataFolder) ? 'running' : 'foreign';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function fromProc(pid: number): Promise<{ zombie: boolean; command: string }> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return { zombie: /^Z/.test(stat.slice(stat.lastIndexOf(')') + 2)), command: command.replaceAll('\0', ' ') };
}

async function fromPs(pid: number): Promise<{ zombie: boolean; command: string }> {
  const args = ['-ww', '-o', 'stat=', '-o', 'command=', '-p', String(pid)];
  const { stdout } = await promisify(execFile)('ps', args, { timeout: 5000 }).catch(() => ({ stdout: '' }));
  return { zombie: stdout.trimStart().startsWith('Z'), command: stdout };
}
