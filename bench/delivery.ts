import { setTimeout as sleep } from 'node:timers/promises';
import { TeamsAdapter } from '../bot/adapter.js';
import { createTeamsGateway } from '../bot/delivery/gateway.js';
import { inTenant } from '../database/transaction.js';
import type { SourceAlert } from '../domain/alerts/alert-source.js';
import { ingestEdrAlerts } from '../domain/alerts/ingest/ingest-edr.js';
import { createServices } from '../domain/create-services.js';
import { createDeliveryLoop } from '../jobs/delivery/loop.js';
import { createSignals } from '../jobs/delivery/signals.js';
import { insertMember, insertTenant } from '../test/helpers/people.js';
import { alertMaker } from './bench-alerts.js';
import { benchDatabase } from './bench-database.js';
import type { BenchDatabase } from './bench-database.js';
import { percentile, print } from './figure.js';
import { startPeer } from './peer.js';
import type { Peer } from './peer.js';
import type { Posted, TeamsQuestion } from './pretend-teams-process.js';
import { quietLog as log } from './quiet-log.js';

const channels = 20;
const alerts = 1_000;
const spanMs = 60_000;

interface Stored {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** From the commit of an alert until Teams, which enforces its documented limits in another process, has taken its card. */
export async function delivery(): Promise<void> {
  const database = await benchDatabase();
  const teams = startPeer('./pretend-teams-process.ts');
  const tenants = await openCustomers(database, teams);
  const signals = createSignals({ sql: database.db.system, log });
  const db = { ...database.db, onCommit: signals.notify };
  const { connectors } = new TeamsAdapter({ mode: { kind: 'local', host: '127.0.0.1' } });
  const gateway = createTeamsGateway(connectors, log);
  const services = createServices({ db });
  const loop = createDeliveryLoop({ db, gateway, channels: services.channels, log, listenUrl: database.urls.system });
  loop.start();
  const stored = await storeOverTime({ ...database, db }, tenants);
  const posted = await untilPosted(teams, stored.length);
  await loop.stop();
  await signals.close();
  const { throttled } = await teams.ask<{ throttled: number }>({ ask: 'faults' } satisfies TeamsQuestion);
  report(stored, posted, throttled);
  await teams.close();
  await database.drop();
}

function report(stored: readonly Stored[], posted: ReadonlyMap<string, number[]>, throttled: number): void {
  const bench = 'delivery';
  const waits = stored.map(({ id, at }) => (posted.get(id)?.[0] ?? NaN) - at);
  const p95 = percentile(waits, 0.95);
  const figure = `p95 from stored to accepted, ${alerts} alerts in ${spanMs / 1_000} s over ${channels} channels`;
  print({ bench, figure, value: p95, unit: 'ms', bar: '<= 2000', holds: p95 <= 2_000 });
  print({ bench, figure: 'p50', value: percentile(waits, 0.5), unit: 'ms' });
  print({ bench, figure: 'longest', value: Math.max(...waits), unit: 'ms' });
  const missing = waits.filter(Number.isNaN).length;
  print({ bench, figure: 'alerts without a card', value: missing, unit: 'alerts', bar: '0', holds: missing === 0 });
  const twice = [...posted.values()].filter((times) => times.length > 1).length;
  print({ bench, figure: 'alerts with two cards', value: twice, unit: 'alerts', bar: '0', holds: twice === 0 });
  print({ bench, figure: 'answers 429', value: throttled, unit: 'answers', bar: '0', holds: throttled === 0 });
}

/** At random moments, the same in every run; channels by chance too, so that some are busier than others. */
async function storeOverTime(database: BenchDatabase, tenants: readonly string[]): Promise<Stored[]> {
  const random = sequence(42);
  const make = alertMaker(3, true);
  const due = Array.from({ length: alerts }, () => ({ at: random() * spanMs, alert: make(), tenant: random() }));
  const begun = performance.now();
  const storing = due
    .toSorted((a, b) => a.at - b.at)
    .map(async ({ at, alert, tenant }) => {
      await sleep(Math.max(0, at - (performance.now() - begun)));
      return store(database, tenants[Math.floor(tenant * tenants.length)] ?? '', alert);
    });
  return Promise.all(storing);
}

async function store({ db }: BenchDatabase, tenantId: string, alert: SourceAlert): Promise<Stored> {
  const policy = { firstSync: false, takeEverything: false };
  const { ids } = await inTenant(db, tenantId, (trx) => ingestEdrAlerts(trx, [alert], policy));
  return { id: ids[0] ?? '', at: Date.now() };
}

/** Accepted posts by alert id; waits until there are `count`, at most two minutes. */
async function untilPosted(teams: Peer, count: number): Promise<Map<string, number[]>> {
  const posted = new Map<string, number[]>();
  const giveUp = performance.now() + 120_000;
  while (posted.size < count && performance.now() < giveUp) {
    for (const { alertId, at } of await teams.ask<Posted[]>({ ask: 'posted' } satisfies TeamsQuestion)) {
      posted.set(alertId, [...(posted.get(alertId) ?? []), at]);
    }
    await sleep(200);
  }
  return posted;
}

/** One customer for each channel; all channels are in the Teams of one provider. */
async function openCustomers({ admin }: BenchDatabase, teams: Peer): Promise<string[]> {
  const opened = await teams.ask<{ url: string; entraTenantId: string; botId: string; channels: string[] }>({
    ask: 'open',
    channels,
    timeScale: 1,
  } satisfies TeamsQuestion);
  const tenants: string[] = [];
  for (const conversationId of opened.channels) {
    const { tenantId } = await insertTenant(admin);
    const { userId } = await insertMember(admin, tenantId, { role: 'security_analyst' });
    await admin('conversations').insert({
      conversation_id: conversationId,
      kind: 'channel',
      service_url: opened.url,
      entra_tenant_id: opened.entraTenantId,
      bot_id: opened.botId,
      tenant_id: tenantId,
    });
    const link = { tenant_id: tenantId, conversation_id: conversationId, purpose: 'alerts', linked_by: userId };
    await admin('channel_links').insert(link);
    tenants.push(tenantId);
  }
  return tenants;
}

/** Numbers in [0, 1) that are the same in every run. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
