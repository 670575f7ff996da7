import { isNew } from './desk.js';
import type { Desk } from './desk.js';
import { moveIntunePart, splitIntunePart, takeOver } from './intune-part.js';
import { defenderHasIt, intuneHasIt } from './mirror-device.js';
import type { MirrorDevice } from './mirror-device.js';

/**
 * Lets the records of each Entra id that was touched belong together by the rules, whatever the order in which they came: the
 * newest Defender record is the device and supersedes the others, and has what the newest Intune record says; older Intune
 * records stand for themselves. A device that neither has any more is gone.
 */
export function settle(desk: Desk, now: Date): void {
  const groups = new Map<string, MirrorDevice[]>();
  for (const row of desk.rows.values())
    if (row.aadDeviceId !== null && desk.touched.has(row.aadDeviceId))
      groups.set(row.aadDeviceId, [...(groups.get(row.aadDeviceId) ?? []), row]);
  for (const rows of groups.values()) settleDevice(desk, rows);
  for (const row of desk.rows.values()) row.goneAt = isGone(row) ? (row.goneAt ?? now) : null;
}

function isGone(row: MirrorDevice): boolean {
  return !defenderHasIt(row) && !intuneHasIt(row);
}

/** `rows` share an Entra id. What is only known from alerts neither supersedes nor is superseded: nothing says how old it is. */
function settleDevice(desk: Desk, rows: readonly MirrorDevice[]): void {
  const machines = rows.filter((row) => row.microsoftDeviceId !== null);
  const walked = machines.filter((row) => !row.isStub);
  const newest = first(walked.length > 0 ? walked : machines, compareMachines);
  const current = newest && giveIntunePart(desk, rows, newest);
  if (!current) onlyOneManaged(desk, rows);
  for (const row of machines) {
    const machine = row === newest ? current : row;
    if (machine) machine.supersededBy = row.isStub || row === newest ? null : (current?.id ?? null);
  }
}

/** Resolves to the row that stands for the machine then, which may be one that only Intune knew. */
function giveIntunePart(desk: Desk, rows: readonly MirrorDevice[], machine: MirrorDevice): MirrorDevice {
  const holder = onlyOneManaged(desk, rows);
  if (!holder || holder === machine) return machine;
  if (holder.microsoftDeviceId === null && isNew(desk, machine)) return takeOver(desk, machine, holder);
  moveIntunePart(desk, holder, machine);
  return machine;
}

/** The newest Intune record keeps the Entra id; the others stand for themselves without it. */
function onlyOneManaged(desk: Desk, rows: readonly MirrorDevice[]): MirrorDevice | undefined {
  const managed = rows.filter((row) => row.intuneDeviceId !== null);
  const holder = first(managed, compareManaged);
  for (const row of managed) {
    if (row === holder) continue;
    if (row.microsoftDeviceId === null) row.aadDeviceId = null;
    else splitIntunePart(desk, row, null);
  }
  return holder;
}

function first(
  rows: readonly MirrorDevice[],
  compare: (a: MirrorDevice, b: MirrorDevice) => number,
): MirrorDevice | undefined {
  return rows.toSorted(compare)[0];
}

/** Newest first: a record that Defender still lists, then by last seen, first seen and id. */
function compareMachines(a: MirrorDevice, b: MirrorDevice): number {
  return (
    Number(defenderHasIt(b)) - Number(defenderHasIt(a)) ||
    time(b.lastSeenAt) - time(a.lastSeenAt) ||
    time(b.firstSeenAt) - time(a.firstSeenAt) ||
    byText(b.microsoftDeviceId, a.microsoftDeviceId)
  );
}

/** Newest first, by the time of the last sync with Intune. */
function compareManaged(a: MirrorDevice, b: MirrorDevice): number {
  return (
    Number(intuneHasIt(b)) - Number(intuneHasIt(a)) ||
    time(b.verdict?.checkedAt ?? null) - time(a.verdict?.checkedAt ?? null) ||
    byText(b.intuneDeviceId, a.intuneDeviceId)
  );
}

/** Unknown is before everything. */
function time(at: Date | null): number {
  return at?.getTime() ?? Number.MIN_SAFE_INTEGER;
}

function byText(a: string | null, b: string | null): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
