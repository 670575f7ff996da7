import type { MicrosoftRecord } from '../tenants.js';

/** Records of one resource in a fixed order, made when they are asked for. */
export interface Rows {
  readonly length: number;
  /** 0 <= index < length. */
  at(index: number): MicrosoftRecord;
  /** -1 when there is none. */
  indexOf(id: string): number;
}

/** Records that are there already. Of two with one id the later counts; one without an id is served all the same. */
export function rowsOf(records: readonly MicrosoftRecord[]): Rows {
  const byId = new Map(records.map((record, index) => [idOf(record, index), record]));
  const [ids, values] = [[...byId.keys()], [...byId.values()]];
  const places = new Map(ids.map((id, index) => [id, index]));
  return {
    length: values.length,
    at: (index) => values[index] ?? {},
    indexOf: (id) => places.get(id) ?? -1,
  };
}

const idOf = (record: MicrosoftRecord, index: number) =>
  typeof record['id'] === 'string' && record['id'] !== '' ? record['id'] : `#${index}`;

/** Rows, and what people did to them. */
export interface Shelf {
  readonly size: number;
  page(from: number, count: number): MicrosoftRecord[];
  all(): Iterable<MicrosoftRecord>;
  find(id: string): MicrosoftRecord | undefined;
  /** A record that is there is changed, another one is added. */
  put(id: string, changes: MicrosoftRecord): void;
  remove(id: string): void;
}

export function createShelf(base: Rows): Shelf {
  const changed = new Map<string, MicrosoftRecord>();
  const added = new Map<string, MicrosoftRecord>();
  const gone = new Set<number>();

  const baseAt = (index: number): MicrosoftRecord => {
    const record = base.at(index);
    const changes = changed.size === 0 ? undefined : changed.get(idOf(record, index));
    return changes ? { ...record, ...changes } : record;
  };

  function* all(): Generator<MicrosoftRecord> {
    for (let index = 0; index < base.length; index++) if (!gone.has(index)) yield baseAt(index);
    yield* added.values();
  }

  function page(from: number, count: number): MicrosoftRecord[] {
    if (gone.size > 0) return [...all()].slice(from, from + count);
    const own = Math.max(0, Math.min(base.length, from + count) - from);
    const rows = Array.from({ length: own }, (_, index) => baseAt(from + index));
    const start = Math.max(0, from - base.length);
    return [...rows, ...[...added.values()].slice(start, start + count - own)];
  }

  const placeOf = (id: string) => {
    const index = base.indexOf(id);
    return gone.has(index) ? -1 : index;
  };

  return {
    get size() {
      return base.length - gone.size + added.size;
    },
    page,
    all,
    find: (id) => {
      const index = placeOf(id);
      return index === -1 ? added.get(id) : baseAt(index);
    },
    put: (id, changes) => {
      if (placeOf(id) === -1) added.set(id, { ...added.get(id), ...changes, id });
      else changed.set(id, { ...changed.get(id), ...changes });
    },
    remove: (id) => {
      const index = placeOf(id);
      changed.delete(id);
      if (index === -1) added.delete(id);
      else gone.add(index);
    },
  };
}
