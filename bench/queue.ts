import type { Knex } from 'knex';
import { inTenant } from '../database/transaction.js';
import type { Trx } from '../database/transaction.js';
import { readMine, readQueue } from '../domain/alerts/alert-list-queries.js';
import { readOpenIncidents } from '../domain/incidents/incident-list-queries.js';
import { readCursor } from '../domain/paging.js';
import { benchDatabase } from './bench-database.js';
import type { BenchDatabase } from './bench-database.js';
import type { BenchOptions } from './benchmarks.js';
import { percentile, print } from './figure.js';
import { explained } from './explained.js';
import type { Explained } from './explained.js';
import { loadCrowd } from './crowd.js';
import type { Analyst } from './crowd.js';

const rounds = 300;
/** A table of a few pages is read whole rather than by an index, and rightly. */
const smallPages = 16;

type Read = (trx: Trx, analyst: Analyst, cursor: string | null) => Promise<{ nextCursor: string | null }>;

const lists: Readonly<Record<string, Read>> = {
  'triage queue': (trx, _, cursor) => readQueue(trx, readCursor('queue', cursor)),
  mine: (trx, { userId }, cursor) => readMine(trx, userId, readCursor('mine', cursor)),
  'incident list': (trx, _, cursor) => readOpenIncidents(trx, readCursor('open', cursor)),
};

/**
 * First and second pages of random tenants and analysts, by the functions that the bot calls, as avian_app under row
 * security. Time is PostgreSQL's own: planning and execution of every statement of a page, its total count included.
 */
export async function queue({ isFull }: BenchOptions): Promise<void> {
  const size = isFull ? { alerts: 1_000_000, tenants: 200 } : { alerts: 100_000, tenants: 20 };
  const database = await benchDatabase();
  const analysts = await loadCrowd(database.admin, size);
  const pagesOf = await tableSizes(database);
  const [loaded] = await database.admin('security_alerts').count<{ count: string }[]>();
  print({ bench: 'queue', figure: 'alerts loaded', value: Number(loaded?.count), unit: 'alerts' });
  for (const [name, read] of Object.entries(lists)) {
    const pages: Explained[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const analyst = analysts[Math.floor(Math.random() * analysts.length)];
      if (analyst) pages.push(...(await readTwoPages(database, analyst, read)));
    }
    report(name, pages, size, pagesOf);
  }
  await database.drop();
}

async function readTwoPages(database: BenchDatabase, analyst: Analyst, read: Read): Promise<Explained[]> {
  const first = await readPage(database, analyst, read, null);
  if (first.nextCursor === null) return [first.page];
  return [first.page, (await readPage(database, analyst, read, first.nextCursor)).page];
}

function readPage({ db }: BenchDatabase, analyst: Analyst, read: Read, cursor: string | null) {
  return inTenant(db, analyst.tenantId, async (trx) => {
    const page = explained(trx.sql);
    const { nextCursor } = await read({ ...trx, sql: page.sql as Knex.Transaction }, analyst, cursor);
    return { nextCursor, page: page.found() };
  });
}

function report(
  list: string,
  pages: readonly Explained[],
  { alerts, tenants }: { alerts: number; tenants: number },
  pagesOf: ReadonlyMap<string, number>,
) {
  const bench = 'queue';
  const of = `${list}, ${alerts} alerts in ${tenants} tenants`;
  const p95 = percentile(
    pages.map((page) => page.ms),
    0.95,
  );
  const note = `${pages.length} pages, planning included`;
  print({ bench, figure: `p95 in the database: ${of}`, value: p95, unit: 'ms', bar: '<= 5', holds: p95 <= 5, note });
  const p50 = percentile(
    pages.map((page) => page.ms),
    0.5,
  );
  print({ bench, figure: `p50 in the database: ${of}`, value: p50, unit: 'ms' });
  const sorts = new Set(pages.flatMap((page) => page.sorts));
  none(`kinds of sort nodes: ${list}`, [...sorts], '');
  const scans = [...new Set(pages.flatMap((page) => page.scans))];
  const grown = scans.filter((table) => (pagesOf.get(table) ?? 0) > smallPages);
  const small = scans.filter((table) => !grown.includes(table)).join(', ');
  none(`tables of more than ${smallPages} pages read sequentially: ${list}`, grown, small && `smaller ones: ${small}`);
}

function none(figure: string, found: readonly string[], more: string): void {
  const note = [...found, more].filter(Boolean).join('; ');
  print({ bench: 'queue', figure, value: found.length, unit: 'found', bar: '0', holds: found.length === 0, note });
}

async function tableSizes({ admin }: BenchDatabase): Promise<Map<string, number>> {
  const tables = await admin('pg_class')
    .where({ relkind: 'r' })
    .select<{ relname: string; relpages: number }[]>('relname', 'relpages');
  return new Map(tables.map(({ relname, relpages }) => [relname, relpages]));
}
