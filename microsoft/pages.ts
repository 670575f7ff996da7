import { z } from 'zod';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import { isAllowedUrl } from './cloud.js';
import type { Limits } from './http.js';
import type { Log } from './log.js';
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
  pagesRead: number;
}

export interface RawPage {
  readonly rows: readonly unknown[];
  readonly partial: boolean;
  /** Place in the walk, from 1. */
  readonly number: number;
}

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

/** All pages of one list, by the API's own links. Returns the last page, which has no further link. */
export async function* followLinks(walk: PageWalk, first: string): AsyncGenerator<RawPage, RawPage> {
  const seen = new Set<string>();
  for (let target = first; ;) {
    const { raw, next } = await readPage(walk, target);
    yield raw;
    if (next === null) return raw;
    checkLink(walk, next, seen);
    target = next;
  }
}

async function readPage(walk: PageWalk, target: string): Promise<{ raw: RawPage; next: string | null }> {
  const { connection, signal, permission, limits, noun } = walk;
  const { name } = walk.read.api;
  if (walk.pagesRead >= walk.maxPages) {
    throw new SourceError('protocol', `${name} did not come to an end of the ${noun} within ${walk.maxPages} pages.`);
  }
  const answer = await walk.read({ connection, target, permission, signal, limits });
  walk.pagesRead += 1;
  const parsed = page.safeParse(answer.body);
  if (!parsed.success) {
    throw new SourceError('protocol', `${name} answered with something that is not a page of ${noun}.`);
  }
  const partial = answer.status === 206;
  if (partial)
    walk.log.warn({ tenantId: connection.tenantId, warning: storable(answer.warning ?? '', 300) }, 'partial page');
  const raw = { rows: parsed.data.value, partial, number: walk.pagesRead };
  return { raw, next: parsed.data['@odata.nextLink'] ?? null };
}

function checkLink({ read: { api } }: PageWalk, next: string, seen: Set<string>): void {
  if (!isAllowedUrl(next, api.hosts)) {
    throw new SourceError('protocol', `${api.name} gave a link to a host that is not its own; it was not followed.`);
  }
  if (seen.has(next)) throw new SourceError('protocol', `${api.name} gave the same link to the next page twice.`);
  seen.add(next);
}
