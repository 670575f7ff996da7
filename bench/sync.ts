import { rm } from 'node:fs/promises';
import path from 'node:path';
import { insertTenant } from '../test/helpers/people.js';
import { compile } from './compiled.js';
import { startPeer } from './peer.js';
import type { CloudQuestion, SyncSize } from './sync-cloud-process.js';
import { printEverything, report } from './sync-figures.js';
import type { Measured } from './sync-figures.js';
import type { SyncAnswer, SyncQuestion } from './sync-process.js';
import type { ReferenceAnswer, ReferenceQuestion } from './sync-reference-process.js';
import { closeSite, openSite } from './sync-site.js';
import type { Customer, Site } from './sync-site.js';

const whole: SyncSize = { machines: 10_000, exposuresPerMachine: 10, alerts: 10_000 };
const twice: SyncSize = { machines: 20_000, exposuresPerMachine: 10, alerts: 20_000 };
const rounds = 3;

/**
 * A customer's first and second sync: every measurement in a process of its own, compiled, as in production. The cloud, the
 * database and this program are other processes. Each round has its own customer, and its reference follows it.
 */
export async function sync(): Promise<void> {
  const compiled = await compile();
  const measured: Measured[] = [];
  const site = await openSite(compiled, whole, rounds + 1);
  const [everything, ...customers] = site.customers;
  for (const customer of customers) measured.push(await measure(site, customer));
  if (everything) printEverything(await syncOf(site, everything, true));
  await closeSite(site);
  const big = await openSite(compiled, twice, 1);
  const [customer] = big.customers;
  const flat = customer && (await measure(big, customer));
  await closeSite(big);
  await rm(compiled, { recursive: true, force: true });
  report(measured, flat);
}

async function measure(site: Site, customer: Customer): Promise<Measured> {
  await askCloud(site, { ask: 'asked', tenant: customer.entraTenantId });
  const first = await syncOf(site, customer, false);
  const pages = await askCloud<string[]>(site, { ask: 'asked', tenant: customer.entraTenantId });
  const reference = await referenceOf(site, customer, pages);
  await askCloud(site, { ask: 'churn', tenant: customer.entraTenantId });
  const second = await syncOf(site, customer, false);
  await expectTruth(site, customer);
  return { first, second, reference };
}

function syncOf({ database, compiled, cloudUrl }: Site, { tenantId }: Customer, takeEverything: boolean) {
  const question: SyncQuestion = { urls: database.urls, cloudUrl, tenantId, takeEverything };
  return inItsOwnProcess<SyncAnswer>(path.join(compiled, 'bench/sync-process.js'), question);
}

/** Into a tenant of its own, which is deleted again. */
async function referenceOf(
  { database, compiled, cloudUrl }: Site,
  { tenantId: from, entraTenantId }: Customer,
  pages: readonly string[],
): Promise<ReferenceAnswer> {
  const { tenantId: to } = await insertTenant(database.admin);
  const { adminUrl } = database;
  const question: ReferenceQuestion = { adminUrl, cloudUrl, entraTenantId, pages, from, to };
  return inItsOwnProcess(path.join(compiled, 'bench/sync-reference-process.js'), question);
}

async function inItsOwnProcess<Answer>(file: string, question: unknown): Promise<Answer> {
  const child = startPeer(file);
  try {
    return await child.ask<Answer>(question);
  } finally {
    await child.close();
  }
}

/** After the second sync everything is read once more: what the changes had left out would be new or removed now. */
async function expectTruth(site: Site, customer: Customer): Promise<void> {
  const { admin } = site.database;
  const at = { tenant_id: customer.tenantId };
  await admin('sync_cursors')
    .where({ ...at, source: 'vulnerabilities' })
    .update({ last_full_at: null });
  await syncOf(site, customer, false);
  const runs = await admin<{ source: string; kind: string; outcome: string; new_count: number; removed_count: number }>(
    'sync_runs',
  )
    .where(at)
    .orderBy('started_at', 'desc')
    .limit(4);
  const wrong = runs.filter(
    ({ source, outcome, new_count: made, removed_count: removed }) =>
      outcome !== 'complete' || (source === 'vulnerabilities' && made + removed > 0),
  );
  if (wrong.length > 0) throw new Error(`a third sync still found something: ${JSON.stringify(wrong)}`);
}

function askCloud<Answer>({ cloud }: Site, question: CloudQuestion): Promise<Answer> {
  return cloud.ask<Answer>(question);
}
