import { createHash } from 'node:crypto';
import type { MicrosoftRecord } from '../tenants.js';
import type { EstateDevice } from './device.js';
import { products } from './products.js';
import type { Product, Weakness } from './products.js';

const dayMs = 86_400_000;

/** 0 <= share < 1, always the same for the same name. */
const shareOf = (name: string) => createHash('md5').update(name).digest().readUInt32LE(0) / 2 ** 32;

export const severityOf = (cvss: number | null) =>
  cvss === null ? 'Low' : cvss >= 9 ? 'Critical' : cvss >= 7 ? 'High' : cvss >= 4 ? 'Medium' : 'Low';

export interface ExposedMachine {
  readonly machineId: string;
  readonly name: string | null;
  readonly os: string;
  readonly group: string | null;
}

/** A product on a machine that has a CVE, as SoftwareVulnerabilitiesByMachine tells it. */
export function exposureRecord(
  machine: ExposedMachine,
  product: Pick<Product, 'vendor' | 'name' | 'version'>,
  weakness: Pick<Weakness, 'cveId' | 'cvss' | 'exploitability'>,
  firstSeen: number,
): MicrosoftRecord {
  return {
    id: `${machine.machineId}_${product.vendor}_${product.name}_${product.version}_${weakness.cveId}_`,
    deviceId: machine.machineId,
    rbacGroupName: machine.group,
    deviceName: machine.name,
    osPlatform: machine.os,
    osVersion: '10.0.26100.2033',
    osArchitecture: 'x64',
    softwareVendor: product.vendor,
    softwareName: product.name,
    softwareVersion: product.version,
    cveId: weakness.cveId,
    vulnerabilitySeverityLevel: severityOf(weakness.cvss),
    recommendedSecurityUpdate: null,
    recommendedSecurityUpdateId: null,
    recommendedSecurityUpdateUrl: null,
    diskPaths: [],
    registryPaths: [],
    lastSeenTimestamp: zonelessTime(firstSeen + dayMs),
    firstSeenTimestamp: zonelessTime(firstSeen),
    exploitabilityLevel: weakness.exploitability,
    recommendationReference: `va-_-${product.vendor}-_-${product.name}`,
  };
}

/** The export writes UTC without saying so. */
export const zonelessTime = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

/** Milliseconds of such a time; NaN when it is none. */
export const zonelessMs = (text: unknown) =>
  typeof text === 'string' ? Date.parse(`${text.replace(' ', 'T')}Z`) : NaN;

/** All that the generated devices are exposed to. `start` (ms) is when the cloud was made: some were found shortly before. */
export function exposureRecords(devices: readonly EstateDevice[], start: number): MicrosoftRecord[] {
  return devices.flatMap((device) => {
    const { machineId, os, name, group } = device;
    if (machineId === null || device.onboarding !== 'Onboarded') return [];
    const installed = products.filter(
      (product) => product.on.test(os) && shareOf(`${machineId} ${product.name}`) < product.share,
    );
    return installed.flatMap((product) =>
      product.weaknesses.map((weakness) => {
        const ageDays = 2 + Math.floor(shareOf(`${machineId} ${weakness.cveId}`) * 200);
        return exposureRecord({ machineId, name, os, group }, product, weakness, start - ageDays * dayMs);
      }),
    );
  });
}

/** All CVEs of the pretend catalogue, with the oddities of real ones (reference 1.4). */
export function vulnerabilityRecords(): MicrosoftRecord[] {
  return products.flatMap((product) =>
    product.weaknesses.map((weakness, index) => vulnerabilityRecord(weakness, index % 5 === 3)),
  );
}

export function vulnerabilityRecord(weakness: Weakness, isUndated = false): MicrosoftRecord {
  const { cveId, cvss, exploitability, what } = weakness;
  return {
    id: cveId,
    name: cveId,
    description: what === '' ? '' : `${what} Install the update of the vendor.`,
    severity: severityOf(cvss),
    cvssV3: cvss,
    cvssVector: null,
    exposedMachines: 0,
    publishedOn: isUndated ? '0001-01-01T00:00:00Z' : '2025-10-08T00:00:00Z',
    updatedOn: isUndated ? '0001-01-01T00:00:00Z' : '2025-12-16T16:20:00Z',
    firstDetected: '2025-10-09T04:12:11Z',
    publicExploit: exploitability !== 'NoExploit',
    exploitVerified: exploitability === 'ExploitIsVerified' || exploitability === 'ExploitIsInKit',
    exploitInKit: exploitability === 'ExploitIsInKit',
    exploitTypes: exploitability === 'NoExploit' ? [] : ['PrivilegeEscalation'],
    exploitUris: [],
    cveSupportability: 'Supported',
  };
}
