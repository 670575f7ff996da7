import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { GraphAlert } from './tenants.js';

/** One line of the file: an alert as it stood after something happened to it; the last line of an id counts. */
export interface StateLine {
  readonly kind: 'seed' | 'raised' | 'changed';
  readonly tenant: string;
  readonly alert: GraphAlert;
}

const stateLine = z.object({
  kind: z.enum(['seed', 'raised', 'changed']),
  tenant: z.string(),
  alert: z.looseObject({ id: z.string() }),
});

/** Reads what an earlier run left and cuts off a line torn by a crash. Throws when a whole line is no record. */
export function readState(file: string | undefined): readonly StateLine[] {
  if (file === undefined || !existsSync(file)) return [];
  const bytes = readFileSync(file);
  const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
  if (whole.length < bytes.length) truncateSync(file, whole.length);
  const lines = whole.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line, index) => {
    const parsed = stateLine.safeParse(parsedOrNull(line));
    if (parsed.success) return parsed.data;
    throw new Error(`${file}, line ${index + 1}: not a record of the sandbox. Delete the file to start afresh.`);
  });
}

/** Appends lines, all in one write. */
export function appendState(file: string | undefined, lines: readonly StateLine[]): void {
  if (file === undefined || lines.length === 0) return;
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

function parsedOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
