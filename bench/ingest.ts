import pg from 'pg';
import { randomUUID } from 'node:crypto';
import { inTenant } from '../database/transaction.js';
import type { SourceAlert } from '../domain/alerts/alert-source.js';
import { ingestEdrAlerts } from '../domain/alerts/ingest/ingest-edr.js';
import { linkedChannel } from '../test/helpers/builders.js';
import { insertMember, insertTenant } from '../test/helpers/people.js';
import { bareRows, bareUpsert } from './bare-upsert.js';
import type { BareForm, BareTenant } from './bare-upsert.js';
import { alertMaker, batches, changedAgain } from './bench-alerts.js';
import { benchDatabase } from './bench-database.js';
import type { BenchDatabase } from './bench-database.js';
import { median, print } from './figure.js';

const writers = 4;
const batchSize = 100;
const batchesPerRound = 25;
const rounds = 7;

/** A writer's batches of one round. */
type Load = readonly (readonly SourceAlert[])[];

interface Site {
  readonly database: BenchDatabase;
  readonly clients: readonly pg.Client[];
  /** One tenant for each writer, as no two syncs of a tenant overlap; each with a linked channel. */
  readonly ours: readonly string[];
  readonly bare: readonly BareTenant[];
}

export async function ingestNew(): Promise<void> {
  const site = await openSite();
  const makers = Array.from({ length: writers }, (_, writer) => alertMaker(writer + 1));
  const load = () => makers.map((make) => batches(batchesPerRound, batchSize, make));
  await compare(site, 'ingest-new', load, load);
  await oneTenant(
    site,
    makers.map((make) => () => batches(batchesPerRound, batchSize, make)),
  );
  await closeSite(site);
}

/** Every alert of a tenant is seen again once in a round; before it, its card was posted and nothing is pending. */
export async function ingestRepeats(): Promise<void> {
  const site = await openSite();
  const known = Array.from({ length: writers }, (_, writer) =>
    batches(batchesPerRound, batchSize, alertMaker(writer + 1)),
  );
  await runOurs(site, site.ours, known);
  await runBare(site, 'arrays', known);
  await site.database.admin.raw('analyze');
  let seconds = 0;
  const again = () => {
    seconds += 1;
    return known.map((load) => load.map((batch) => changedAgain(batch, seconds)));
  };
  await compare(site, 'ingest-repeats', again, again, () => deliverEverything(site));
  await closeSite(site);
}

/** A B A B, and the order turned in every second round; the ratio of each pair, then their median. */
async function compare(
  site: Site,
  bench: string,
  oursLoad: () => Load[],
  bareLoad: () => Load[],
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const form = await fasterForm(site, bareLoad);
  await runOurs(site, site.ours, oursLoad());
  await site.database.admin.raw('analyze');
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const steps = [
      async () => ours.push(await runOurs(site, site.ours, oursLoad())),
      async () => bare.push(await runBare(site, form, bareLoad())),
    ];
    await between();
    for (const step of round % 2 === 0 ? steps : steps.reverse()) await step();
  }
  const ratios = ours.map((value, at) => value / (bare[at] ?? NaN));
  const [value, reference, ratio] = [median(ours), median(bare), median(ratios)];
  print({
    bench,
    figure: `alerts a second, batches of ${batchSize}, ${writers} writers, all effects`,
    value,
    unit: 'alerts/s',
    reference,
    ratio,
    bar: '>= 0.5',
    holds: ratio >= 0.5,
    note: `reference: bare multi-row upsert (${form}); ratio is the median of ${rounds} pairs`,
    samples: ratios,
  });
}

/** All writers in one tenant wait for its counter at the end of each transaction; shown beside, no bar. */
async function oneTenant(site: Site, loads: readonly (() => Load)[]): Promise<void> {
  const tenant = site.ours[0] ?? '';
  const values: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    values.push(
      await runOurs(
        site,
        loads.map(() => tenant),
        loads.map((load) => load()),
      ),
    );
  }
  const figure = `alerts a second, all ${writers} writers in one tenant`;
  print({ bench: 'ingest-new', figure, value: median(values), unit: 'alerts/s', samples: values });
}

