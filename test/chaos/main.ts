import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { closeTestDatabases } from '../helpers/database.js';
import { until } from '../helpers/until.js';
import { checkBooks } from './books.js';
import { createLedger } from './ledger.js';
import type { Ledger } from './ledger.js';
import { happenOnce, isAllRead } from './microsoft.js';
import { actOnce } from './people.js';
import { openWorld } from './world.js';
import type { World } from './world.js';

/** Kills the application with kill -9 at random moments under load, as often as told, and then checks the books. */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    replicas: { type: 'string', default: '1' },
    log: { type: 'string', default: 'fatal' },
  },
});
const rounds = Number(values.rounds);
const restMs = 60_000;

const say = (line: string) => void process.stdout.write(`${line}\n`);

/** People and Microsoft do not know that something was killed: they go on, and meet closed doors. */
function load(world: World, ledger: Ledger): () => Promise<void> {
  let isOver = false;
  const again = async (work: () => Promise<void>, everyMs: number) => {
    while (!isOver) {
      await work();
      await pause(world.random.below(everyMs));
    }
  };
  const loops = [
    again(() => happenOnce(world, ledger), 250),
    ...Array.from({ length: 4 }, () => again(() => actOnce(world, ledger), 100)),
  ];
  return async () => {
    isOver = true;
    await Promise.all(loops);
  };
}

/** A moment that matters: some time after nothing in particular, or right after a card reached Teams or a page was read. */
async function moment({ random, teams, cloud }: World): Promise<string> {
  const kind = random.below(3);
  await pause(300 + random.below(1_500));
  if (kind === 0) return 'any moment';
  const asked = cloud.requestLog.at(-1);
  const delivered = new Promise<string>((resolve) => {
    const stop = teams.subscribe((event) => {
      if (event.type !== 'message' && event.type !== 'edited') return;
      stop();
      resolve('a delivery');
    });
  });
  const read = until('a page is read', () => (cloud.requestLog.at(-1) === asked ? null : 'a page that is read'));
  const what = await Promise.race([kind === 1 ? delivered : read, pause(3_000, 'any moment')]);
  read.catch(() => undefined);
  await pause(random.below(12));
  return what;
}

async function round(world: World, number: number): Promise<void> {
  const victim = world.replicas[world.random.below(world.replicas.length)];
  if (!victim) throw new Error('there is nothing to kill');
  const what = await moment(world);
  const from = Date.now();
  await victim.kill();
  world.kills.push({ from, to: Date.now() });
  await pause(world.random.below(300));
  const ms = await victim.start();
  say(`round ${number}: killed at ${what}, back after ${Math.round(ms)} ms`);
}

async function rest(world: World): Promise<number> {
  const began = performance.now();
  const isEmpty = async () =>
    (await world.database.admin('outbox').where({ state: 'pending' }).select('id').limit(1)).length === 0;
  await until(
    'everything is read and delivered',
    async () => (await isAllRead(world)) && (await isEmpty()),
    restMs,
  ).catch((error: unknown) => say(String(error)));
  return performance.now() - began;
}

const began = performance.now();
const world = await openWorld({ seed: Number(values.seed), replicas: Number(values.replicas), logLevel: values.log });
const ledger = createLedger();
const stop = load(world, ledger);
try {
  for (let number = 1; number <= rounds; number += 1) await round(world, number);
  await stop();
  const restedMs = await rest(world);
  const stopMs = Math.max(...(await Promise.all(world.replicas.map((one) => one.stop()))));
  const { violations, figures } = await checkBooks(world, ledger);
  if (restedMs > restMs) violations.push('it did not come to rest');
  if (stopMs > 10_000) violations.push(`SIGTERM took ${Math.round(stopMs)} ms`);
  for (const violation of violations.slice(0, 50)) say(`VIOLATION ${violation}`);
  const seconds = Math.round((performance.now() - began) / 1000);
  say(
    JSON.stringify({
      rounds,
      seed: Number(values.seed),
      replicas: world.replicas.length,
      seconds,
      restedMs: Math.round(restedMs),
      stopMs: Math.round(stopMs),
      ...figures,
      violations: violations.length,
    }),
  );
  if (violations.length > 0) process.exitCode = 1;
} finally {
  await stop();
  await world.close();
  await closeTestDatabases();
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
}
