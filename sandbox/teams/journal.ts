import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** An append-only file of JSON lines. A line that a crash tore is dropped when the file is read. */
export interface Journal {
  append(entry: unknown): void;
  close(): void;
}

export function readJournal(path: string): unknown[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').split('\n').filter(Boolean).flatMap(parseLine);
}

function parseLine(line: string): unknown[] {
  try {
    return [JSON.parse(line) as unknown];
  } catch {
    return [];
  }
}

/** Replaces the file by the given entries in one rename, then appends to it. */
export function startJournal(path: string, entries: Iterable<unknown>): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${path}.new`;
  writeFileSync(fresh, [...entries].map((entry) => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 });
  renameSync(fresh, path);
  const file = openSync(path, 'a', 0o600);
  let open = true;
  return {
    append: (entry) => {
      if (open) writeSync(file, `${JSON.stringify(entry)}\n`);
    },
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
}

export const noJournal: Journal = { append: () => undefined, close: () => undefined };
