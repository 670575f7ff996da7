import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * `npm start` as a newcomer runs it: the console's address within the time promised, a card in a channel, probes, a clean end by
 * SIGTERM, and the same again on the existing data folder. Then `npm run start:prod` without credentials, which must refuse.
 */
const firstCardMs = 15_000;
const stopMs = 10_000;

interface State {
  readonly me: { readonly id: string };
  readonly teams: readonly { readonly channels: readonly { readonly id: string; readonly name: string }[] }[];
}
interface Feed {
  readonly messages: readonly { readonly card: object | null }[];
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function check(holds: boolean, what: string): void {
  say(`${holds ? 'ok  ' : 'FAIL'}  ${what}`);
  if (!holds) process.exitCode = 1;
}

async function get<T>(url: string): Promise<T> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}

function start(dataDir: string): { child: ChildProcess; address: Promise<string> } {
  const env = { ...process.env, PORT: '0', DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
  const child = spawn('npm', ['start', '--silent'], { env, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const address = new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = /console is at (\S+)/.exec(text);
      if (found?.[1]) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}: ${text}`)));
  });
  return { child, address };
}

async function waitForCard(address: string, deadline: number): Promise<boolean> {
  while (Date.now() < deadline) {
    const state = await get<State>(`${address}/console/api/state`);
    const channels = state.teams.flatMap((team) => team.channels);
    for (const channel of channels) {
      const query = new URLSearchParams({ person: state.me.id, conversation: channel.id });
      const feed = await get<Feed>(`${address}/console/api/feed?${query.toString()}`);
      if (feed.messages.some((message) => message.card)) return true;
    }
    await pause(100);
  }
  return false;
}

/** npm ends at once; what counts is the program that it started, in the same process group. */
async function stop(child: ChildProcess): Promise<boolean> {
  const group = -(child.pid ?? 0);
  process.kill(group, 'SIGTERM');
  const deadline = Date.now() + stopMs;
  while (Date.now() < deadline) {
    if (!isAlive(group)) return true;
    await pause(20);
  }
  process.kill(group, 'SIGKILL');
  return false;
}

function isAlive(group: number): boolean {
  try {
    return process.kill(group, 0);
  } catch {
    return false;
  }
}

async function round(dataDir: string, name: string): Promise<void> {
  const began = Date.now();
  const { child, address } = start(dataDir);
  try {
    const url = await address;
    say(`      ${name}: address after ${Date.now() - began} ms`);
    check(
      await waitForCard(url, began + firstCardMs),
      `${name}: a card within ${firstCardMs / 1000} s (${Date.now() - began} ms)`,
    );
    check((await get<{ ok: boolean }>(`${url}/healthz`)).ok, `${name}: /healthz`);
    check((await get<{ ok: boolean }>(`${url}/readyz`)).ok, `${name}: /readyz`);
  } finally {
    const asked = Date.now();
    check(await stop(child), `${name}: SIGTERM ends it within ${stopMs / 1000} s (${Date.now() - asked} ms)`);
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'avian-smoke-'));
try {
  await round(path.join(folder, 'data'), 'first start');
  await round(path.join(folder, 'data'), 'second start');
  const bare = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(DATABASE|MICROSOFT|READER)/.test(key)),
  );
  const prod = spawn('npm', ['run', '--silent', 'start:prod'], { env: bare, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  prod.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(prod, 'exit')) as [number];
  check(
    code !== 0 && said.includes('DATABASE_URL') && said.includes('MICROSOFT_APP_ID'),
    'start:prod refuses without database and credentials',
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
