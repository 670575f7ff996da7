import type { RecordLine, StateFile } from '../state-file.js';
import type { MicrosoftRecord, SandboxTenant } from '../tenants.js';
import { createActionBook } from './action-book.js';
import type { ActionBook } from './action-book.js';
import type { ActionDelays } from './action-life.js';
import { baseOf, recordedChanges } from './base.js';
import type { Base } from './base.js';
import { generatedCompliance } from './compliance.js';
import type { Compliance } from './compliance.js';
import { createExposureBook } from './exposure-book.js';
import type { ExposureBook } from './exposure-book.js';
import { createPower } from './power.js';
import type { Power } from './power.js';
import { recordedCompliance } from './recorded-compliance.js';
import { createScaledEstate } from './scale.js';
import type { Scale } from './scale.js';
import { createShelf } from './shelf.js';
import type { Shelf } from './shelf.js';

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
