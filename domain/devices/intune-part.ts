import { addRow, isNew, touch } from './desk.js';
import type { Desk } from './desk.js';
import { intuneHasIt, intunePartOf, noIntune } from './mirror-device.js';
import type { MirrorDevice } from './mirror-device.js';

/** The Intune record of a Defender device turns out to be another device, which stands for itself from now on. */
export function splitIntunePart(desk: Desk, from: MirrorDevice, aadDeviceId: string | null): MirrorDevice {
  const { name, operatingSystem, osVersion } = from;
  const row = addRow(desk, { ...intunePartOf(from), name, operatingSystem, osVersion, aadDeviceId });
  Object.assign(from, noIntune);
  touch(desk, aadDeviceId);
  return row;
}

/** `to` is the device that Intune speaks of; a row that only Intune knew ends with that. */
export function moveIntunePart(desk: Desk, from: MirrorDevice, to: MirrorDevice): void {
  const part = intuneHasIt(from) ? intunePartOf(from) : noIntune;
  if (from.intuneDeviceId !== null) desk.byIntuneId.delete(from.intuneDeviceId);
  Object.assign(to, part);
  Object.assign(from, noIntune);
  if (part.intuneDeviceId !== null) desk.byIntuneId.set(part.intuneDeviceId, to);
  if (from.microsoftDeviceId !== null) return;
  to.name ??= from.name;
  desk.rows.delete(from.id);
  if (!isNew(desk, from)) desk.absorbed.set(from.id, to.id);
}

/** A machine that is new to us is a device that only Intune knew: that row goes on, and what points at it stays right. */
export function takeOver(desk: Desk, machine: MirrorDevice, row: MirrorDevice): MirrorDevice {
  const part = intuneHasIt(row) ? intunePartOf(row) : noIntune;
  if (row.intuneDeviceId !== null && part.intuneDeviceId === null) desk.byIntuneId.delete(row.intuneDeviceId);
  Object.assign(row, { ...machine, ...part, id: row.id, name: machine.name ?? row.name });
  desk.rows.delete(machine.id);
  if (row.microsoftDeviceId !== null) desk.byMicrosoftId.set(row.microsoftDeviceId, row);
  return row;
}
