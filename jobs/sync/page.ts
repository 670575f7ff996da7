import { addToRun } from '../../domain/sync/run-store.js';
import type { RunCounts } from '../../domain/sync/run-store.js';
import type { MalformedRecord, SourcePage } from '../../domain/sync/source.js';
import { planForBatches } from '../../domain/planning.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import type { RunFrame } from './context.js';

/** How the records of a page are taken. */
export interface PageTaker<Item> {
  /** Records to a transaction. */
  readonly batchSize: number;
  /** The record's id, for people who look for one that was skipped. */
  nameOf(item: Item): string;
  /** Takes a batch whole or not at all; resolves to what it did, without `read`. */
  take(trx: Trx, items: readonly Item[]): Promise<Partial<RunCounts>>;
  /** Last, in the transaction that counts the page and names what could not be read, refused records included. */
  seal?(trx: Trx, malformed: readonly MalformedRecord[]): Promise<void>;
}

/** Takes a page in batches, each in one transaction, and counts it when all of it is in. */
export async function takePage<Item>(frame: RunFrame, page: SourcePage<Item>, taker: PageTaker<Item>): Promise<void> {
  const refused: MalformedRecord[] = [];
  for (let at = 0; at < page.items.length; at += taker.batchSize)
    refused.push(...(await takeBatch(frame, taker, page.items.slice(at, at + taker.batchSize))));
  const malformed = [...page.malformed, ...refused];
  await step(frame, async (trx) => {
    await taker.seal?.(trx, malformed);
    return { pages: 1, read: malformed.length, malformed };
  });
}

/** One transaction of a run: does its work, counts it, and tells whoever follows the run. */
export async function step(frame: RunFrame, work: (trx: Trx) => Promise<Partial<RunCounts>>): Promise<void> {
  const { context, tenantId, source, runId } = frame;
  const totals = await inTenant(context.db, tenantId, async (trx) => {
    await planForBatches(trx);
    return addToRun(trx, runId, await work(trx));
  });
  const progress = { tenantId, source, runId, ...totals };
  context.log.debug(progress, 'a part of a sync is in');
  context.onProgress?.(progress);
}

/** A record that the database refuses is found by halving, so that it cannot hold up the others for ever. */
async function takeBatch<Item>(
  frame: RunFrame,
  taker: PageTaker<Item>,
  items: readonly Item[],
): Promise<MalformedRecord[]> {
  try {
    await step(frame, async (trx) => ({ ...(await taker.take(trx, items)), read: items.length }));
    return [];
  } catch (error) {
    if (!isAboutData(error)) throw error;
    const [first] = items;
    if (first !== undefined && items.length === 1) return [refusal(frame, taker.nameOf(first), error)];
    const half = Math.ceil(items.length / 2);
    const before = await takeBatch(frame, taker, items.slice(0, half));
    return [...before, ...(await takeBatch(frame, taker, items.slice(half)))];
  }
}

function refusal({ context, tenantId, source }: RunFrame, which: string, error: unknown): MalformedRecord {
  context.log.error({ err: error, tenantId, source, record: which }, 'a record was skipped');
  return { which, why: 'the database refused it' };
}

/** Data exceptions and violated constraints (SQLSTATE classes 22 and 23), and times that are none. */
function isAboutData(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return error instanceof RangeError || (typeof code === 'string' && /^2[23]...$/.test(code));
}
