import assert from 'node:assert/strict';
import { readAhead } from '../../../jobs/sync/ahead.js';

describe('reading pages ahead', () => {
  it('reads one page while the one before is worked on, and no further', async () => {
    const begun: number[] = [];
    async function* pages() {
      for (let n = 1; n <= 4; n += 1) {
        begun.push(n);
        yield Promise.resolve(n);
      }
    }
    const seen: number[] = [];
    for await (const page of readAhead(pages())) {
      await new Promise(setImmediate);
      seen.push(page);
      assert.deepEqual(begun, [1, 2, 3, 4].slice(0, page + 1));
    }
    assert.deepEqual(seen, [1, 2, 3, 4]);
  });

  it('hands on what came before a page that fails, then the fault', async () => {
    async function* pages() {
      yield 1;
      yield Promise.resolve(2);
      throw new Error('no third page');
    }
    const seen: number[] = [];
    const walk = async () => {
      for await (const page of readAhead(pages())) seen.push(page);
    };
    await assert.rejects(walk, /no third page/);
    assert.deepEqual(seen, [1, 2]);
  });

  it('ends the walk when nobody wants more of it, and lets a fault that nobody waits for go', async () => {
    let ended = false;
    async function* pages() {
      try {
        yield 1;
        await new Promise(setImmediate);
        throw new Error('nobody asked');
      } finally {
        ended = true;
      }
    }
    for await (const page of readAhead(pages())) if (page === 1) break;
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    assert.ok(ended);
  });
});
