import { median, print } from './figure.js';
import type { SyncAnswer } from './sync-process.js';
import type { ReferenceAnswer } from './sync-reference-process.js';

const bench = 'sync';
const megabyte = 1_048_576;

export interface Measured {
  readonly first: SyncAnswer;
  readonly second: SyncAnswer;
  readonly reference: ReferenceAnswer;
}

const total = ({ spent }: SyncAnswer) => Object.values(spent).reduce((sum, ms) => sum + ms, 0) / 1_000;
const bare = ({ readMs, loadMs }: ReferenceAnswer) => (readMs + loadMs) / 1_000;

export function report(measured: readonly Measured[], flat: Measured | undefined): void {
  const ratios = measured.map(({ first, reference }) => total(first) / bare(reference));
  const ratio = median(ratios);
  print({
    bench,
    figure: 'first sync of 10,000 machines and managed devices, 100,000 vulnerabilities of devices, 10,000 alerts',
    value: median(measured.map(({ first }) => total(first))),
    unit: 's',
    reference: median(measured.map(({ reference }) => bare(reference))),
    ratio,
    bar: '<= 2',
    holds: ratio <= 2,
    note: notes(measured),
    samples: ratios,
  });
  const seconds = measured.map(({ first, second }) => total(second) / total(first));
  const value = median(measured.map(({ second }) => total(second)));
  print({ bench, figure: 'second sync, 1 % changed', value, unit: 's', ratio: median(seconds), samples: seconds });
  for (const source of ['devices', 'compliance', 'vulnerabilities', 'alerts'] as const) {
    const of = (answer: SyncAnswer) => answer.spent[source] / 1_000;
    const note = `second sync ${median(measured.map(({ second }) => of(second))).toFixed(2)} s`;
    print({ bench, figure: source, value: median(measured.map(({ first }) => of(first))), unit: 's', note });
  }
  const posture = median(measured.map(({ first }) => first.postureMs));
  print({ bench, figure: 'posture computed and stored', value: posture, unit: 'ms' });
  reportMemory(measured, flat);
}

function notes(measured: readonly Measured[]): string {
  const part = (of: (reference: ReferenceAnswer) => number) => median(measured.map(({ reference }) => of(reference)));
  const [read, load] = [part(({ readMs }) => readMs), part(({ loadMs }) => loadMs)];
  const rows = part((reference) => reference.rows);
  return `reference: reading ${Math.round(read)} ms, loading ${rows} rows ${Math.round(load)} ms; median of ${measured.length} pairs`;
}

/** Flat: twice as much needs no more than a tenth more. */
function reportMemory(measured: readonly Measured[], flat: Measured | undefined): void {
  const samples = measured.map(({ first }) => first.peak / megabyte);
  const value = Math.max(...samples);
  print({ bench, figure: 'most resident, first sync', value, unit: 'MB', bar: '<= 300', holds: value <= 300, samples });
  if (!flat) return;
  const double = flat.first.peak / megabyte;
  const ratio = double / median(samples);
  const figure = 'most resident, twice the size';
  const note = `took ${total(flat.first).toFixed(1)} s, its reference ${bare(flat.reference).toFixed(1)} s`;
  print({
    bench,
    figure,
    value: double,
    unit: 'MB',
    ratio,
    bar: '<= 300, ratio <= 1.1',
    holds: double <= 300 && ratio <= 1.1,
    note,
  });
}

export function printEverything(answer: SyncAnswer): void {
  const note = `all 10,000 alerts become cards: ${(answer.spent.alerts / 1_000).toFixed(1)} s of it`;
  print({ bench, figure: 'first sync in which every alert is opened', value: total(answer), unit: 's', note });
}
