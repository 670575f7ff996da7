import { loadavg } from 'node:os';
import { benchmarks } from './benchmarks.js';
import { print } from './figure.js';

const [name, ...flags] = process.argv.slice(2).sort((a, b) => Number(a.startsWith('--')) - Number(b.startsWith('--')));
const wanted = name === undefined || name.startsWith('--') ? [...benchmarks.keys()] : [name];
const isFull = [name, ...flags].includes('--full');

for (const one of wanted) {
  const run = benchmarks.get(one);
  if (!run) {
    process.stderr.write(`There is no benchmark ${one}. There are: ${[...benchmarks.keys()].join(', ')}.\n`);
    process.exit(1);
  }
  print({ bench: one, figure: 'load average before', value: loadavg()[0] ?? 0, unit: 'processes' });
  await run({ isFull });
}
process.exit(0);
