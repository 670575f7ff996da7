import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { benchFolder } from './bench-database.js';
import { median, print } from './figure.js';

const root = path.resolve(import.meta.dirname, '..');
const restarts = 5;

interface Started {
  readonly child: ChildProcess;
  readonly address: string;
  /** performance.now() when npm was called. */
  readonly begun: number;
}

/** Runs `npm start` as a newcomer does: once on nothing until a card is in a channel, then again on what is there. */
export async function coldStart(): Promise<void> {
  const bench = 'cold-start';
  const folders: string[] = [];
  const firsts: number[] = [];
  for (let round = 0; round < 2; round += 1) {
    const folder = await benchFolder();
    folders.push(folder);
    const started = await start(folder);
    firsts.push(await untilCard(started));
    await stop(started);
  }
  const first = median(firsts);
  const figure = 'first card after npm start, on an empty folder';
  print({ bench, figure, value: first, unit: 'ms', bar: '<= 15000', holds: first <= 15_000, samples: firsts });

  const ready: number[] = [];
  for (let round = 0; round < restarts; round += 1) {
    const started = await start(folders[0] ?? '');
    ready.push(await untilReady(started));
    await stop(started);
  }
  const value = median(ready);
  const again = 'npm start to ready, with an existing database';
  print({ bench, figure: again, value, unit: 'ms', bar: '<= 3000', holds: value <= 3_000, samples: ready });
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
}

async function start(dataDir: string): Promise<Started> {
  const env = { ...process.env, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn', SANDBOX_DATA: '', DATABASE_URL: '' };
  const begun = performance.now();
  const stdio = ['ignore', 'pipe', 'inherit'] as const;
  const child = spawn('npm', ['start', '--silent'], { cwd: root, env, stdio: [...stdio], detached: true });
  const address = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /console is at (\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${text}`)));
  });
  return { child, address, begun };
}

/** The whole group, because npm stands between us and the program. */
async function stop({ child }: Started): Promise<void> {
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  await ended;
}

async function untilReady({ address, begun }: Started): Promise<number> {
  for (;;) {
    if ((await fetch(`${address}/readyz`)).ok) return performance.now() - begun;
    await sleep(20);
  }
}

interface State {
  readonly me: { readonly id: string };
  readonly teams: readonly { readonly channels: readonly { readonly id: string }[] }[];
}

async function untilCard({ address, begun }: Started): Promise<number> {
  const state = await read<State>(`${address}/console/api/state`);
  const channels = state.teams.flatMap((team) => team.channels);
  for (const until = performance.now() + 60_000; performance.now() < until; await sleep(50)) {
    for (const { id } of channels) {
      const where = new URLSearchParams({ person: state.me.id, conversation: id });
      const feed = await read<{ messages: { card: object | null }[] }>(
        `${address}/console/api/feed?${where.toString()}`,
      );
      if (feed.messages.some((message) => message.card)) return performance.now() - begun;
    }
  }
  throw new Error('no card came within a minute');
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}
