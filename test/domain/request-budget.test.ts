import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { openDatabase } from '../../database/pool.js';
import { createRequestBudget } from '../../domain/sync/budget-store.js';
import type { MicrosoftApi, RequestBudget } from '../../domain/sync/request-budget.js';
import { moveClock } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

interface Buckets {
  readonly minute_tokens: number;
  readonly hour_tokens: number | null;
}

describe('the budget of requests to Microsoft', () => {
  let t: TestDatabase;
  let budget: RequestBudget;
  let connection: { tenantId: string; entraTenantId: string };

  before(async () => {
    t = await testDatabase();
    budget = createRequestBudget(t.db);
  });
  after(() => t.drop());
  beforeEach(async () => {
    connection = await insertTenant(t.admin);
  });

  const bucket = (): Knex.QueryBuilder => t.admin('api_budgets').where({ tenant_id: connection.tenantId });
  /** Time that has passed, as the row sees it. */
  const passes = (seconds: number) =>
    bucket().update({ refilled_at: t.admin.raw(`refilled_at - ? * interval '1 second'`, [seconds]) });
  /** What is left, whatever the milliseconds of the test itself refilled. */
  const leave = (left: Partial<Buckets>) => bucket().update({ ...left, refilled_at: t.admin.raw('clock_timestamp()') });
  const take = (api: MicrosoftApi = 'defender', urgent = false) => budget(connection, api, urgent);

  async function takeUntilRefused(api: MicrosoftApi, urgent = false): Promise<number> {
    for (let taken = 0; ; taken += 1) if ((await take(api, urgent)) > 0) return taken;
  }

  it('lets so many requests go at once that a minute never sees more than Microsoft takes', async () => {
    for (const [api, capacity, limit] of [['graph_security', 50, 150] as const, ['defender', 40, 100] as const]) {
      const began = performance.now();
      const taken = await takeUntilRefused(api, true);
      const refilled = ((limit - capacity) / 60_000) * (performance.now() - began);
      assert.ok(taken >= capacity && taken <= capacity + refilled + 1, `${taken} of ${api}`);
    }
  });

  it('leaves the last of the minute to people who wait', async () => {
    const taken = await takeUntilRefused('defender');
    assert.ok(taken >= 30 && taken < 40, `${taken} of 40`);
    assert.equal(await take('defender', true), 0);
  });

  it('says how long it takes until there is a request again, and then there is', async () => {
    await take();
    await leave({ minute_tokens: -49 });
    const ms = await take();
    assert.ok(ms > 30_000 && ms <= 60_000, `${ms} ms for 60 of 60 a minute`);
    await passes(ms / 1000);
    assert.equal(await take(), 0);
  });

  it('leaves the last 200 of the hour to people who wait', async () => {
    await take();
    await leave({ minute_tokens: 40, hour_tokens: 151 });
    const ms = await take();
    assert.ok(ms > 120_000 && ms <= 180_000, `${ms} ms for 50 of 1,100 an hour`);
    assert.equal(await take('defender', true), 0);
    await leave({ minute_tokens: 40, hour_tokens: -50 });
    assert.ok((await take('defender', true)) > 0, 'the reserve ends too');
  });

  it('is one for each tenant and API', async () => {
    const other = await insertTenant(t.admin);
    for (const api of ['defender', 'graph_security', 'graph_intune'] as const) await take(api);
    await bucket().where({ api: 'defender' }).update({ minute_tokens: -1_000 });
    assert.ok((await take('defender')) > 0);
    assert.deepEqual([await take('graph_security'), await budget(other, 'defender', false)], [0, 0]);
  });

  it('does not heed the offset of the sandbox clock', async () => {
    await take();
    await leave({ minute_tokens: -1_000 });
    await moveClock(t.admin, '2 days');
    assert.ok((await take()) > 0);
    await moveClock(t.admin, '-2 days');
  });

  it('is shared by processes: two pools that take at the same time never take more than there is', async () => {
    const second = await openDatabase({ appUrl: t.urls.app, systemUrl: t.urls.system, name: 'avian-second' });
    try {
      const others = createRequestBudget(second);
      await take();
      await leave({ minute_tokens: 40, hour_tokens: 30 });
      const began = performance.now();
      const asked = Array.from({ length: 80 }, (_, n) => (n % 2 ? budget : others)(connection, 'defender', true));
      const granted = (await Promise.all(asked)).filter((ms) => ms === 0).length;
      const refilled = (1_100 / 3_600_000) * (performance.now() - began);
      assert.ok(granted >= 30 && granted <= 30 + refilled + 1, `${granted} of 30`);
    } finally {
      await second.close();
    }
  });

  it('a first request by many at once makes one bucket', async () => {
    await Promise.all(Array.from({ length: 8 }, () => take('graph_intune')));
    const left: unknown[] = await bucket().pluck('minute_tokens');
    assert.equal(left.length, 1);
    assert.ok(Number(left[0]) < 1_000);
  });

  it('law: in no span do more go than the bucket holds and the span refills; the hour keeps its reserve', async () => {
    const step = fc.record({
      after: fc.constantFrom(0, 0, 1, 30, 120),
      urgent: fc.boolean(),
      times: fc.integer({ min: 1, max: 70 }),
    });
    const law = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
      connection = await insertTenant(t.admin);
      await take();
      await leave({ minute_tokens: 40, hour_tokens: 240 });
      const began = performance.now();
      let passed = 0;
      const granted: { at: number; urgent: boolean }[] = [];
      for (const { after, urgent, times } of steps) {
        await passes(after);
        passed += after;
        for (let n = 0; n < times; n += 1)
          if ((await take('defender', urgent)) === 0)
            granted.push({ at: passed + (performance.now() - began) / 1000, urgent });
      }
      for (const [from, first] of granted.entries())
        for (const [to, last] of granted.entries()) {
          if (to < from) continue;
          assert.ok(to - from + 1 <= 40 + (last.at - first.at) * (60 / 60) + 1, 'of the minute');
        }
      const span = granted.at(-1)?.at ?? 0;
      const hourly = span * (1100 / 3600) + 1;
      assert.ok(granted.length <= 240 + hourly, 'of the hour');
      assert.ok(granted.filter((one) => !one.urgent).length <= 40 + hourly, 'of the reserve');
    });
    await fc.assert(law, { numRuns: 12 });
  });
});
