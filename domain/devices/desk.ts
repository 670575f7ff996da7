import { randomUUID } from 'node:crypto';
import { noDefender, noIntune } from './mirror-device.js';
import type { MirrorDevice } from './mirror-device.js';

/** The devices of one merge as they were and as they become: all that share an id with a record of the page. */
export interface Desk {
  readonly before: ReadonlyMap<string, MirrorDevice>;
  readonly rows: Map<string, MirrorDevice>;
  readonly byMicrosoftId: Map<string, MirrorDevice>;
  readonly byIntuneId: Map<string, MirrorDevice>;
  /** Entra ids whose records may belong together in another way than before. */
  readonly touched: Set<string>;
  /** Rows that end because another one is the same device: what points at them points at that one then. */
  readonly absorbed: Map<string, string>;
}

export function openDesk(found: readonly MirrorDevice[]): Desk {
  const rows = found.map((row) => ({ ...row }));
  return {
    before: new Map(found.map((row) => [row.id, row])),
    rows: new Map(rows.map((row) => [row.id, row])),
    byMicrosoftId: indexBy(rows, (row) => row.microsoftDeviceId),
    byIntuneId: indexBy(rows, (row) => row.intuneDeviceId),
    touched: new Set(),
    absorbed: new Map(),
  };
}

function indexBy(rows: readonly MirrorDevice[], idOf: (row: MirrorDevice) => string | null): Map<string, MirrorDevice> {
  return new Map(
    rows.flatMap((row) => {
      const id = idOf(row);
      return id === null ? [] : [[id, row]];
    }),
  );
}

/** A device that nobody knew. */
export function addRow(desk: Desk, given: Partial<MirrorDevice>): MirrorDevice {
  const facts = {
    aadDeviceId: null,
    name: null,
    operatingSystem: null,
    osVersion: null,
    lastSeenAt: null,
    goneAt: null,
  };
  const row: MirrorDevice = { ...noDefender, ...noIntune, ...facts, ...given, id: randomUUID() };
  desk.rows.set(row.id, row);
  if (row.microsoftDeviceId !== null) desk.byMicrosoftId.set(row.microsoftDeviceId, row);
  if (row.intuneDeviceId !== null) desk.byIntuneId.set(row.intuneDeviceId, row);
  return row;
}

export function isNew(desk: Desk, row: MirrorDevice): boolean {
  return !desk.before.has(row.id);
}

export function touch(desk: Desk, aadDeviceId: string | null): void {
  if (aadDeviceId !== null) desk.touched.add(aadDeviceId);
}
