import type { Visit } from '../call.js';
import { ODataError } from '../odata.js';
import { linkTo, listReply } from '../paging.js';
import { graphError } from '../reply.js';
import type { Reply } from '../reply.js';
import type { MicrosoftRecord } from '../tenants.js';

export const context = `https://graph.microsoft.com/v1.0/$metadata#deviceManagement`;

export interface Taken {
  readonly rows: readonly MicrosoftRecord[];
  readonly hasMore: boolean;
}

/** $top is the size of the pages, not an end of the list. */
export function page(
  visit: Visit,
  name: string,
  pageSize: number,
  take: (from: number, count: number) => Taken,
): Reply {
  const top = visit.query.get('$top');
  if (top !== null && !/^[1-9]\d{0,6}$/.test(top)) throw new ODataError("Invalid value for '$top'.");
  const size = Math.min(top === null ? pageSize : Number(top), 1000);
  const from = Number(Buffer.from(visit.query.get('$skiptoken') ?? '', 'base64url').toString('utf8') || '0');
  if (!Number.isInteger(from)) throw new ODataError('Invalid $skiptoken.');
  const { rows, hasMore } = take(from, size);
  const next = hasMore ? { $skiptoken: Buffer.from(String(from + size)).toString('base64url') } : undefined;
  return listReply(visit, {
    context: `${context}/${name}`,
    link: linkTo(visit, 'graph.microsoft.com', next),
    rows,
    broken: { id: null, deviceName: 7 },
  });
}

/** A list that is always on one page. */
export const whole = (visit: Visit, name: string, rows: readonly MicrosoftRecord[]) =>
  page(visit, name, Math.max(1, rows.length), (from, count) => ({
    rows: rows.slice(from, from + count),
    hasMore: rows.length > from + count,
  }));

export const notFound = (id: string) => graphError(404, 'ResourceNotFound', `Resource '${id}' was not found.`);
