import type { Trx } from '../../database/transaction.js';
import { moveVerdicts, saveVerdicts } from '../compliance/verdict-store.js';
import { absorbDevices } from './absorb-store.js';
import type { Desk } from './desk.js';
import type { MirrorDevice, Verdict } from './mirror-device.js';
import { freeIntuneIds, saveDevices } from './mirror-store.js';
import { refreshCards } from './stale-cards.js';

/** Writes what a merge changed, and nothing else. Resolves to the ids of the rows that it made or changed. */
export async function saveDesk(trx: Trx, desk: Desk): Promise<ReadonlySet<string>> {
  const changed = [...desk.rows.values()].filter((row) => isChanged(desk.before.get(row.id), row));
  await freeIntuneIds(trx, losersOfIntuneIds(desk));
  await saveDevices(
    trx,
    changed.filter((row) => factsOf(row) !== factsOf(desk.before.get(row.id))),
  );
  await saveAllVerdicts(trx, desk, changed);
  await absorbDevices(trx, desk.absorbed);
  await refreshCards(trx, desk);
  return new Set(changed.map((row) => row.id));
}

function isChanged(before: MirrorDevice | undefined, after: MirrorDevice): boolean {
  return !before || JSON.stringify(before) !== JSON.stringify(after);
}

/** All but the verdict, which has a table of its own. */
function factsOf(row: MirrorDevice | undefined): string | undefined {
  return row && JSON.stringify({ ...row, verdict: null });
}

function isSame(a: Verdict, b: Verdict | null | undefined): boolean {
  return a.id === b?.id && a.state === b.state && a.checkedAt.getTime() === b.checkedAt.getTime();
}

function losersOfIntuneIds({ before, rows }: Desk): string[] {
  return [...before.values()]
    .filter((row) => row.intuneDeviceId !== null && rows.get(row.id)?.intuneDeviceId !== row.intuneDeviceId)
    .map((row) => row.id);
}

async function saveAllVerdicts(trx: Trx, desk: Desk, changed: readonly MirrorDevice[]): Promise<void> {
  const placeOf = new Map([...desk.rows.values()].flatMap((row) => (row.verdict ? [[row.verdict.id, row.id]] : [])));
  const moved = new Map<string, string>();
  const removed: string[] = [];
  for (const { id, verdict } of desk.before.values()) {
    if (!verdict) continue;
    const place = placeOf.get(verdict.id);
    if (place === undefined) removed.push(verdict.id);
    else if (place !== id) moved.set(verdict.id, place);
  }
  await moveVerdicts(trx, moved, removed);
  await saveVerdicts(
    trx,
    changed.flatMap(({ id: deviceId, verdict }) =>
      verdict && !isSame(verdict, desk.before.get(deviceId)?.verdict) ? [{ ...verdict, deviceId }] : [],
    ),
  );
}
