import type { TenantConnection } from '../domain/alerts/alert-source.js';
import type { MachineSource } from '../domain/devices/device-source.js';
import { machineParser } from './machine-parser.js';
import { parseRecords } from './page-records.js';
import { skipThrough } from './pages.js';
import { defender } from './rest-api.js';
import { createRestReader } from './rest-reader.js';
import type { RestOptions } from './rest.js';

export interface DefenderMachineOptions extends RestOptions {
  /** Machines per page, default 1000; Defender gives at most 10,000. */
  readonly pageSize?: number | undefined;
  /** Pages after which a walk counts as endless, default 2000. */
  readonly maxPages?: number | undefined;
}

/** Machines of Defender for Endpoint, by /api/machines; needs Machine.Read.All. */
export function createDefenderMachines(options: DefenderMachineOptions): MachineSource {
  const read = createRestReader(options, defender(options.cloud));
  const { log, pageSize = 1000, maxPages = 2000 } = options;
  return {
    machines: (connection: TenantConnection, signal: AbortSignal) => {
      const permission = 'Machine.Read.All';
      const walk = { read, connection, signal, log, noun: 'machines', permission, maxPages, pagesRead: 0 };
      return skipThrough(walk, '/machines', pageSize, (page) => parseRecords(page, machineParser));
    },
  };
}
