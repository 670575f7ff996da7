import { createHash } from 'node:crypto';
import { z } from 'zod';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import { isAllowedUrl } from './cloud.js';
import type { Limits } from './http.js';
import type { Log } from './log.js';
import type { Pace } from './pace.js';
import type { RestReader } from './rest-reader.js';
import { storable } from './text.js';

/** One walk over a list of a tenant: whom to ask for what, and how many pages it may still read. */
export interface PageWalk {
  readonly read: RestReader;
  readonly connection: TenantConnection;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** What is listed, as sentences call it: alerts, machines, ... */
  readonly noun: string;
  readonly permission: string;
  readonly maxPages: number;
  readonly limits?: Limits | undefined;
  /** Awaited before each page. */
  readonly pace?: Pace | undefined;
  pagesRead: number;
}

export interface RawPage {
  readonly rows: readonly unknown[];
  readonly partial: boolean;
  /** Place in the walk, from 1. */
  readonly number: number;
}

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

/**
 * All pages of one list, by the API's own links. Returns the last page, which has no further link. `shape` makes of a page
 * what is handed on, so that its parsed JSON does not stay in memory while somebody works on that.
 */
export async function* followLinks<T>(
  walk: PageWalk,
  first: string,
  shape: (page: RawPage) => T,
): AsyncGenerator<T, T> {
  const seen = new Set<string>();
  for (let target = first; ;) {
    const { shaped, next } = await readPage(walk, target, shape);
    yield shaped;
    if (next === null) return shaped;
    checkLink(walk, next, seen);
    target = next;
  }
}

/**
 * All pages of a list that gives no links when it is asked for `top` rows, as Defender's do: by $skip until a page is short.
 * Links are followed should they come all the same. `path` names the list, and may have a $filter.
 */
export async function* skipThrough<T>(
  walk: PageWalk,
  path: string,
  top: number,
  shape: (page: RawPage) => T,
): AsyncGenerator<T, void> {
  const measured = (raw: RawPage) => ({ count: raw.rows.length, ids: fingerprint(raw.rows), shaped: shape(raw) });
  const list = path.includes('?') ? `${path}&` : `${path}?`;
  let skip = 0;
  let before = '';
  for (;;) {
    const pages = followLinks(walk, `${list}$top=${top}&$skip=${skip}`, measured);
    for (let step = await pages.next(); ; step = await pages.next()) {
      const { count, ids, shaped } = step.value;
      if (step.done && count < top) return;
      if (step.done) break;
      if (count > 0 && ids === before) throw unmoved(walk);
      before = ids;
      skip += count;
      yield shaped;
    }
  }
}

function fingerprint(rows: readonly unknown[]): string {
  const ids = rows.map((row) => (row as { id?: unknown } | null)?.id);
  return createHash('sha256').update(JSON.stringify(ids)).digest('base64');
}

/** A server that heeds neither $skip nor its own links would send one page for ever. */
const unmoved = ({ read: { api }, noun }: PageWalk) =>
  new SourceError('protocol', `${api.name} sent the same page of ${noun} twice.`);

interface ReadPage<T> {
  readonly shaped: T;
  readonly next: string | null;
}

async function readPage<T>(walk: PageWalk, target: string, shape: (page: RawPage) => T): Promise<ReadPage<T>> {
  const { connection, signal, permission, limits, noun } = walk;
  const { name } = walk.read.api;
  if (walk.pagesRead >= walk.maxPages) {
    throw new SourceError('protocol', `${name} did not come to an end of the ${noun} within ${walk.maxPages} pages.`);
  }
  await walk.pace?.(signal);
  const answer = await walk.read({ connection, target, permission, signal, limits });
  walk.pagesRead += 1;
  const parsed = page.safeParse(answer.body);
  if (!parsed.success) {
    throw new SourceError('protocol', `${name} answered with something that is not a page of ${noun}.`);
  }
  const partial = answer.status === 206;
  if (partial)
    walk.log.warn({ tenantId: connection.tenantId, warning: storable(answer.warning ?? '', 300) }, 'partial page');
  const shaped = shape({ rows: parsed.data.value, partial, number: walk.pagesRead });
  return { shaped, next: parsed.data['@odata.nextLink'] ?? null };
}

function checkLink({ read: { api } }: PageWalk, next: string, seen: Set<string>): void {
  if (!isAllowedUrl(next, api.hosts)) {
    throw new SourceError('protocol', `${api.name} gave a link to a host that is not its own; it was not followed.`);
  }
  if (seen.has(next)) throw new SourceError('protocol', `${api.name} gave the same link to the next page twice.`);
  seen.add(next);
}
