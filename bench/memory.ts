import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSandboxCloud } from '../sandbox/cloud/cloud.js';
import type { SandboxCloud } from '../sandbox/cloud/cloud.js';
import type { SandboxTenant } from '../sandbox/cloud/tenants.js';
import type { Directory } from '../sandbox/teams/directory.js';
import { createPretendTeams } from '../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../sandbox/teams/pretend-teams.js';
import { benchFolder } from './bench-database.js';
import { compile } from './compiled.js';
import { print } from './figure.js';
import type { MemoryQuestion, MemorySample } from './memory-process.js';
import { startPeer } from './peer.js';
import type { Peer } from './peer.js';

const customerCount = 10;
const perWave = 1_000;
const waves = 10;
const timeScale = 0.01;
const patienceMs = 300_000;
const megabyte = 1_048_576;

/**
 * The whole application in a process of its own: it syncs from the pretend cloud, ingests, delivers to the pretend Teams. Both
 * stand in this process, so that what they remember does not count. It is compiled, as in production: the translator that
 * `npm start` uses needs some 55 MB of its own. Windows are a hundredth of the real ones.
 */
export async function memory(): Promise<void> {
  const compiled = await compile();
  const dataDir = await benchFolder();
  const customers = Array.from({ length: customerCount }, (_, at) => customer(at));
  const cloud = createSandboxCloud({ tenants: customers, requestsPerMinute: 100_000 });
  const cloudServer = await cloud.listen();
  const directory = directoryOf(customers);
  let address = '';
  const teams = createPretendTeams({ directory, botEndpoint: () => `${address}/api/messages`, timeScale });
  const shown = countAlerts(teams);
  await teams.listen();
  const app = startPeer(path.join(compiled, 'bench/memory-process.js'));
  const parts = { dataDir, cloudUrl: cloudServer.url, directory, customers, timeScale };
  address = await app.ask<string>({ ask: 'start', ...parts } satisfies MemoryQuestion);
  await linkChannels(teams, customers);
  await settle(shown);
  const samples = await raiseInWaves(app, cloud, customers, shown);
  report(samples, teams.log.answered(429));
  await app.close();
  await teams.close();
  await cloudServer.close();
  for (const folder of [dataDir, compiled]) await rm(folder, { recursive: true, force: true });
}

async function raiseInWaves(
  app: Peer,
  cloud: SandboxCloud,
  customers: readonly SandboxTenant[],
  shown: ReadonlySet<string>,
): Promise<MemorySample[]> {
  const samples = [await app.ask<MemorySample>({ ask: 'sample' } satisfies MemoryQuestion)];
  show(0, samples[0]);
  const before = shown.size;
  for (let wave = 1; wave <= waves; wave += 1) {
    for (const { entraTenantId } of customers) cloud.burst(entraTenantId, perWave / customers.length);
    await until(() => shown.size >= before + wave * perWave, `${wave * perWave} cards`);
    samples.push(await app.ask<MemorySample>({ ask: 'sample' } satisfies MemoryQuestion));
    show(wave * perWave, samples.at(-1));
  }
  return samples;
}

function show(alerts: number, sample: MemorySample | undefined): void {
  const heapMb = (sample?.heapUsed ?? NaN) / megabyte;
  const figure = `resident after ${alerts} alerts`;
  const note = `heap in use ${heapMb.toFixed(1)} MB; both after garbage collection`;
  print({ bench: 'memory', figure, value: (sample?.rss ?? NaN) / megabyte, unit: 'MB', note });
}

/** Flat: the heap in use does not grow from the second thousand on; the first ones fill caches and compile code. */
function report(samples: readonly MemorySample[], throttled: number): void {
  const bench = 'memory';
  const most = Math.max(...samples.map((one) => one.rss)) / megabyte;
  const figure = `most resident over ${waves * perWave} alerts`;
  print({ bench, figure, value: most, unit: 'MB', bar: '< 250', holds: most < 250 });
  const heap = samples.map((one) => one.heapUsed / megabyte);
  const growth = (heap.at(-1) ?? NaN) - (heap[2] ?? NaN);
  const from = `heap growth from ${2 * perWave} to ${waves * perWave} alerts`;
  print({ bench, figure: from, value: growth, unit: 'MB', bar: '<= 10', holds: growth <= 10, samples: heap });
  print({ bench, figure: 'answers 429', value: throttled, unit: 'answers' });
}

/** Ids of the alerts whose card stands in a channel. */
function countAlerts(teams: PretendTeams): ReadonlySet<string> {
  const shown = new Set<string>();
  teams.subscribe((event) => {
    if (event.type !== 'message') return;
    const id = /"entityId":"([0-9a-f-]{36})"/.exec(JSON.stringify(event.message.attachments))?.[1];
    if (id !== undefined) shown.add(id);
  });
  return shown;
}

async function linkChannels(teams: PretendTeams, customers: readonly SandboxTenant[]): Promise<void> {
  const rooms = [...teams.conversations.values()].filter((one) => one.kind === 'channel');
  const [first] = rooms;
  if (first) await teams.addApp(first.id);
  for (const { name } of customers) {
    const room = rooms.find((one) => one.name === name);
    if (room) await teams.say('Alex', room.id, `<at>AVIAN</at> link alerts "${name}"`);
  }
}

/** The alerts that the cloud begins with are in. */
async function settle(shown: ReadonlySet<string>): Promise<void> {
  await until(() => shown.size > 0, 'a first card');
  for (let [before, since] = [-1, performance.now()]; performance.now() - since < 8_000; await sleep(250)) {
    if (shown.size !== before) [before, since] = [shown.size, performance.now()];
  }
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const giveUp = performance.now() + patienceMs;
  while (!holds()) {
    if (performance.now() > giveUp) throw new Error(`${what} did not come within ${patienceMs / 1_000} s`);
    await sleep(100);
  }
}

function customer(at: number): SandboxTenant {
  const number = String(at + 1).padStart(3, '0');
  const entraTenantId = `be9c0000-0000-4000-8000-000000000${number}`;
  return { entraTenantId, name: `Customer ${number}`, domain: `customer${number}.example` };
}

function directoryOf(customers: readonly SandboxTenant[]): Directory {
  const aadObjectId = 'be9c0000-0000-4000-8000-0000000000a1';
  const people = [{ aadObjectId, name: 'Alex', title: 'Administrator', email: 'alex@example.com' }];
  const teams = [{ name: 'Security Operations', channels: customers.map(({ name }) => name) }];
  const provider = { entraTenantId: 'be9c0000-0000-4000-8000-0000000000ff', name: 'Provider', people, teams };
  return { botName: 'AVIAN', appId: 'be9c0000-0000-4000-8000-0000000000b0', tenants: [provider] };
}
