import type { Visit } from '../call.js';
import { ODataError } from '../odata.js';
import { parseFilter } from '../odata-filter.js';
import type { Properties } from '../odata-filter.js';
import { linkTo, listReply } from '../paging.js';
import { defenderError } from '../reply.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';

/** Defender names its older host in links, whichever was asked (seen in real data). */
export const linkHost = 'api.securitycenter.microsoft.com';
const metadata = `https://${linkHost}/api/$metadata`;

export interface DefenderList {
  /** As in @odata.context, for example Machines. */
  readonly name: string;
  /** Rows of a page at most, and where the client does not say. */
  readonly maxPage: number;
  readonly filterable: Properties;
  /** @odata.count is told, and is the size of this page. */
  readonly countsPage?: boolean;
}

/** What a list is taken from. */
export interface Source {
  page(from: number, count: number): readonly MicrosoftRecord[];
  all(): Iterable<MicrosoftRecord>;
}

export const sourceOf = (records: readonly MicrosoftRecord[]): Source => ({
  page: (from, count) => records.slice(from, from + count),
  all: () => records,
});

/** $filter, $top and $skip. With $top there is no link to a next page, as in recorded traffic. Throws ODataError. */
export function answerList(visit: Visit, list: DefenderList, source: Source): Reply {
  const { query } = visit;
  const top = numberOf(query, '$top');
  if (top !== null && top > list.maxPage)
    throw new ODataError(`The limit of '${list.maxPage}' for Top query has been exceeded.`);
  const skip = numberOf(query, '$skip') ?? 0;
  const size = top ?? list.maxPage;
  const rows = rowsFrom(
    source,
    parseFilter(query.get('$filter'), list.filterable),
    query.has('$filter'),
    skip,
    size + 1,
  );
  const hasMore = top === null && rows.length > size;
  const page = rows.slice(0, size);
  return listReply(visit, {
    context: `${metadata}#${list.name}`,
    count: list.countsPage ? page.length : undefined,
    link: top === null ? linkTo(visit, linkHost, hasMore ? { $skip: String(skip + size) } : undefined) : undefined,
    rows: page,
    broken: { id: 7, severity: {}, computerDnsName: ['broken'] },
  });
}

function rowsFrom(
  source: Source,
  matches: (record: MicrosoftRecord) => boolean,
  isFiltered: boolean,
  from: number,
  count: number,
): readonly MicrosoftRecord[] {
  if (!isFiltered) return source.page(from, count);
  return [...source.all()].filter(matches).slice(from, from + count);
}

/** A whole number of the query, or null. Throws ODataError. */
export function numberOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw new ODataError(`Invalid value '${text}' for ${name} query option found.`);
  return Number(text);
}

/** A query that Defender does not understand is a bad request. */
export function orBadRequest(answer: () => Reply): Reply {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ODataError) return defenderError(400, 'BadRequest', error.message);
    throw error;
  }
}
