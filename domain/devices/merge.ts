import type { Trx } from '../../database/transaction.js';
import { noteSeen } from '../sync/seen-store.js';
import { openDesk, touch } from './desk.js';
import type { Desk } from './desk.js';
import type { SourceMachine, SourceManagedDevice } from './device-source.js';
import { mergeAlone } from './merge-lock.js';
import type { MirrorDevice } from './mirror-device.js';
import { findDevices } from './mirror-store.js';
import type { SoughtIds } from './mirror-store.js';
import { saveDesk } from './save-desk.js';
import { settle } from './settle.js';
import { takeMachine } from './take-machine.js';
import { takeManaged } from './take-managed.js';

/** What became of the records of a batch; the three add up to them. */
export interface MergeCounts {
  readonly new: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** A run that walks over all devices. */
export interface WalkRun {
  readonly runId: string;
  readonly startedAt: Date;
}

/** Takes machines as Defender reports them, in the caller's transaction; batches of a thousand are best. */
export async function mergeMachines(trx: Trx, run: WalkRun, machines: readonly SourceMachine[]): Promise<MergeCounts> {
  const microsoftIds = [...new Set(machines.map((machine) => machine.microsoftDeviceId))];
  const desk = await deskOf(trx, { microsoftIds, aadIds: known(machines.map((machine) => machine.aadDeviceId)) });
  for (const machine of machines) takeMachine(desk, machine);
  settle(desk, trx.now);
  const changed = await saveDesk(trx, desk);
  const rows = microsoftIds.flatMap((id) => desk.byMicrosoftId.get(id) ?? []);
  await noteSeen(trx, run.runId, rows.map(idOf));
  const before = new Set([...desk.before.values()].map((row) => row.microsoftDeviceId));
  return count(machines.length, rows, (row) => before.has(row.microsoftDeviceId), changed);
}

/** Takes devices as Intune reports them, in the same way. */
export async function mergeManaged(
  trx: Trx,
  run: WalkRun,
  devices: readonly SourceManagedDevice[],
): Promise<MergeCounts> {
  const intuneIds = [...new Set(devices.map((device) => device.intuneDeviceId))];
  const desk = await deskOf(trx, { intuneIds, aadIds: known(devices.map((device) => device.aadDeviceId)) });
  for (const device of devices) takeManaged(desk, device, run.startedAt);
  settle(desk, trx.now);
  const changed = await saveDesk(trx, desk);
  const rows = intuneIds.flatMap((id) => desk.byIntuneId.get(id) ?? []);
  // A record that an other one of this page displaced may have been met by an earlier page, under the row it had then.
  const displaced = [...desk.rows.values()].filter((row) => row.intuneDeviceId !== null && !desk.before.has(row.id));
  await noteSeen(trx, run.runId, [...new Set([...rows, ...displaced].map(idOf))]);
  const before = new Set([...desk.before.values()].map((row) => row.intuneDeviceId));
  return count(devices.length, rows, (row) => before.has(row.intuneDeviceId), changed);
}

/** Settles anew what belongs to these Entra ids, because something about their devices changed elsewhere. */
export async function settleAnew(trx: Trx, aadIds: readonly string[]): Promise<void> {
  if (aadIds.length === 0) return;
  const desk = await deskOf(trx, { aadIds });
  for (const aadId of aadIds) touch(desk, aadId);
  settle(desk, trx.now);
  await saveDesk(trx, desk);
}

/** Everything that shares an id with the records, and what shares an Entra id with that: it may be left alone now. */
async function deskOf(trx: Trx, sought: SoughtIds): Promise<Desk> {
  await mergeAlone(trx);
  const found = await findDevices(trx, sought);
  const asked = new Set(sought.aadIds);
  const others = known(found.map((row) => row.aadDeviceId)).filter((aadId) => !asked.has(aadId));
  const more = others.length === 0 ? [] : await findDevices(trx, { aadIds: others });
  return openDesk([...new Map([...found, ...more].map((row) => [row.id, row])).values()]);
}

function known(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id) => id !== null))];
}

function idOf({ id }: MirrorDevice): string {
  return id;
}

/** A record that comes twice in a batch is unchanged the second time. */
function count(
  records: number,
  rows: readonly MirrorDevice[],
  wasKnown: (row: MirrorDevice) => boolean,
  changed: ReadonlySet<string>,
): MergeCounts {
  const made = rows.filter((row) => !wasKnown(row)).length;
  const altered = rows.filter((row) => wasKnown(row) && changed.has(row.id)).length;
  return { new: made, changed: altered, unchanged: records - made - altered };
}
