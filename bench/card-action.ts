import { INVOKE_RESPONSE_KEY } from 'botbuilder';
import type { TurnContext } from 'botbuilder';
import { TeamsAdapter } from '../bot/adapter.js';
import { createBot } from '../bot/bot.js';
import { createTeamsGateway } from '../bot/delivery/gateway.js';
import { createMessages } from '../bot/messages.js';
import { createRoster } from '../bot/people.js';
import { createServices } from '../domain/create-services.js';
import { createHttpServer } from '../http/server.js';
import { createJobs } from '../jobs/jobs.js';
import { benchDatabase } from './bench-database.js';
import { openCardDesk } from './card-desk.js';
import type { CardDesk } from './card-desk.js';
import { median, percentile, print } from './figure.js';
import type { LoadResult } from './load-generator.js';
import { startPeer } from './peer.js';
import type { Peer } from './peer.js';
import { quietLog as log } from './quiet-log.js';

const connections = 8;
const clicksPerRound = 1_500;
const rounds = 5;

/**
 * A click on "Assign to me": HTTP in to the answer with the fresh card out, through restify, the adapter and PostgreSQL. The
 * load comes from a process of its own, so that what it costs is not counted as the server's time; it does share the
 * machine's cores, in the reference as well.
 */
export async function cardAction(): Promise<void> {
  const database = await benchDatabase();
  const jobs = createJobs({
    pools: database.db,
    systemUrl: database.urls.system,
    workerUrl: database.urls.worker,
    log,
  });
  const adapter = new TeamsAdapter({ mode: { kind: 'local', host: '127.0.0.1' } });
  const services = createServices({ db: jobs.database });
  const gateway = createTeamsGateway(adapter.connectors, log);
  const bot = createBot({ services, gateway, roster: createRoster(adapter.connectors, log), log });
  const real = await serve(adapter, bot);
  const desk = await openCardDesk(database);
  const client = startPeer('./load-generator.ts');
  const clicks = await desk.clicks(clicksPerRound);
  const warmUp = await load(client, real.url, clicks);
  const stored = await serve(adapter, answering(JSON.parse(warmUp.firstAnswer)));
  await load(client, stored.url, clicks);
  await database.admin.raw('analyze');
  await compare(client, desk, real.url, stored.url);
  await client.close();
  await Promise.all([real.close(), stored.close()]);
  await jobs.stop();
  await database.drop();
}

async function compare(client: Peer, desk: CardDesk, real: string, stored: string): Promise<void> {
  const [ours, reference]: [LoadResult[], LoadResult[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const clicks = await desk.clicks(clicksPerRound);
    const steps = [
      async () => ours.push(await load(client, real, clicks)),
      async () => reference.push(await load(client, stored, clicks)),
    ];
    for (const step of round % 2 === 0 ? steps : steps.reverse()) await step();
  }
  await desk.assertTaken();
  report(ours, reference);
}

function report(ours: readonly LoadResult[], reference: readonly LoadResult[]): void {
  const p95 = (results: readonly LoadResult[]) => results.map((one) => percentile(one.latencies, 0.95));
  const p50 = (results: readonly LoadResult[]) => results.map((one) => percentile(one.latencies, 0.5));
  const speed = (results: readonly LoadResult[]) => results.map((one) => one.latencies.length / one.seconds);
  const ratios = p95(ours).map((value, at) => value / (p95(reference)[at] ?? NaN));
  const bench = 'card-action';
  const beside = (figure: string, of: typeof p95, unit: string) => {
    const [value, other] = [median(of(ours)), median(of(reference))];
    return { bench, figure, value, unit, reference: other, ratio: value / other, samples: of(ours) };
  };
  const late = beside('p95 of take, HTTP in to invoke response', p95, 'ms');
  const ratio = median(ratios);
  const note = 'reference: same server and adapter, stored card, no database; ratio is the median of the pairs';
  print({ ...late, ratio, bar: '<= 3', holds: ratio <= 3, note, samples: ratios });
  print(beside('p50 of take', p50, 'ms'));
  const fast = beside(`takes a second, ${connections} connections`, speed, 'actions/s');
  print({ ...fast, bar: '>= 400', holds: fast.value >= 400 });
}

async function load(client: Peer, url: string, bodies: readonly string[]): Promise<LoadResult> {
  const result = await client.ask<LoadResult>({ url, connections, bodies });
  if (result.failures > 0) throw new Error(`${result.failures} clicks failed: ${result.firstAnswer.slice(0, 500)}`);
  return result;
}

async function serve(adapter: TeamsAdapter, logic: (context: TurnContext, correlationId: string) => Promise<void>) {
  const well = () => Promise.resolve({ ok: true, details: {} });
  const messages = createMessages(adapter, logic, log);
  const server = createHttpServer({ messages, health: well, readiness: well, log });
  const port = await server.listen(0, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}/api/messages`, close: () => server.close(0) };
}

/** The reference: whatever is clicked, the answer is the same card. */
function answering(body: unknown) {
  return async (context: TurnContext) => {
    context.turnState.set(INVOKE_RESPONSE_KEY, { value: { status: 200, body } });
  };
}
