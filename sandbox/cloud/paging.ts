import type { Visit } from './call.js';
import { json } from './reply.js';
import type { Reply } from './reply.js';
import type { MicrosoftRecord } from './tenants.js';

/**
 * Microsoft names itself in the link, whatever host the request came through. `next` is what moves on in the query; without
 * it there is no further page.
 */
export function linkTo(
  visit: Visit,
  host: string,
  next: Readonly<Record<string, string>> | undefined,
): string | undefined {
  const fault = visit.meet('next_link');
  if (fault?.give === 'never' || (!fault && !next)) return undefined;
  const query = new URLSearchParams([...visit.query].filter(([name]) => name !== '$skip' && name !== '$skiptoken'));
  for (const [name, value] of Object.entries(next ?? {})) query.set(name, value);
  if (fault?.give === 'repeated') query.set('$skiptoken', '');
  if (fault?.give === 'endless') query.set('page', String(Number(visit.query.get('page') ?? 0) + 1));
  const named = fault?.give === 'foreign' ? (fault.host ?? `${host}.example`) : host;
  return `https://${named}${visit.path}?${query.toString()}`;
}

export interface ListPage {
  readonly context: string;
  readonly count?: number;
  readonly link: string | undefined;
  readonly rows: readonly MicrosoftRecord[];
  /** What a malformed record looks like here. */
  readonly broken: MicrosoftRecord;
}

/** A page of a list, as whole and as well-formed as today's faults let it be. */
export function listReply({ meet }: Visit, { context, count, link, rows, broken }: ListPage): Reply {
  const page = {
    '@odata.context': context,
    ...(count === undefined ? {} : { '@odata.count': count }),
    ...(link === undefined ? {} : { '@odata.nextLink': link }),
    value: meet('malformed_record') ? [broken, ...rows] : rows,
  };
  if (!meet('partial')) return json(200, page);
  return json(206, page, { warning: '199 - "Microsoft/microsoftDefenderForIdentity/504/10000"' });
}
