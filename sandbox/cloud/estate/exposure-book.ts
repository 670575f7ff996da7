import type { ExposureLine } from '../state-file.js';
import type { MicrosoftRecord } from '../tenants.js';
import { zonelessMs } from './exposure-records.js';
import { createShelf } from './shelf.js';
import type { Rows, Shelf } from './shelf.js';

export interface ExposureChange {
  readonly status: ExposureLine['status'];
  /** Milliseconds. */
  readonly at: number;
  readonly record: MicrosoftRecord;
}

/** Rows that know by themselves what changed. */
export interface ExposureRows extends Rows {
  changesSince?(since: number): Iterable<ExposureChange>;
}

/** The vulnerabilities on the machines of one tenant, and their comings and goings. */
export interface ExposureBook extends Pick<Shelf, 'size' | 'page' | 'all' | 'find'> {
  /** Oldest first. */
  changesSince(since: number): Iterable<ExposureChange>;
  /** A record without its id, or with an id that is known, replaces or adds. */
  put(record: MicrosoftRecord & { readonly id: string }): void;
  fix(id: string): void;
}

export interface ExposureBookOptions {
  readonly base: ExposureRows;
  /** Changes that were recorded elsewhere, as in a folder. */
  readonly recorded: readonly ExposureChange[];
  readonly earlier: readonly ExposureChange[];
  readonly clock: () => Date;
  readonly keep: (change: ExposureChange) => void;
}

export function createExposureBook({ base, recorded, earlier, clock, keep }: ExposureBookOptions): ExposureBook {
  const shelf = createShelf(base);
  const changes = [...recorded];
  for (const change of earlier) apply(change);

  function apply(change: ExposureChange): void {
    const id = String(change.record['id']);
    if (change.status === 'Fixed') shelf.remove(id);
    else shelf.put(id, change.record);
    changes.push(change);
  }

  function happen(status: ExposureChange['status'], record: MicrosoftRecord): void {
    const change = { status, at: clock().getTime(), record };
    apply(change);
    keep(change);
  }

  function* changesSince(since: number): Generator<ExposureChange> {
    yield* base.changesSince ? base.changesSince(since) : foundSince(base, since);
    yield* changes.filter(({ at }) => at >= since).sort((a, b) => a.at - b.at);
  }

  return {
    get size() {
      return shelf.size;
    },
    page: (from, count) => shelf.page(from, count),
    all: () => shelf.all(),
    find: (id) => shelf.find(id),
    changesSince,
    put: (record) => happen(shelf.find(record.id) ? 'Updated' : 'New', record),
    fix: (id) => {
      const record = shelf.find(id);
      if (record) happen('Fixed', record);
    },
  };
}

function foundSince(base: Rows, since: number): ExposureChange[] {
  const found: ExposureChange[] = [];
  for (let index = 0; index < base.length; index++) {
    const record = base.at(index);
    const at = zonelessMs(record['firstSeenTimestamp']);
    if (at >= since) found.push({ status: 'New', at, record });
  }
  return found.sort((a, b) => a.at - b.at);
}