async function fasterForm(site: Site, load: () => Load[]): Promise<BareForm> {
  const speed = async (form: BareForm) =>
    median([await runBare(site, form, load()), await runBare(site, form, load())]);
  await runBare(site, 'values', load());
  return (await speed('values')) > (await speed('arrays')) ? 'values' : 'arrays';
}

/** Alerts a second. */
async function runOurs({ database }: Site, tenants: readonly string[], loads: readonly Load[]): Promise<number> {
  const policy = { firstSync: false, takeEverything: false };
  return measured(loads, async (load, writer) => {
    for (const batch of load)
      await inTenant(database.db, tenants[writer] ?? '', (trx) => ingestEdrAlerts(trx, batch, policy));
  });
}

let nextNumber = 1;

async function runBare(site: Site, form: BareForm, loads: readonly Load[]): Promise<number> {
  const rows = loads.map((load, writer) =>
    load.map((batch) => bareRows(bareTenant(site, writer), batch, (nextNumber += batchSize))),
  );
  return measured(loads, async (_, writer) => {
    const client = site.clients[writer];
    if (!client) throw new Error('a writer has no connection');
    for (const batch of rows[writer] ?? []) await bareUpsert(client, form, batch);
  });
}

async function measured(loads: readonly Load[], write: (load: Load, writer: number) => Promise<void>): Promise<number> {
  const begun = performance.now();
  await Promise.all(loads.map(write));
  const alerts = loads.reduce((sum, load) => sum + load.length * batchSize, 0);
  return (alerts * 1_000) / (performance.now() - begun);
}

async function openSite(): Promise<Site> {
  const database = await benchDatabase();
  const clients = Array.from({ length: writers }, () => new pg.Client({ connectionString: database.adminUrl }));
  for (const client of clients) await client.connect();
  const ours: string[] = [];
  const bare: BareTenant[] = [];
  for (let writer = 0; writer < writers; writer += 1) {
    const { tenantId } = await insertTenant(database.admin);
    const { userId } = await insertMember(database.admin, tenantId, { role: 'security_analyst' });
    await linkedChannel(database.admin, tenantId, userId);
    ours.push(tenantId);
    bare.push(await openBareTenant(database, writer + 1));
  }
  return { database, clients, ours, bare };
}

async function openBareTenant({ admin }: BenchDatabase, seed: number): Promise<BareTenant> {
  const { tenantId } = await insertTenant(admin);
  const { rows } = await admin.raw<{ rows: { id: string; name: string }[] }>(
    `insert into edr_devices (tenant_id, microsoft_device_id)
     select ?, 'bench-' || ?::text || '-' || n from generate_series(0, 999) n returning id, microsoft_device_id as name`,
    [tenantId, seed],
  );
  return { tenantId, devices: new Map(rows.map(({ id, name }) => [name, id])) };
}

function bareTenant(site: Site, writer: number): BareTenant {
  const tenant = site.bare[writer];
  if (!tenant) throw new Error('a writer has no tenant');
  return tenant;
}

async function closeSite({ database, clients }: Site): Promise<void> {
  for (const client of clients) await client.end();
  await database.drop();
}

/** What the delivery loop would have done meanwhile. */
async function deliverEverything({ database: { admin } }: Site): Promise<void> {
  await admin.raw(
    `insert into posted_cards (tenant_id, entity_type, entity_id, conversation_id, activity_id, card_schema)
     select tenant_id, entity_type, entity_id, conversation_id, ?::text || id, 1 from outbox where state = 'pending'
     on conflict do nothing`,
    [`${randomUUID()}-`],
  );
  await admin.raw("update outbox set state = 'sent', finished_at = now() where state = 'pending'");
  await admin.raw('vacuum analyze outbox, posted_cards, security_alerts, edr_alerts');
}
