import type { MicrosoftRecord } from '../tenants.js';
import type { EstateDevice } from './device.js';

const hourMs = 3_600_000;
const systems: readonly (readonly [RegExp, string, string])[] = [
  [/^Windows/, 'Windows', 'Contoso Devices'],
  [/^macOS/, 'macOS', 'Apple'],
  [/^iPadOS/, 'iPadOS', 'Apple'],
  [/^iOS/, 'iOS', 'Apple'],
  [/^Android/, 'Android', 'Adatum'],
];

/** The device as Intune lists it at `now` (ms); it syncs every eight hours. */
export function managedDeviceRecord(device: EstateDevice, now: number): MicrosoftRecord {
  const [, system, manufacturer] = systems.find(([form]) => form.test(device.os)) ?? [/x/, device.os, 'Adatum'];
  const isGrace = device.compliance === 'inGracePeriod';
  return {
    id: device.intuneId,
    userId: null,
    deviceName: device.intuneName,
    managedDeviceOwnerType: 'company',
    enrolledDateTime: '2025-11-03T07:15:02Z',
    lastSyncDateTime: new Date(Math.floor(now / (8 * hourMs)) * 8 * hourMs).toISOString().replace('.000', ''),
    operatingSystem: system,
    complianceState: device.compliance,
    jailBroken: 'Unknown',
    managementAgent: 'mdm',
    osVersion: device.build === null ? device.version : `10.0.${device.build}.2033`,
    azureADRegistered: device.aadDeviceId !== null,
    deviceEnrollmentType: 'windowsAzureADJoin',
    emailAddress: device.userPrincipalName,
    azureADDeviceId: device.os === 'Windows10' ? (device.aadDeviceId?.toUpperCase() ?? null) : device.aadDeviceId,
    deviceRegistrationState: 'registered',
    isEncrypted: device.compliance === 'compliant',
    userPrincipalName: device.userPrincipalName,
    model: 'Model 12',
    manufacturer,
    serialNumber: device.serialNumber,
    userDisplayName: device.userName,
    complianceGracePeriodExpirationDateTime: isGrace
      ? new Date((Math.floor(now / (24 * hourMs)) + 2) * 24 * hourMs).toISOString()
      : '9999-12-31T23:59:59Z',
    managementCertificateExpirationDate: '9999-12-31T23:59:59Z',
    managedDeviceName: `${device.intuneName}_Windows_11/3/2025_7:15 AM`,
  };
}
