import { fleetOf } from '../fleet.js';
import type { Fleet, FleetDevice } from '../fleet.js';
import { createRandom, guidOf, machineIdOf } from '../random.js';
import { sandboxTenants } from '../tenants.js';
import type { SandboxTenant } from '../tenants.js';
import type { EstateDevice } from './device.js';
import { contosoExtras, fabrikamExtras } from './extra-devices.js';
import type { ExtraDevice } from './extra-devices.js';

/** All devices of a tenant: those that alerts happen on, and stranger ones. Fabrikam's fleet is smaller. */
export function devicesOf(tenant: SandboxTenant): readonly EstateDevice[] {
  const fleet = fleetOf(tenant);
  const extras = tenant.entraTenantId === sandboxTenants[0].entraTenantId ? contosoExtras : fabrikamExtras;
  return [
    ...fleet.devices.map((device, index) => fromFleet(tenant, fleet, device, index)),
    ...extras.map((extra, index) => fromExtra(tenant, fleet, extra, fleet.devices.length + index)),
  ];
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const exposures = ['Low', 'Medium', 'Low', 'High', 'None'];
/** Which of the fleet's devices are not compliant, by their place. */
const compliances: ReadonlyMap<number, string> = new Map([
  [2, 'noncompliant'],
  [4, 'noncompliant'],
  [11, 'inGracePeriod'],
]);

function fromFleet(tenant: SandboxTenant, fleet: Fleet, device: FleetDevice, index: number): EstateDevice {
  const isServer = device.hostName.includes('-srv-');
  const isDomainController = device.hostName.includes('-dc-');
  return {
    tenant,
    machineId: device.mdeDeviceId,
    intuneId: isServer ? null : guidOf(`intune ${device.dnsName}`),
    aadDeviceId: device.azureAdDeviceId,
    machineAadDeviceId: device.azureAdDeviceId,
    name: device.dnsName,
    intuneName: device.hostName,
    serialNumber: serialOf(device.dnsName),
    os: device.osPlatform === 'Linux' ? 'Ubuntu' : device.osPlatform,
    build: device.osBuild,
    version: device.version,
    risk: capital(device.riskScore),
    exposure: exposures[index % exposures.length] ?? null,
    health: capital(device.healthStatus),
    onboarding: 'Onboarded',
    value: isDomainController ? 'High' : 'Normal',
    tags: isDomainController ? ['domain-controller', 'tier-0'] : isServer ? ['server'] : [],
    group: 'Workplaces',
    isAadJoined: device.azureAdDeviceId !== null,
    address: device.address,
    silentDays: device.healthStatus === 'inactive' ? 12 : 0,
    compliance: compliances.get(index) ?? 'compliant',
    ...userOf(fleet, index, isServer),
  };
}

function fromExtra(tenant: SandboxTenant, fleet: Fleet, extra: ExtraDevice, index: number): EstateDevice {
  const prefix = extra.host.includes('’') ? '' : `${tenant.name.slice(0, 3).toLowerCase()}-`;
  const hostName = `${prefix}${extra.host}`;
  const name = prefix === '' ? hostName : `${hostName}.corp.${tenant.domain}`;
  const key = extra.twin === undefined ? name : `${name} ${extra.twin}`;
  const entraId = extra.entra === 'none' ? null : guidOf(extra.entra === 'shared' ? name : key);
  const where = extra.where ?? 'both';
  const machineAadDeviceId =
    extra.entra === 'unsaid' ? null : extra.entra === 'nil' ? '00000000-0000-0000-0000-000000000000' : entraId;
  return {
    tenant,
    machineId: where === 'intune' ? null : machineIdOf(key),
    intuneId: where === 'defender' ? null : guidOf(`intune ${key}`),
    aadDeviceId: entraId,
    machineAadDeviceId,
    name,
    intuneName: extra.intuneName ?? hostName,
    serialNumber: serialOf(key),
    os: extra.os ?? 'Windows11',
    build: extra.build === undefined ? 26100 : extra.build,
    version: extra.version ?? '24H2',
    risk: extra.risk === undefined ? 'Low' : extra.risk,
    exposure: extra.exposure === undefined ? 'Low' : extra.exposure,
    health: extra.health ?? 'Active',
    onboarding: extra.onboarding ?? 'Onboarded',
    value: extra.value ?? 'Normal',
    tags: extra.tags ?? [],
    group: extra.group === undefined ? 'Workplaces' : extra.group,
    isAadJoined: extra.entra === 'none' ? null : true,
    address: `198.51.100.${20 + index}`,
    silentDays: extra.silentDays === undefined ? 0 : extra.silentDays,
    compliance: extra.compliance ?? 'compliant',
    ...userOf(fleet, index, extra.host.startsWith('srv-')),
  };
}

const serialOf = (key: string) => `SN${createRandom(`serial ${key}`).digits(9)}`;

function userOf({ people }: Fleet, index: number, isServer: boolean) {
  const person = isServer ? undefined : people[index % people.length];
  return { userName: person?.displayName ?? null, userPrincipalName: person?.userPrincipalName ?? null };
}
