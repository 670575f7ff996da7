import { SourceError } from '../domain/alerts/alert-source.js';
import type { AlertPage, AlertSource, TenantConnection } from '../domain/alerts/alert-source.js';
import { parseAlerts } from './alert-parser.js';
import { alertPath, byCreation, byUpdate } from './alert-query.js';
import { followLinks } from './pages.js';
import type { PageWalk, RawPage } from './pages.js';
import { graphSecurity } from './rest-api.js';
import { createRestReader } from './rest-reader.js';
import type { RestOptions } from './rest.js';
import { compareTimes, microsoftTime } from './timestamps.js';

export interface GraphAlertOptions extends RestOptions {
  /** Alerts per page; Graph takes at most 1000. */
  readonly pageSize?: number;
  /** Pages after which a walk counts as endless, default 2000. */
  readonly maxPages?: number;
}

/**
 * Alerts of Graph `security/alerts_v2`, ordered by last update. Pages are found by nextLink; a full page without one is
 * continued at its last update time (`ge`, so rows repeat), never by $skip, which Graph ends at 500.
 *
 * When a full page holds one single update time, that time is read by creation time and then stepped over. Should even
 * that page hold one single creation time, what lies behind cannot be reached: an empty page with `partial` says so and
 * the walk goes on, so that the watermark stays but newer alerts still arrive.
 */
export function createGraphAlertSource(options: GraphAlertOptions): AlertSource {
  const read = createRestReader(options, graphSecurity(options.cloud));
  const top = Math.min(options.pageSize ?? 1000, 1000);
  return {
    async *pages(connection: TenantConnection, since: string | null, signal: AbortSignal) {
      const { log, maxPages = 2000 } = options;
      const permission = 'SecurityAlert.Read.All';
      const walk = { read, connection, signal, log, noun: 'alerts', permission, maxPages, pagesRead: 0 };
      yield* fromUpdate(walk, checkedTime(since), top);
    },
  };
}

/** The walk looks at the times of the raw records as well. */
const asSent = (page: RawPage) => page;

/** `since` goes into a filter, hence nothing but a time may pass. */
function checkedTime(since: string | null): string | null {
  if (since !== null && microsoftTime(since) === null)
    throw new RangeError('since must be a time as Microsoft writes it');
  return since;
}

async function* fromUpdate(walk: PageWalk, since: string | null, top: number): AsyncGenerator<AlertPage> {
  let floor = since;
  let operator = 'ge';
  for (;;) {
    const filter = floor === null ? null : `${byUpdate} ${operator} ${floor}`;
    const last = yield* parsed(followLinks(walk, alertPath({ filter, orderBy: byUpdate, top }), asSent));
    if (last.rows.length < top) return;
    const end = lastTime(last, byUpdate);
    const progress = floor === null ? 1 : compareTimes(end, floor);
    if (progress < 0) throw new SourceError('protocol', 'Graph sent alerts from before the time it was asked for.');
    if (progress === 0) yield* ofOneUpdate(walk, end, top);
    operator = progress === 0 ? 'gt' : 'ge';
    floor = end;
  }
}

/** All alerts that share one update time, as after a bulk edit, cut into pages by their creation. */
async function* ofOneUpdate(walk: PageWalk, update: string, top: number): AsyncGenerator<AlertPage> {
  let floor: string | null = null;
  for (;;) {
    const created: string = floor === null ? '' : ` and ${byCreation} ge ${floor}`;
    const filter = `${byUpdate} eq ${update}${created}`;
    const last: RawPage = yield* parsed(followLinks(walk, alertPath({ filter, orderBy: byCreation, top }), asSent));
    if (last.rows.length < top) return;
    const end: string = lastTime(last, byCreation);
    if (floor !== null && compareTimes(end, floor) <= 0) {
      walk.log.warn(
        { tenantId: walk.connection.tenantId, update, created: floor },
        'more alerts of one moment than fit a page',
      );
      yield { alerts: [], malformed: [], partial: true };
      return;
    }
    floor = end;
  }
}

async function* parsed(pages: AsyncGenerator<RawPage, RawPage>): AsyncGenerator<AlertPage, RawPage> {
  for (;;) {
    const step = await pages.next();
    if (step.done) return step.value;
    yield parseAlerts(step.value);
  }
}

/** The time of the last row that has one; rows out of order would let the walk skip alerts. */
function lastTime(page: RawPage, member: typeof byUpdate | typeof byCreation): string {
  const times = page.rows
    .map((row) => microsoftTime((row as Record<string, unknown> | null)?.[member]))
    .filter((t) => t !== null);
  const [first, end] = [times.at(0), times.at(-1)];
  if (first === undefined || end === undefined)
    throw new SourceError('protocol', 'A full page of alerts without any time.');
  if (compareTimes(first, end) > 0)
    throw new SourceError('protocol', 'Graph did not sort the alerts as it was asked to.');
  return end;
}
