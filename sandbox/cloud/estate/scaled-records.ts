import type { SandboxTenant } from '../tenants.js';
import type { EstateDevice } from './device.js';
import { machineRecord } from './machine-record.js';
import type { Weakness } from './products.js';

/** 32 bits that look random. */
export function mix(number: number): number {
  let mixed = Math.imul(number ^ (number >>> 16), 0x45d9f3b);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

const risks = ['None', 'Informational', 'Low', 'Medium', 'High'];
const systems = ['Windows11', 'Windows10', 'Windows11', 'WindowsServer2022', 'Ubuntu', 'macOS'];

/** The device at this index, after so many changes. */
export function scaledDevice(tenant: SandboxTenant, stem: string, index: number, changed: number): EstateDevice {
  const hex = index.toString(16).padStart(8, '0');
  const os = systems[mix(index) % systems.length] ?? 'Windows11';
  const host = `${tenant.name.slice(0, 3).toLowerCase()}-dev-${String(index).padStart(6, '0')}`;
  const entraId = `${hex}-aaaa-4000-8000-${stem.slice(0, 12)}`;
  return {
    tenant,
    machineId: `${hex}${stem}`,
    intuneId: `${hex}-1111-4000-8000-${stem.slice(0, 12)}`,
    aadDeviceId: entraId,
    machineAadDeviceId: entraId,
    name: `${host}.corp.${tenant.domain}`,
    intuneName: host,
    serialNumber: `SN${String(index).padStart(9, '0')}`,
    os,
    build: os.startsWith('Windows') ? 26100 : null,
    version: '24H2',
    risk: risks[(mix(index + 7) + changed) % risks.length] ?? null,
    exposure: risks[mix(index + 13) % risks.length] ?? null,
    health: 'Active',
    onboarding: 'Onboarded',
    value: index % 500 === 0 ? 'High' : 'Normal',
    tags: index % 50 === 0 ? ['server'] : [],
    group: 'Workplaces',
    isAadJoined: true,
    address: '198.51.100.7',
    silentDays: 0,
    compliance: (mix(index + 23) + changed) % 10 < 8 ? 'compliant' : 'noncompliant',
    userName: `Person ${index}`,
    userPrincipalName: `person${index}@${tenant.domain}`,
  };
}

/** lastSeen moves only when something changes, so that a second walk meets 1 % of changes. */
export const scaledMachine = (device: EstateDevice, at: number) => machineRecord(device, at, { at, isOnline: true });

/** The CVE at this index. */
export function scaledWeakness(number: number): Weakness {
  const cvss = (10 + (mix(number) % 91)) / 10;
  return {
    cveId: `CVE-2025-${100_000 + number}`,
    cvss,
    exploitability: mix(number + 3) % 7 === 0 ? 'ExploitIsPublic' : 'NoExploit',
    what: `Flaw number ${number} of the pretend catalogue.`,
  };
}
