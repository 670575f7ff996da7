import { randomUUID } from 'node:crypto';
import { guidOf, machineIdOf } from '../random.js';
import type { MicrosoftRecord, SandboxTenant } from '../tenants.js';
import type { ActionOrder, Isolation } from './action-book.js';
import { devicesOf } from './devices.js';
import type { EstateDevice } from './device.js';
import type { Estate } from './estate.js';
import { exposureRecord, vulnerabilityRecord } from './exposure-records.js';
import { machineRecord } from './machine-record.js';
import { managedDeviceRecord } from './managed-device-record.js';
import { products } from './products.js';

/** What can be seen and made to happen to the devices of a tenant, which is named by its Entra id. All of it outlives a restart. */
export interface EstateActs {
  machines(tenant: string): readonly MicrosoftRecord[];
  /** An ordinary machine, changed by `changes`; without an id it gets a new one. */
  addMachine(tenant: string, changes?: MicrosoftRecord): MicrosoftRecord;
  changeMachine(tenant: string, id: string, changes: MicrosoftRecord): MicrosoftRecord;
  removeMachine(tenant: string, id: string): void;
  /** Orders stay Pending on a machine that is offline. */
  setOnline(tenant: string, machineId: string, isOnline: boolean): void;
  isOnline(tenant: string, machineId: string): boolean;
  isolation(tenant: string, machineId: string): Isolation;

  /** As Defender reports them now, newest first. */
  machineActions(tenant: string): readonly MicrosoftRecord[];
  /** Somebody acts in the Defender portal. Nothing is checked. */
  orderInPortal(tenant: string, order: Pick<ActionOrder, 'machineId' | 'type'> & Partial<ActionOrder>): MicrosoftRecord;
  /** Undefined when it has ended. */
  cancelInPortal(tenant: string, actionId: string): MicrosoftRecord | undefined;

  managedDevices(tenant: string): readonly MicrosoftRecord[];
  addManagedDevice(tenant: string, changes?: MicrosoftRecord): MicrosoftRecord;
  changeManagedDevice(tenant: string, id: string, changes: MicrosoftRecord): MicrosoftRecord;
  removeManagedDevice(tenant: string, id: string): void;

  /** CVEs. */
  vulnerabilities(tenant: string): readonly MicrosoftRecord[];
  /** Adds the CVE or changes it. */
  putVulnerability(tenant: string, id: string, changes?: MicrosoftRecord): MicrosoftRecord;
  removeVulnerability(tenant: string, id: string): void;

  /** In the form of SoftwareVulnerabilitiesByMachine. */
  exposures(tenant: string): readonly MicrosoftRecord[];
  addExposure(tenant: string, machineId: string, cveId: string, changes?: MicrosoftRecord): MicrosoftRecord;
  fixExposure(tenant: string, id: string): void;
  /** Changes another 1 % of a scaled tenant. */
  churn(tenant: string): void;
}

