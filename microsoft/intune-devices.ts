import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { ManagedDeviceSource, SourceFailedRule } from '../domain/devices/device-source.js';
import type { SourcePage } from '../domain/sync/source.js';
import { failedRuleParser, managedDeviceMembers, managedDeviceParser, settingSummaryParser } from './intune-parser.js';
import { parseRecords } from './page-records.js';
import { followLinks } from './pages.js';
import type { PageWalk } from './pages.js';
import { graphIntune } from './rest-api.js';
import { createRestReader } from './rest-reader.js';
import type { RestOptions } from './rest.js';

export interface IntuneDeviceOptions extends RestOptions {
  /** Devices per page, default 1000. */
  readonly pageSize?: number | undefined;
  /** Pages after which a walk counts as endless, default 2000. */
  readonly maxPages?: number | undefined;
}

const summaries = '/deviceManagement/deviceCompliancePolicySettingStateSummaries';

/**
 * Managed devices of Intune (DeviceManagementManagedDevices.Read.All) and the rules that they fail
 * (DeviceManagementConfiguration.Read.All), the latter by one list per failed setting, never by a request per device.
 */
export function createIntuneDevices(options: IntuneDeviceOptions): ManagedDeviceSource {
  const read = createRestReader(options, graphIntune(options.cloud));
  const { log, pageSize = 1000, maxPages = 2000 } = options;
  const begin = (connection: TenantConnection, signal: AbortSignal, noun: string, permission: string): PageWalk => ({
    ...{ read, connection, signal, log, noun, permission, maxPages },
    pagesRead: 0,
  });
  return {
    managedDevices: (connection, signal) => {
      const walk = begin(connection, signal, 'managed devices', 'DeviceManagementManagedDevices.Read.All');
      const path = `/deviceManagement/managedDevices?$select=${managedDeviceMembers.join(',')}&$top=${pageSize}`;
      return followLinks(walk, path, (page) => parseRecords(page, managedDeviceParser));
    },
    failedRules: (connection, signal) =>
      failedRules(begin(connection, signal, 'compliance settings', 'DeviceManagementConfiguration.Read.All')),
  };
}

async function* failedRules(walk: PageWalk): AsyncGenerator<SourcePage<SourceFailedRule>> {
  for await (const page of followLinks(walk, summaries, (raw) => parseRecords(raw, settingSummaryParser))) {
    if (page.malformed.length > 0 || page.partial) yield { ...page, items: [] };
    for (const failed of page.items) {
      const path = `${summaries}/${encodeURIComponent(failed.id)}/deviceComplianceSettingStates`;
      const parser = failedRuleParser(failed);
      yield* followLinks(walk, path, (raw) => parseRecords(raw, parser));
    }
  }
}
