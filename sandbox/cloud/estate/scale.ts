import { createHash } from 'node:crypto';
import type { SandboxTenant, MicrosoftRecord } from '../tenants.js';
import type { ExposureChange, ExposureRows } from './exposure-book.js';
import { exposureRecord, vulnerabilityRecord } from './exposure-records.js';
import type { ExposedMachine } from './exposure-records.js';
import { managedDeviceRecord } from './managed-device-record.js';
import { products } from './products.js';
import { mix, scaledDevice, scaledMachine, scaledWeakness } from './scaled-records.js';
import type { Rows } from './shelf.js';

export interface Scale {
  readonly machines: number;
  readonly exposuresPerMachine: number;
  /** Default 2000; at least 10 times exposuresPerMachine. */
  readonly vulnerabilities?: number;
  /** How many of the machines Intune knows too, default all. */
  readonly managedDevices?: number;
}

/** A big tenant. Every record is computed from its index when it is asked for, so that nothing big stays in memory. */
export interface ScaledEstate {
  readonly machines: Rows;
  readonly managedDevices: Rows;
  readonly vulnerabilities: Rows;
  readonly exposures: ExposureRows;
  /** Another 1 % of machines, managed devices and exposures changes; a hundred times reach all of them. */
  churn(): void;
}

const start = Date.parse('2026-01-05T00:00:00Z');
const noProduct = { vendor: '', name: '', version: '' };

export function createScaledEstate(tenant: SandboxTenant, scale: Scale, clock: () => Date): ScaledEstate {
  const { machines, exposuresPerMachine: per, vulnerabilities: cves = 2000 } = scale;
  const rounds: number[] = [];
  const stem = createHash('sha256').update(tenant.entraTenantId).digest('hex').slice(0, 32);
  /** How often the thing at this index has changed. */
  const changes = (index: number, round = rounds.length) => {
    const turn = index % 100 === 0 ? 100 : index % 100;
    return round >= turn ? Math.floor((round - turn) / 100) + 1 : 0;
  };
  const device = (index: number) => scaledDevice(tenant, stem, index, changes(index));
  const weaknesses = Array.from({ length: cves }, (_, number) => scaledWeakness(number));
  let last: { readonly index: number; readonly machine: ExposedMachine } | undefined;

  /** Exposures of one machine follow each other. */
  function exposedMachine(index: number): ExposedMachine {
    if (last?.index === index) return last.machine;
    const { machineId, name, os, group } = device(index);
    last = { index, machine: { machineId: machineId ?? '', name, os, group } };
    return last.machine;
  }

  function exposure(slot: number, generation: number): MicrosoftRecord {
    const index = Math.floor(slot / per);
    const number = (mix(index) + (slot % per) + generation * per) % cves;
    const product = products[number % products.length] ?? noProduct;
    const weakness = weaknesses[number] ?? scaledWeakness(number);
    return exposureRecord(exposedMachine(index), product, weakness, start - (mix(slot) % 200) * 86_400_000);
  }

  function* changesSince(since: number): Generator<ExposureChange> {
    for (const [index, at] of rounds.entries()) {
      if (at < since) continue;
      const round = index + 1;
      for (let slot = round % 100; slot < machines * per; slot += 100) {
        yield { status: 'Fixed', at, record: exposure(slot, changes(slot, round - 1)) };
        yield { status: 'New', at, record: exposure(slot, changes(slot, round)) };
      }
    }
  }

  return {
    machines: {
      length: machines,
      at: (index) => scaledMachine(device(index), start + changes(index) * 3_600_000),
      indexOf: (id) => indexIn(id.slice(0, 8), machines, (index) => device(index).machineId === id),
    },
    managedDevices: {
      length: scale.managedDevices ?? machines,
      at: (index) => ({ ...managedDeviceRecord(device(index), start + changes(index) * 36_000_000) }),
      indexOf: (id) => indexIn(id.slice(0, 8), machines, (index) => device(index).intuneId === id),
    },
    vulnerabilities: {
      length: cves,
      at: (index) => ({
        ...vulnerabilityRecord(scaledWeakness(index)),
        exposedMachines: Math.round((machines * per) / cves),
      }),
      indexOf: (id) => Number(/^CVE-2025-(\d+)$/.exec(id)?.[1] ?? -1) - 100_000,
    },
    exposures: {
      length: machines * per,
      at: (slot) => exposure(slot, changes(slot)),
      indexOf: (id) => {
        const first = indexIn(id.slice(0, 8), machines, (index) => id.startsWith(`${device(index).machineId}_`)) * per;
        for (let slot = first; first >= 0 && slot < first + per; slot++)
          if (exposure(slot, changes(slot))['id'] === id) return slot;
        return -1;
      },
      changesSince,
    },
    churn: () => void rounds.push(clock().getTime()),
  };
}

function indexIn(hex: string, length: number, isIt: (index: number) => boolean): number {
  const index = Number.parseInt(hex, 16);
  return index < length && isIt(index) ? index : -1;
}
