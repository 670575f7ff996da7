import { randomUUID } from 'node:crypto';
import type { SourceAlert } from '../domain/alerts/alert-source.js';
import { parseAlert } from '../microsoft/alert-parser.js';
import { createAlertGenerator } from '../sandbox/cloud/alert-generator.js';
import { sandboxTenants } from '../sandbox/cloud/tenants.js';

export type MakeAlert = () => SourceAlert;

/**
 * Different alerts as Graph sends them: the sandbox's scenarios in turn, evidence and all. Every alert names a device; with
 * `ownDevice` each one its own, else the thousand devices of a company come in turn.
 */
export function alertMaker(seed: number, ownDevice = false): MakeAlert {
  const generator = createAlertGenerator(sandboxTenants[0], seed);
  let count = 0;
  return () => {
    const parsed = parseAlert(generator.next(new Date()), 'generated');
    if ('why' in parsed) throw new Error(parsed.why);
    count += 1;
    const name = ownDevice ? randomUUID() : `${seed}-${count % 1_000}`;
    const device = { ...blankDevice, name: `pc-${count % 1_000}`, microsoftDeviceId: `bench-${name}` };
    return { ...parsed, status: 'new', microsoftAlertId: `da${randomUUID()}`, device };
  };
}

const blankDevice = {
  microsoftDeviceId: null,
  aadDeviceId: null,
  operatingSystem: 'Windows11',
  osVersion: null,
  risk: 'medium',
  health: 'active',
  onboarding: 'onboarded',
};

/** The same alerts, read again `seconds` after they changed at Microsoft. */
export function changedAgain(alerts: readonly SourceAlert[], seconds: number): SourceAlert[] {
  return alerts.map((alert) => {
    const moved = new Date(Date.parse(alert.lastUpdate) + seconds * 1_000).toISOString();
    return { ...alert, lastUpdate: moved, lastActivityAt: moved };
  });
}

export function batches<T>(count: number, size: number, make: () => T): T[][] {
  return Array.from({ length: count }, () => Array.from({ length: size }, make));
}
