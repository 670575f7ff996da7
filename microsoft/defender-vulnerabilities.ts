import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { VulnerabilitySource } from '../domain/vulnerabilities/vulnerability-source.js';
import type { Limits } from './http.js';
import { createLru } from './lru.js';
import { createPace } from './pace.js';
import type { Pace } from './pace.js';
import { parseRecords } from './page-records.js';
import { followLinks, skipThrough } from './pages.js';
import type { PageWalk } from './pages.js';
import { defender } from './rest-api.js';
import { createRestReader } from './rest-reader.js';
import type { RestOptions } from './rest.js';
import { defaultRetryPolicy } from './retry.js';
import { microsoftTime } from './timestamps.js';
import { changeParser, cveParser, exposureParser } from './vulnerability-parser.js';

export interface DefenderVulnerabilityOptions extends RestOptions {
  /** Rows of an export per page, default 10,000. */
  readonly pageSize?: number | undefined;
  /** CVEs per page, default 2000; Defender gives at most 8000. */
  readonly cvePageSize?: number | undefined;
  /** Pages after which a walk counts as endless, default 5000. */
  readonly maxPages?: number | undefined;
}

/**
 * A row has up to 900 bytes, so that a page has 9 MB and a walk needs about 110 MB as bytes, text and objects, however long
 * it is. Microsoft's default of 50,000 rows would need five times that; pages of 5,000 save nothing that was measured.
 */
const exportRows = 10_000;
/** Descriptions make a CVE up to 4 KB. */
const cveRows = 2_000;
/** Microsoft prepares an export's page while it is waited for. */
const exportLimits: Limits = { timeoutMs: 120_000, maxBytes: 64 * 1024 * 1024 };
/**
 * Of a tenant: exports have limits of their own, 30 requests a minute and 1000 an hour. A walk that is throttled begins anew,
 * so that a faster one would never reach the end of more pages than an hour may have.
 */
const exportsPerMinute = 16;

/** Vulnerabilities of Defender for Endpoint; needs Vulnerability.Read.All. */
export function createDefenderVulnerabilities(options: DefenderVulnerabilityOptions): VulnerabilitySource {
  const read = createRestReader(options, defender(options.cloud));
  const { log, pageSize = exportRows, cvePageSize = cveRows, maxPages = 5000 } = options;
  const { wait } = options.retry ?? defaultRetryPolicy;
  const paces = createLru<Pace>(1000);
  const begin = (connection: TenantConnection, signal: AbortSignal, noun: string): PageWalk => ({
    ...{ read, connection, signal, log, noun, permission: 'Vulnerability.Read.All', maxPages },
    pagesRead: 0,
  });
  const beginExport = (connection: TenantConnection, signal: AbortSignal, noun: string): PageWalk => ({
    ...begin(connection, signal, noun),
    limits: exportLimits,
    pace: paces.getOrMake(connection.entraTenantId, () => createPace(exportsPerMinute, wait)),
  });
  return {
    exposures: (connection, signal) => {
      const walk = beginExport(connection, signal, 'vulnerabilities of machines');
      const path = `/machines/SoftwareVulnerabilitiesByMachine?pageSize=${pageSize}`;
      return followLinks(walk, path, (page) => parseRecords(page, exposureParser));
    },
    changes: (connection, since, signal) => {
      if (microsoftTime(since) === null) throw new RangeError('since must be a time as Microsoft writes it');
      const walk = beginExport(connection, signal, 'changed vulnerabilities of machines');
      const query = `sinceTime=${encodeURIComponent(since)}&pageSize=${pageSize}`;
      const path = `/machines/SoftwareVulnerabilityChangesByMachine?${query}`;
      return followLinks(walk, path, (page) => parseRecords(page, changeParser));
    },
    cves: (connection, signal) => {
      const walk = begin(connection, signal, 'vulnerabilities');
      return skipThrough(walk, '/vulnerabilities', cvePageSize, (page) => parseRecords(page, cveParser));
    },
  };
}
