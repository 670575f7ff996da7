import assert from 'node:assert/strict';
import { progressLog } from '../../../jobs/sync/progress.js';

describe('the progress of syncs in the log', () => {
  const following = () => {
    const lines: string[] = [];
    const time = { ms: 0 };
    const tell = progressLog({ info: (_fields: object, line?: string) => void lines.push(line ?? '') }, () => time.ms);
    const at = (ms: number, pages: number, read: number, runId = 'r1', tenantId = 't1') => {
      time.ms = ms;
      tell({ tenantId, source: 'vulnerabilities', runId, pages, read });
    };
    return { lines, at };
  };

  it('is told at most once in five seconds for each run, with its rate', () => {
    const { lines, at } = following();
    at(0, 0, 0);
    for (let ms = 500; ms <= 12_000; ms += 500) at(ms, ms / 1_000, ms * 8);
    assert.deepEqual(lines, [
      'reading vulnerabilities of t1: 5 pages, 40,000 records, 8,000/s',
      'reading vulnerabilities of t1: 10 pages, 80,000 records, 8,000/s',
    ]);
  });

  it('says nothing of quick runs, however many there are, and mixes none', () => {
    const { lines, at } = following();
    for (let run = 0; run < 10; run += 1)
      for (const ms of [0, 2_000, 4_000]) at(run * 10_000 + ms, 1, ms, `run ${run}`);
    assert.deepEqual(lines, []);
    at(200_000, 0, 0, 'a', 't1');
    at(200_000, 0, 0, 'b', 't2');
    at(206_000, 1, 60, 'b', 't2');
    assert.deepEqual(lines, ['reading vulnerabilities of t2: 1 page, 60 records, 10/s']);
  });
});
