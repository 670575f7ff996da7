import type { RecordLine, StateFile } from '../state-file.js';
import type { MicrosoftRecord, SandboxTenant } from '../tenants.js';
import { createActionBook } from './action-book.js';
import type { ActionBook } from './action-book.js';
import type { ActionDelays } from './action-life.js';
import { generatedCompliance, recordedCompliance } from './compliance.js';
import type { Compliance } from './compliance.js';
import { devicesOf } from './devices.js';
import type { EstateDevice } from './device.js';
import { createExposureBook } from './exposure-book.js';
import type { ExposureBook, ExposureChange, ExposureRows } from './exposure-book.js';
import { exposureRecords, vulnerabilityRecords, zonelessMs } from './exposure-records.js';
import { asExport } from './exposure-shapes.js';
import { machineRecord } from './machine-record.js';
import { managedDeviceRecord } from './managed-device-record.js';
import { createPower } from './power.js';
import type { Power } from './power.js';
import { createScaledEstate } from './scale.js';
import type { Scale } from './scale.js';
import { createShelf, rowsOf } from './shelf.js';
import type { Rows, Shelf } from './shelf.js';

/** Everything of one tenant but its alerts. */
export interface Estate {
  readonly machines: Shelf;
  readonly vulnerabilities: Shelf;
  readonly managedDevices: Shelf;
  readonly exposures: ExposureBook;
  readonly actions: ActionBook;
  readonly compliance: Compliance;
  readonly power: Power;
  /** Keeps the change over a restart; null removes the record. */
  change(resource: RecordLine['resource'], id: string, changes: MicrosoftRecord | null): void;
  setOnline(machineId: string, isOnline: boolean): void;
  /** See Scale; nothing happens in an ordinary tenant. */
  churn(): void;
}

export interface EstateOptions {
  readonly tenant: SandboxTenant;
  readonly clock: () => Date;
  readonly delays: ActionDelays;
  readonly state: StateFile;
  readonly scale?: Scale;
}

interface Base {
  readonly machines: Rows;
  readonly vulnerabilities: Rows;
  readonly managedDevices: Rows;
  readonly exposures: ExposureRows;
  /** Its health before anybody touched its switch. */
  healthAtFirst?(machineId: string): unknown;
  churn?(): void;
}

export function openEstate({ tenant, clock, delays, state, scale }: EstateOptions): Estate {
  const id = tenant.entraTenantId;
  const mine = state.lines.filter((line) => line.tenant === id);
  const power: Power = createPower((machineId) => isAwake(base.healthAtFirst?.(machineId)));
  const base: Base = scale ? createScaledEstate(tenant, scale, clock) : baseOf(tenant, clock, power);
  const machines = createShelf(base.machines);
  const shelves = {
    machine: machines,
    vulnerability: createShelf(base.vulnerabilities),
    managedDevice: createShelf(base.managedDevices),
  };
  for (const line of mine) if (line.kind === 'record') replay(shelves[line.resource], line);
  for (const line of mine) if (line.kind === 'power') power.set(line.machineId, Date.parse(line.at), line.isOnline);

  const nameOf = (machineId: string) => {
    const name = machines.find(machineId)?.['computerDnsName'];
    return typeof name === 'string' ? name : null;
  };
  const exposures = createExposureBook({
    base: base.exposures,
    recorded: recordedChanges(tenant),
    earlier: mine.flatMap((line) =>
      line.kind === 'exposure' && machines.find(String(line.record['deviceId']))
        ? [{ ...line, at: Date.parse(line.at) }]
        : [],
    ),
    clock,
    keep: ({ status, at, record }) =>
      state.append([{ kind: 'exposure', tenant: id, status, at: new Date(at).toISOString(), record }]),
  });
  const actions = createActionBook({
    clock,
    delays,
    power,
    nameOf,
    recorded: tenant.machineActions ?? [],
    earlier: mine.flatMap((line) =>
      line.kind === 'action' && machines.find(line.action.machineId) ? [line.action] : [],
    ),
    keep: (action) => state.append([{ kind: 'action', tenant: id, action }]),
  });

  return {
    machines,
    vulnerabilities: shelves.vulnerability,
    managedDevices: shelves.managedDevice,
    exposures,
    actions,
    compliance: tenant.compliance ? recordedCompliance(tenant.compliance) : generatedCompliance(tenant.name),
    power,
    change: (resource, recordId, changes) => {
      const isNew = shelves[resource].find(recordId) === undefined;
      const line: RecordLine = { kind: 'record', tenant: id, resource, id: recordId, isNew, changes };
      apply(shelves[resource], line);
      state.append([line]);
    },
    setOnline: (machineId, isOnline) => {
      const at = clock();
      power.set(machineId, at.getTime(), isOnline);
      state.append([{ kind: 'power', tenant: id, machineId, at: at.toISOString(), isOnline }]);
    },
    churn: () => base.churn?.(),
  };
}

/** A change of a record that this run does not have is left alone. */
function replay(shelf: Shelf, line: RecordLine): void {
  if (line.isNew || shelf.find(line.id)) apply(shelf, line);
}

function apply(shelf: Shelf, { id, changes }: RecordLine): void {
  if (changes) shelf.put(id, changes);
  else shelf.remove(id);
}

/** Commands do not reach a machine that has not been heard of for days. */
const isAwake = (health: unknown) => health !== 'Inactive' && health !== 'NoSensorData';

/** Records that were given, else those of the fictional company. */
function baseOf(tenant: SandboxTenant, clock: () => Date, power: Power): Base {
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

function recordedChanges(tenant: SandboxTenant): ExposureChange[] {
  return (tenant.exposures ?? []).flatMap((record) => {
    const { status } = record;
    if (status !== 'New' && status !== 'Fixed' && status !== 'Updated') return [];
    return [{ status, at: zonelessMs(record['eventTimestamp']) || 0, record }] as const;
  });
}
