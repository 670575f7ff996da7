import { guidOf, machineIdOf } from './random.js';
import type { SandboxTenant } from './tenants.js';

export interface FleetDevice {
  readonly mdeDeviceId: string;
  readonly azureAdDeviceId: string | null;
  readonly hostName: string;
  readonly dnsName: string;
  readonly osPlatform: string;
  readonly osBuild: number | null;
  readonly version: string;
  readonly riskScore: string;
  readonly healthStatus: string;
  readonly address: string;
}

export interface Person {
  readonly displayName: string;
  readonly account: string;
  readonly userPrincipalName: string;
  readonly azureAdUserId: string;
  readonly sid: string;
}

type Row = readonly [host: string, os: string, build: number | null, version: string, risk: string, health: string];

const machines: readonly [Row, ...Row[]] = [
  ['lap-0117', 'Windows11', 26100, '24H2', 'high', 'active'],
  ['lap-0142', 'Windows11', 26100, '24H2', 'medium', 'active'],
  ['lap-0203', 'Windows10', 19045, '22H2', 'low', 'active'],
  ['lap-0219', 'Windows11', 22631, '23H2', 'none', 'active'],
  ['desk-fin-03', 'Windows10', 19045, '22H2', 'high', 'active'],
  ['desk-fin-07', 'Windows11', 22631, '23H2', 'informational', 'active'],
  ['mac-design-02', 'macOS', null, '15.1', 'low', 'active'],
  ['srv-file-01', 'WindowsServer2022', 20348, '21H2', 'medium', 'active'],
  ['srv-web-02', 'Linux', null, '24.04', 'medium', 'active'],
  ['srv-dc-01', 'WindowsServer2022', 20348, '21H2', 'low', 'active'],
  ['srv-sql-01', 'WindowsServer2019', 17763, '1809', 'high', 'impairedCommunication'],
  ['kiosk-lobby-1', 'Windows10', 19045, '22H2', 'none', 'inactive'],
];

const names: readonly [string, ...string[]] = [
  'Adele Vance',
  'Alex Wilber',
  'Diego Siciliani',
  'Grady Archie',
  'Isaiah Langer',
  'Johanna Lorenz',
  'Joni Sherman',
  'Lee Gu',
  'Lidia Holloway',
  'Lynne Robbins',
  'Megan Bowen',
  'Miriam Graham',
  'Nestor Wilke',
  'Patti Fernandez',
  'Pradeep Gupta',
];

export interface Fleet {
  readonly devices: readonly [FleetDevice, ...FleetDevice[]];
  readonly people: readonly [Person, ...Person[]];
}

/** Machines and people of a tenant: always the same, so that alerts of one device meet again. */
export function fleetOf(tenant: SandboxTenant): Fleet {
  const [firstMachine, ...machinesLeft] = machines;
  const [firstName, ...namesLeft] = names;
  return {
    devices: [device(tenant, firstMachine, 0), ...machinesLeft.map((row, index) => device(tenant, row, index + 1))],
    people: [person(tenant, firstName, 0), ...namesLeft.map((name, index) => person(tenant, name, index + 1))],
  };
}

function device(tenant: SandboxTenant, row: Row, index: number): FleetDevice {
  const [host, osPlatform, osBuild, version, riskScore, healthStatus] = row;
  const hostName = `${tenant.name.slice(0, 3).toLowerCase()}-${host}`;
  const dnsName = `${hostName}.corp.${tenant.domain}`;
  const isJoined = osPlatform.startsWith('Windows');
  return {
    mdeDeviceId: machineIdOf(dnsName),
    azureAdDeviceId: isJoined ? guidOf(dnsName) : null,
    hostName,
    dnsName,
    osPlatform,
    osBuild,
    version,
    riskScore,
    healthStatus,
    address: `192.0.2.${20 + index}`,
  };
}

function person(tenant: SandboxTenant, displayName: string, index: number): Person {
  const [first = '', last = ''] = displayName.split(' ');
  const account = `${first}${last.slice(0, 1)}`.toLowerCase();
  const userPrincipalName = `${account}@${tenant.domain}`;
  const sid = `S-1-5-21-1004336348-1177238915-682003330-${1100 + index}`;
  return { displayName, account, userPrincipalName, azureAdUserId: guidOf(userPrincipalName), sid };
}
