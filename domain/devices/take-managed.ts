import { randomUUID } from 'node:crypto';
import { storable, storableOrNull } from '../text.js';
import { addRow, touch } from './desk.js';
import type { Desk } from './desk.js';
import type { SourceManagedDevice } from './device-source.js';
import { splitIntunePart } from './intune-part.js';
import { defenderHasIt, moment } from './mirror-device.js';
import type { IntunePart, MirrorDevice, Verdict } from './mirror-device.js';

/**
 * What Intune says of a device goes to its row, found by Intune's id; settle() then unites it with the Defender record of the
 * same Entra id. Defender knows name, system and last sight better, so these are taken only while it does not have the machine.
 */
export function takeManaged(desk: Desk, device: SourceManagedDevice, startedAt: Date): void {
  const row = rowOf(desk, device);
  Object.assign(row, intunePart(device, row, startedAt));
  if (!defenderHasIt(row)) Object.assign(row, ownFacts(device, row));
  else row.name ??= storableOrNull(device.name, 255);
}

function rowOf(desk: Desk, { intuneDeviceId, aadDeviceId: sent }: SourceManagedDevice): MirrorDevice {
  const known = desk.byIntuneId.get(intuneDeviceId);
  const aadDeviceId = sent ?? known?.aadDeviceId ?? null;
  touch(desk, aadDeviceId);
  if (!known) return addRow(desk, { intuneDeviceId, aadDeviceId });
  if (known.aadDeviceId === aadDeviceId) return known;
  if (known.microsoftDeviceId !== null) return splitIntunePart(desk, known, aadDeviceId);
  known.aadDeviceId = aadDeviceId;
  return known;
}

function intunePart(device: SourceManagedDevice, row: MirrorDevice, startedAt: Date): IntunePart {
  return {
    intuneDeviceId: device.intuneDeviceId,
    serialNumber: storableOrNull(device.serialNumber, 255),
    primaryUser: storableOrNull(device.primaryUser, 255),
    compliance: storableOrNull(device.compliance, 50),
    enrollment: storableOrNull(device.enrollment, 50),
    intuneMissedSyncs: 0,
    verdict: verdictOf(device, row.verdict, startedAt),
  };
}

function verdictOf(device: SourceManagedDevice, known: Verdict | null, startedAt: Date): Verdict {
  return {
    id: known?.id ?? randomUUID(),
    state: storable(device.compliance ?? 'unknown', 50),
    checkedAt: checkedAt(device.lastSyncAt, known, startedAt),
  };
}

/** When Intune heard of the device last, never in the future; as long as it does not say, when we first heard of it. */
function checkedAt(lastSyncAt: string | null, known: Verdict | null, startedAt: Date): Date {
  if (lastSyncAt === null) return known?.checkedAt ?? startedAt;
  return new Date(Math.min(moment(lastSyncAt).getTime(), startedAt.getTime()));
}

function ownFacts(device: SourceManagedDevice, row: MirrorDevice): Partial<MirrorDevice> {
  return {
    name: storableOrNull(device.name, 255) ?? row.name,
    operatingSystem: storableOrNull(device.operatingSystem, 100) ?? row.operatingSystem,
    osVersion: storableOrNull(device.osVersion, 100) ?? row.osVersion,
    lastSeenAt: device.lastSyncAt === null ? row.lastSeenAt : moment(device.lastSyncAt),
  };
}
