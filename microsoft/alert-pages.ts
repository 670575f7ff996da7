import { z } from 'zod';
import { SourceError } from '../domain/alerts/alert-source.js';
import type { TenantConnection } from '../domain/alerts/alert-source.js';
import { alertPath } from './alert-query.js';
import type { AlertQuery } from './alert-query.js';
import { isAllowedUrl } from './cloud.js';
import type { GraphReader } from './graph.js';
import type { Log } from './log.js';
import { storable } from './text.js';

/** One walk over a tenant's alerts: whom to ask, and how many pages it may still read. */
export interface Walk {
  readonly read: GraphReader;
  readonly connection: TenantConnection;
  readonly signal: AbortSignal;
  readonly hosts: ReadonlySet<string>;
  readonly log: Log;
  readonly maxPages: number;
  pagesRead: number;
}

export interface RawPage {
  readonly rows: readonly unknown[];
  readonly partial: boolean;
  /** Place in the walk, from 1. */
  readonly number: number;
}

const page = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

/** All pages of one query, by Graph's own links. Returns the last page, which has no further link. */
export async function* followLinks(walk: Walk, query: AlertQuery): AsyncGenerator<RawPage, RawPage> {
  const seen = new Set<string>();
  for (let target = alertPath(query); ;) {
    const { raw, next } = await readPage(walk, target);
    yield raw;
    if (next === null) return raw;
    checkLink(walk, next, seen);
    target = next;
  }
}

async function readPage(walk: Walk, target: string): Promise<{ raw: RawPage; next: string | null }> {
  if (walk.pagesRead >= walk.maxPages) {
    throw new SourceError('protocol', `Graph did not come to an end of the alerts within ${walk.maxPages} pages.`);
  }
  const { connection, signal } = walk;
  const answer = await walk.read({ connection, target, permission: 'SecurityAlert.Read.All', signal });
  walk.pagesRead += 1;
  const parsed = page.safeParse(answer.body);
  if (!parsed.success) throw new SourceError('protocol', 'Graph answered with something that is not a page of alerts.');
  const partial = answer.status === 206;
  if (partial)
    walk.log.warn({ tenantId: connection.tenantId, warning: storable(answer.warning ?? '', 300) }, 'partial page');
  const raw = { rows: parsed.data.value, partial, number: walk.pagesRead };
  return { raw, next: parsed.data['@odata.nextLink'] ?? null };
}

function checkLink(walk: Walk, next: string, seen: Set<string>): void {
  if (!isAllowedUrl(next, walk.hosts)) {
    throw new SourceError('protocol', 'Graph gave a link to a host that is not its own; it was not followed.');
  }
  if (seen.has(next)) throw new SourceError('protocol', 'Graph gave the same link to the next page twice.');
  seen.add(next);
}
