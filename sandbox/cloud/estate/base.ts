import type { MicrosoftRecord, SandboxTenant } from '../tenants.js';
import { devicesOf } from './devices.js';
import type { EstateDevice } from './device.js';
import type { ExposureChange, ExposureRows } from './exposure-book.js';
import { exposureRecords, vulnerabilityRecords, zonelessMs } from './exposure-records.js';
import { asExport } from './exposure-shapes.js';
import { machineRecord } from './machine-record.js';
import { managedDeviceRecord } from './managed-device-record.js';
import type { Power } from './power.js';
import { rowsOf } from './shelf.js';
import type { Rows } from './shelf.js';

/** What a tenant has before anything happens to it. */
export interface Base {
  readonly machines: Rows;
  readonly vulnerabilities: Rows;
  readonly managedDevices: Rows;
  readonly exposures: ExposureRows;
  /** Its health before anybody touched its switch. */
  healthAtFirst?(machineId: string): unknown;
  churn?(): void;
}

/** Records that were given, else those of the fictional company. */
export function baseOf(tenant: SandboxTenant, clock: () => Date, power: Power): Base {
  const devices = devicesOf(tenant);
  const now = () => clock().getTime();
  const known = devices.filter(({ machineId }) => tenant.machines === undefined && machineId !== null);
  const given = tenant.machines && rowsOf(tenant.machines);
  return {
    healthAtFirst: (machineId) =>
      given?.at(given.indexOf(machineId))['healthStatus'] ?? known.find((one) => one.machineId === machineId)?.health,
    machines:
      given ?? living(known, 'machineId', (device) => machineRecord(device, now(), power.last(device.machineId ?? ''))),
    managedDevices: tenant.managedDevices
      ? rowsOf(tenant.managedDevices)
      : living(
          devices.filter(({ intuneId }) => intuneId !== null),
          'intuneId',
          (device) => managedDeviceRecord(device, now()),
        ),
    vulnerabilities: rowsOf(tenant.vulnerabilities ?? vulnerabilityRecords()),
    exposures: rowsOf(givenExposures(tenant) ?? exposureRecords(known, now())),
  };
}

function living(
  devices: readonly EstateDevice[],
  key: 'machineId' | 'intuneId',
  draw: (device: EstateDevice) => MicrosoftRecord,
): Rows {
  const places = new Map(devices.map((device, index) => [device[key], index]));
  return {
    length: devices.length,
    at: (index) => {
      const device = devices[index];
      return device ? draw(device) : {};
    },
    indexOf: (id) => places.get(id) ?? -1,
  };
}

/** Rows of a delta that say Fixed are no vulnerabilities any more. */
const givenExposures = (tenant: SandboxTenant) =>
  tenant.exposures?.filter((record) => record['status'] !== 'Fixed').map(asExport);

/** Rows of a delta among the records that were given. */
export function recordedChanges(tenant: SandboxTenant): ExposureChange[] {
  return (tenant.exposures ?? []).flatMap((record) => {
    const { status } = record;
    if (status !== 'New' && status !== 'Fixed' && status !== 'Updated') return [];
    return [{ status, at: zonelessMs(record['eventTimestamp']) || 0, record }] as const;
  });
}
