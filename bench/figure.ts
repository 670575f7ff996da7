/** One line of output. `reference` was measured in the same run, in the same unit. */
export interface Figure {
  readonly bench: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly reference?: number;
  /** Of the value to the reference. */
  readonly ratio?: number;
  /** What is asked for, as in ">= 0.5"; absent where nothing is. */
  readonly bar?: string;
  readonly holds?: boolean;
  readonly note?: string;
  /** Single measurements behind the value. */
  readonly samples?: readonly number[];
}

export function print(figure: Figure): void {
  const rounded = JSON.stringify(figure, (_, value: unknown) => (typeof value === 'number' ? round(value) : value));
  process.stdout.write(`${rounded}\n`);
}

/** Four significant digits; whole numbers above that. */
function round(value: number): number {
  return Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(4));
}

/** The smallest value that at least `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[middle - 1] ?? NaN, sorted[middle] ?? NaN];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
