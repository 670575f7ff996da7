import { cardAction } from './card-action.js';
import { coldStart } from './cold-start.js';
import { delivery } from './delivery.js';
import { ingestNew, ingestRepeats } from './ingest.js';
import { memory } from './memory.js';
import { queue } from './queue.js';
import { sync } from './sync.js';

export interface BenchOptions {
  /** The sizes of the specification where the default is smaller. */
  readonly isFull: boolean;
}

export const benchmarks: ReadonlyMap<string, (options: BenchOptions) => Promise<void>> = new Map([
  ['ingest-new', ingestNew],
  ['ingest-repeats', ingestRepeats],
  ['card-action', cardAction],
  ['delivery', delivery],
  ['memory', memory],
  ['cold-start', coldStart],
  ['queue', queue],
  ['sync', sync],
]);
