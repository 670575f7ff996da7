import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const record = z.record(z.string(), z.unknown()).readonly();
const time = z.iso.datetime();

/** An alert as it stood after something happened to it; the last line of an id counts. */
const alertLine = z.object({
  kind: z.enum(['seed', 'raised', 'changed']),
  tenant: z.string(),
  alert: z.looseObject({ id: z.string() }).readonly(),
});
/** Members of a record that somebody changed; null when the record is gone. */
const recordLine = z.object({
  kind: z.literal('record'),
  tenant: z.string(),
  resource: z.enum(['machine', 'vulnerability', 'managedDevice']),
  id: z.string(),
  isNew: z.boolean(),
  changes: record.nullable(),
});
/** A vulnerability that appeared on a machine, or left it. */
const exposureLine = z.object({
  kind: z.literal('exposure'),
  tenant: z.string(),
  status: z.enum(['New', 'Fixed', 'Updated']),
  at: time,
  record,
});
/** A machine action as it was ordered, and again when it is cancelled. */
const actionLine = z.object({
  kind: z.literal('action'),
  tenant: z.string(),
  action: z.object({
    id: z.string(),
    machineId: z.string(),
    type: z.string(),
    scope: z.string().nullable(),
    requestor: z.string(),
    comment: z.string(),
    requestSource: z.enum(['PublicApi', 'Portal']),
    createdAt: time,
    fate: z.enum(['succeeds', 'fails', 'times_out', 'stuck']),
    errorHResult: z.number(),
    cancellation: z.object({ by: z.string(), comment: z.string(), at: time }).readonly().nullable(),
    /** Served as it is, but for its cancellation. */
    recorded: record.optional(),
  }),
});
/** A machine that was switched on or off. */
const powerLine = z.object({
  kind: z.literal('power'),
  tenant: z.string(),
  machineId: z.string(),
  at: time,
  isOnline: z.boolean(),
});

const stateLine = z.discriminatedUnion('kind', [alertLine, recordLine, exposureLine, actionLine, powerLine]);

export type AlertLine = Readonly<z.infer<typeof alertLine>>;
export type RecordLine = Readonly<z.infer<typeof recordLine>>;
export type ExposureLine = Readonly<z.infer<typeof exposureLine>>;
export type ActionLine = Readonly<z.infer<typeof actionLine>>;
export type PowerLine = Readonly<z.infer<typeof powerLine>>;
export type StateLine = AlertLine | RecordLine | ExposureLine | ActionLine | PowerLine;

/** What happened in the pretend cloud, one thing a line; without a file it is forgotten. */
export interface StateFile {
  /** What an earlier run left. */
  readonly lines: readonly StateLine[];
  /** All in one write. */
  append(lines: readonly StateLine[]): void;
}

/** Cuts off a line torn by a crash. Throws when a whole line is no record. */
export function openStateFile(file: string | undefined): StateFile {
  return {
    lines: file === undefined || !existsSync(file) ? [] : readLines(file),
    append: (lines) => {
      if (file === undefined || lines.length === 0) return;
      mkdirSync(dirname(file), { recursive: true });
      appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    },
  };
}

function readLines(file: string): readonly StateLine[] {
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

function parsedOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
