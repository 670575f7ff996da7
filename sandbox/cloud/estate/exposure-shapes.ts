import type { MicrosoftRecord } from '../tenants.js';

const text = (value: unknown) => (typeof value === 'string' ? value : null);

/** True for both shapes of a vulnerability on a machine; a CVE itself names no machine. */
export const isExposure = (record: MicrosoftRecord) =>
  'cveId' in record && ('deviceId' in record || 'machineId' in record);

/** A row of machinesVulnerabilities as SoftwareVulnerabilitiesByMachine would tell it; others stay as they are. */
export function asExport(record: MicrosoftRecord): MicrosoftRecord {
  if ('deviceId' in record || !('machineId' in record)) return record;
  return {
    id: record['id'],
    deviceId: record['machineId'],
    rbacGroupName: null,
    deviceName: null,
    osPlatform: null,
    softwareVendor: record['productVendor'] ?? null,
    softwareName: record['productName'] ?? null,
    softwareVersion: record['productVersion'] ?? null,
    cveId: record['cveId'],
    vulnerabilitySeverityLevel: record['severity'] ?? null,
    recommendedSecurityUpdate: record['fixingKbId'] ?? null,
    recommendedSecurityUpdateId: record['fixingKbId'] ?? null,
    exploitabilityLevel: null,
    firstSeenTimestamp: null,
    lastSeenTimestamp: null,
  };
}

/** The other way round. */
export function asMachineVulnerability(record: MicrosoftRecord): MicrosoftRecord {
  const part = (member: string) => text(record[member]) ?? '';
  const product = [part('softwareVendor'), part('softwareName'), part('softwareVersion')];
  const kb = text(record['recommendedSecurityUpdateId']);
  return {
    id: [part('deviceId'), part('cveId'), ...product, kb ?? ''].join('-_-'),
    cveId: record['cveId'],
    machineId: record['deviceId'],
    fixingKbId: kb,
    productName: record['softwareName'] ?? null,
    productVendor: record['softwareVendor'] ?? null,
    productVersion: record['softwareVersion'] ?? null,
    severity: record['vulnerabilitySeverityLevel'] ?? null,
  };
}
