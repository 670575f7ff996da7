import type { Observed } from './observe.js';

/** What became of the records of a batch; the four counts add up to the records. */
export interface IngestResult {
  /** Alerts made, recurrences of closed ones included. */
  readonly new: number;
  readonly repeated: number;
  readonly unchanged: number;
  /** Kept in the mirror only. */
  readonly mirrored: number;
  /** Ids of the alerts made. */
  readonly ids: readonly string[];
  /** Severity words that nobody knows, which counted as medium; for the log. */
  readonly unknownSeverities: readonly string[];
}

interface Counted {
  readonly sourceId: string;
  readonly seen: number;
}

export function toResult(
  records: number,
  counted: readonly Counted[],
  { verdicts, ids }: Observed,
  unknownSeverities: readonly string[],
): IngestResult {
  const sum = { repeated: 0, mirrored: 0, unchanged: records };
  for (const { sourceId, seen } of counted) {
    const verdict = verdicts.get(sourceId);
    sum.unchanged -= seen;
    if (verdict === 'mirrored') sum.mirrored += seen;
    else sum.repeated += verdict === 'counted' ? seen : seen - 1;
  }
  return { ...sum, new: ids.length, ids, unknownSeverities: [...new Set(unknownSeverities)] };
}
