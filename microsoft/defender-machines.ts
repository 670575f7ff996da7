import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { MachineSource, SourceIsolation } from '../domain/devices/device-source.js';
import type { SourcePage } from '../domain/sync/source.js';
import { isolationParser } from './isolation-parser.js';
import { machineParser } from './machine-parser.js';
import { parseRecords } from './page-records.js';
import { skipThrough } from './pages.js';
import type { PageWalk } from './pages.js';
import { defender } from './rest-api.js';
import { createRestReader } from './rest-reader.js';
import type { RestOptions } from './rest.js';

export interface DefenderMachineOptions extends RestOptions {
  /** Machines or actions per page, default 1000; Defender gives at most 10,000. */
  readonly pageSize?: number | undefined;
  /** Pages after which a walk counts as endless, default 2000. */
  readonly maxPages?: number | undefined;
}

/** Machines of Defender for Endpoint, by /api/machines, and their isolations, by /api/machineactions; needs Machine.Read.All. */
export function createDefenderMachines(options: DefenderMachineOptions): MachineSource {
  const read = createRestReader(options, defender(options.cloud));
  const { log, pageSize = 1000, maxPages = 2000 } = options;
  const begin = (connection: TenantConnection, signal: AbortSignal, noun: string): PageWalk => ({
    ...{ read, connection, signal, log, noun, permission: 'Machine.Read.All', maxPages },
    pagesRead: 0,
  });
  return {
    machines: (connection, signal) =>
      skipThrough(begin(connection, signal, 'machines'), '/machines', pageSize, (page) =>
        parseRecords(page, machineParser),
      ),
    isolations: (connection, since, signal) =>
      isolations(begin(connection, signal, 'machine actions'), since, pageSize),
  };
}

/** Two lists of one type each: Microsoft documents no filter with `or`. */
async function* isolations(
  walk: PageWalk,
  since: Date | null,
  pageSize: number,
): AsyncGenerator<SourcePage<SourceIsolation>, void> {
  const begun = since === null ? '' : ` and creationDateTimeUtc ge ${since.toISOString()}`;
  for (const type of ['Isolate', 'Unisolate']) {
    const path = `/machineactions?$filter=${encodeURIComponent(`type eq '${type}'${begun}`)}`;
    yield* skipThrough(walk, path, pageSize, (page) => parseRecords(page, isolationParser));
  }
}
