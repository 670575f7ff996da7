import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backOffMs } from '../../../jobs/back-off.js';
import { budget, memory, teamsLimits, waitFor } from '../../../jobs/delivery/limits.js';
import { createTenantPace } from '../../../jobs/delivery/tenant-pace.js';

describe('the limits of a conversation', () => {
  it('are kept at nine tenths of what Teams documents', () => {
    const budgets = teamsLimits.windows.map((window) => budget(window, teamsLimits.share));
    assert.deepEqual(budgets, [6, 7, 54, 1_620]);
    assert.deepEqual(memory(teamsLimits), { ms: 3_600_000, requests: 1_620 });
  });

  it('let the first requests pass and then make the next one wait for the oldest', () => {
    const sent = [0, 100, 200, 300, 400, 500];
    assert.equal(waitFor(sent.slice(0, 5), 500, teamsLimits), 0);
    assert.equal(waitFor(sent, 500, teamsLimits), 500);
    assert.equal(waitFor(sent, 1_000, teamsLimits), 0);
  });

  it('are never broken where the requests arrive, however long each of them takes', () => {
    const latency = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 2_500 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(latency, latency), { minLength: 60, maxLength: 200 }), (requests) => {
        const sent: number[] = [];
        const arrived: number[] = [];
        let now = 0;
        for (const [there, back] of requests) {
          now += waitFor(sent, now, teamsLimits);
          sent.push(now);
          arrived.push(now + there);
          now += there + back;
        }
        for (const { ms, max } of teamsLimits.windows) {
          arrived.forEach((at, n) => {
            const before = arrived[n - max];
            assert.ok(before === undefined || at - before >= ms, `${max + 1} within ${ms} ms`);
          });
        }
      }),
    );
  });
});

describe('the pace of an Entra tenant', () => {
  it('gives no more slots in any second than it may, and each tenant its own', () => {
    const pace = createTenantPace({ ms: 1_000, max: 45 });
    const taken: number[] = [];
    for (let now = 0; now < 5_000; now += 7) if (pace.take('one', now) === 0) taken.push(now);
    taken.forEach((at, n) => assert.ok(n < 45 || at - (taken[n - 45] ?? 0) >= 1_000));
    assert.ok(taken.length >= 5 * 44);
    assert.equal(pace.take('other', 5_000), 0);
  });

  it('says how long to wait', () => {
    const pace = createTenantPace({ ms: 1_000, max: 1 });
    assert.deepEqual([pace.take('one', 0), pace.take('one', 400), pace.take('one', 1_000)], [0, 600, 0]);
  });
});

describe('back-off', () => {
  it('doubles with every failure, has jitter and an end', () => {
    const options = { baseMs: 1_000, capMs: 300_000 };
    const least = [1, 2, 3, 20].map((failures) => backOffMs(failures, options, () => 0));
    const most = [1, 2, 3, 20].map((failures) => backOffMs(failures, options, () => 1));
    assert.deepEqual(least, [500, 1_000, 2_000, 150_000]);
    assert.deepEqual(most, [1_000, 2_000, 4_000, 300_000]);
  });
});