export function createEstateActs(
  estateOf: (tenant: string) => Estate,
  tenants: readonly SandboxTenant[],
  clock: () => Date,
): EstateActs {
  const change = (
    tenant: string,
    resource: 'machine' | 'managedDevice',
    id: string,
    changes: MicrosoftRecord,
  ): MicrosoftRecord => {
    const estate = estateOf(tenant);
    const shelf = resource === 'machine' ? estate.machines : estate.managedDevices;
    if (!shelf.find(id)) throw new Error(`tenant ${tenant} has no ${resource} ${id}`);
    estate.change(resource, id, changes);
    return shelf.find(id) ?? {};
  };
  const ordinary = (tenant: string) => ordinaryDevice(tenants.find((one) => one.entraTenantId === tenant));
  const now = () => clock().getTime();

  return {
    machines: (tenant) => [...estateOf(tenant).machines.all()],
    addMachine: (tenant, changes = {}) => {
      const id = typeof changes['id'] === 'string' ? changes['id'] : machineIdOf(randomUUID());
      const record = { ...machineRecord({ ...ordinary(tenant), machineId: id }, now(), null), ...changes, id };
      estateOf(tenant).change('machine', id, record);
      return record;
    },
    changeMachine: (tenant, id, changes) => change(tenant, 'machine', id, changes),
    removeMachine: (tenant, id) => estateOf(tenant).change('machine', id, null),
    setOnline: (tenant, machineId, isOnline) => estateOf(tenant).setOnline(machineId, isOnline),
    isOnline: (tenant, machineId) => estateOf(tenant).power.isOnline(machineId),
    isolation: (tenant, machineId) => estateOf(tenant).actions.isolation(machineId),
    machineActions: (tenant) => estateOf(tenant).actions.list(),
    orderInPortal: (tenant, order) =>
      estateOf(tenant).actions.order({
        scope: order.type === 'Isolate' ? 'Full' : order.type === 'Unisolate' ? null : 'Quick',
        requestor: 'someone@portal.example',
        comment: 'Begun in the portal',
        requestSource: 'Portal',
        ...order,
      }),
    cancelInPortal: (tenant, actionId) =>
      estateOf(tenant).actions.cancel(actionId, 'someone@portal.example', 'Cancelled in the portal'),
    managedDevices: (tenant) => [...estateOf(tenant).managedDevices.all()],
    addManagedDevice: (tenant, changes = {}) => {
      const id = typeof changes['id'] === 'string' ? changes['id'] : randomUUID();
      const record = { ...managedDeviceRecord({ ...ordinary(tenant), intuneId: id }, now()), ...changes, id };
      estateOf(tenant).change('managedDevice', id, record);
      return record;
    },
    changeManagedDevice: (tenant, id, changes) => change(tenant, 'managedDevice', id, changes),
    removeManagedDevice: (tenant, id) => estateOf(tenant).change('managedDevice', id, null),
    vulnerabilities: (tenant) => [...estateOf(tenant).vulnerabilities.all()],
    putVulnerability: (tenant, id, changes = {}) => {
      const estate = estateOf(tenant);
      const { vulnerabilities } = estate;
      const blank = vulnerabilityRecord({ cveId: id, cvss: 7.5, exploitability: 'NoExploit', what: 'A new flaw.' });
      estate.change('vulnerability', id, vulnerabilities.find(id) ? changes : { ...blank, ...changes });
      return vulnerabilities.find(id) ?? {};
    },
    removeVulnerability: (tenant, id) => estateOf(tenant).change('vulnerability', id, null),
    exposures: (tenant) => [...estateOf(tenant).exposures.all()],
    addExposure: (tenant, machineId, cveId, changes = {}) => {
      const record = { ...newExposure(estateOf(tenant), machineId, cveId, now()), ...changes };
      const id = String(record['id']);
      estateOf(tenant).exposures.put({ ...record, id });
      return record;
    },
    fixExposure: (tenant, id) => estateOf(tenant).exposures.fix(id),
    churn: (tenant) => estateOf(tenant).churn(),
  };
}

function ordinaryDevice(tenant: SandboxTenant | undefined): EstateDevice {
  const device = tenant && devicesOf(tenant).find(({ name }) => name.includes('lap-0219'));
  if (!device) throw new Error('the sandbox cloud has no such tenant');
  const key = randomUUID();
  const host = `${device.name.slice(0, 3)}-lap-${key.slice(0, 4)}`;
  const aadDeviceId = guidOf(key);
  const name = `${host}.corp.${tenant.domain}`;
  return { ...device, name, intuneName: host, aadDeviceId, machineAadDeviceId: aadDeviceId, serialNumber: key };
}

function newExposure(estate: Estate, machineId: string, cveId: string, now: number): MicrosoftRecord {
  const machine = estate.machines.find(machineId) ?? {};
  const product = products.find(({ weaknesses }) => weaknesses.some((one) => one.cveId === cveId));
  const known = product?.weaknesses.find((one) => one.cveId === cveId);
  const cvss = estate.vulnerabilities.find(cveId)?.['cvssV3'];
  const text = (member: string) => (typeof machine[member] === 'string' ? machine[member] : null);
  return exposureRecord(
    {
      machineId,
      name: text('computerDnsName'),
      os: text('osPlatform') ?? 'Windows11',
      group: text('rbacGroupName'),
    },
    product ?? { vendor: 'adatum', name: 'agent', version: '1.0' },
    known ?? { cveId, cvss: typeof cvss === 'number' ? cvss : null, exploitability: 'NoExploit' },
    now,
  );
}
