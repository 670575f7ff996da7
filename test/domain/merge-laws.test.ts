import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { inTenant } from '../../database/transaction.js';
import { ingestEdrAlerts } from '../../domain/alerts/ingest/ingest-edr.js';
import type { SourceMachine, SourceManagedDevice } from '../../domain/devices/device-source.js';
import { mergeMachines, mergeManaged } from '../../domain/devices/merge.js';
import { beginRun } from '../../domain/sync/run-store.js';
import { guid, machine, machineId, managed, mirrorOf } from '../jobs/sync/device-records.js';
import { sourceAlert, sourceDevice } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import { until } from '../helpers/until.js';
import type { TestDatabase } from '../helpers/database.js';

type Page =
  | { readonly kind: 'machines'; readonly items: readonly SourceMachine[] }
  | { readonly kind: 'managed'; readonly items: readonly SourceManagedDevice[] }
  | { readonly kind: 'alert'; readonly item: SourceMachine };

/** Few Entra ids for many records, so that they meet. */
const aad = fc.option(fc.constantFrom(guid('a'), guid('b'), guid('c')), { nil: null });
const day = fc.option(fc.constantFrom('2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'), {
  nil: null,
});
const records = fc.record({
  machines: fc.array(fc.record({ aad, seen: day, first: day }), { minLength: 1, maxLength: 6 }),
  managed: fc.array(fc.record({ aad, synced: day.filter((at) => at !== null) }), { maxLength: 6 }),
});

const machinesOf = (given: { aad: string | null; seen: string | null; first: string | null }[]) =>
  given.map((one, n) => machine(`m${n}`, { aadDeviceId: one.aad, lastSeenAt: one.seen, firstSeenAt: one.first }));
const managedOf = (given: { aad: string | null; synced: string | null }[]) =>
  given.map((one, n) =>
    managed(`i${n}`, {
      aadDeviceId: one.aad,
      lastSyncAt: one.synced,
      compliance: n % 2 ? 'compliant' : 'noncompliant',
    }),
  );

/** In any order and cut anywhere; an alert may name a machine before or after it is read. */
const pagesOf = (machines: readonly SourceMachine[], devices: readonly SourceManagedDevice[]) =>
  fc
    .record({
      machines: fc.shuffledSubarray([...machines], { minLength: machines.length }),
      managed: fc.shuffledSubarray([...devices], { minLength: devices.length }),
      named: fc.subarray([...machines]),
      size: fc.integer({ min: 1, max: 4 }),
    })
    .chain((given) => {
      const pages: Page[] = [
        ...cut(given.machines, given.size).map((items) => ({ kind: 'machines', items }) as const),
        ...cut(given.managed, given.size).map((items) => ({ kind: 'managed', items }) as const),
        ...given.named.map((item) => ({ kind: 'alert', item }) as const),
      ];
      return fc.shuffledSubarray(pages, { minLength: pages.length });
    });

function cut<Item>(items: readonly Item[], size: number): Item[][] {
  return items.length === 0 ? [] : [items.slice(0, size), ...cut(items.slice(size), size)];
}

describe('the laws of merging devices', () => {
  let t: TestDatabase;
  before(async () => {
    t = await testDatabase();
  });
  after(() => t.drop());

  async function take(tenantId: string, pages: readonly Page[]): Promise<void> {
    for (const page of pages) await takePage(tenantId, page);
  }

  /** `meanwhile`: before the page is committed. */
  async function takePage(tenantId: string, page: Page, meanwhile?: () => Promise<void>): Promise<void> {
    await inTenant(t.db, tenantId, async (trx) => {
      if (page.kind === 'alert') {
        const { microsoftDeviceId, aadDeviceId } = page.item;
        const alert = sourceAlert({ device: sourceDevice({ microsoftDeviceId, aadDeviceId }) });
        await ingestEdrAlerts(trx, [alert], { firstSync: false, takeEverything: false });
      } else {
        const { id: runId, startedAt } = await beginRun(
          trx,
          page.kind === 'managed' ? 'compliance' : 'devices',
          'full',
        );
        const run = { runId, startedAt };
        await (page.kind === 'managed' ? mergeManaged(trx, run, page.items) : mergeMachines(trx, run, page.items));
      }
      await meanwhile?.();
    });
  }

  /** What an alert said of a machine is replaced by what Defender says, and what only Intune says by the next walk. */
  const mirror = async (tenantId: string) => {
    const rows = await mirrorOf(t.admin, tenantId);
    return rows.map(({ tags: _tags, ...row }) => row);
  };

  it('any order of pages, syncs and alerts ends in the same mirror', async () => {
    const given = records.chain(({ machines, managed: devices }) => {
      const [all, known] = [machinesOf(machines), managedOf(devices)];
      return fc.record({
        one: pagesOf(all, known),
        other: pagesOf(all, known),
        machines: fc.constant(all),
        managed: fc.constant(known),
      });
    });
    const law = fc.asyncProperty(given, async ({ one, other, machines, managed: devices }) => {
      const again: Page[] = [{ kind: 'managed', items: devices }];
      const [left, right, straight] = [
        await insertTenant(t.admin),
        await insertTenant(t.admin),
        await insertTenant(t.admin),
      ];
      await take(left.tenantId, [...one, ...again]);
      await take(right.tenantId, [...other, ...again]);
      await take(straight.tenantId, [{ kind: 'machines', items: machines }, ...again]);
      assert.deepEqual(await mirror(left.tenantId), await mirror(right.tenantId));
      assert.deepEqual(await mirror(left.tenantId), await mirror(straight.tenantId));
      await belongsTogether(left.tenantId, machines, devices);
    });
    await fc.assert(law, { numRuns: 25, endOnFailure: true });
  });

  /** One row for each machine and for each managed device that is nobody's, one current machine and one Intune record for each Entra id. */
  async function belongsTogether(
    tenantId: string,
    machines: readonly SourceMachine[],
    devices: readonly SourceManagedDevice[],
  ): Promise<void> {
    const rows = await mirrorOf(t.admin, tenantId);
    assert.deepEqual(
      rows.flatMap(({ microsoft }) => microsoft ?? []).toSorted(),
      machines.map(({ microsoftDeviceId }) => microsoftDeviceId).toSorted(),
    );
    assert.deepEqual(
      rows.flatMap(({ intune }) => intune ?? []).toSorted(),
      devices.map(({ intuneDeviceId }) => intuneDeviceId).toSorted(),
    );
    for (const id of ['a', 'b', 'c'].map(guid)) {
      const same = rows.filter((row) => row.aad === id);
      const current = same.filter((row) => row.microsoft !== null && row.supersededBy === null);
      assert.ok(current.length <= 1 && same.filter((row) => row.intune !== null).length <= 1);
      for (const row of same) {
        if (row.microsoft === null) assert.equal(current.length, 0, 'Defender takes over');
        else if (row.supersededBy !== null)
          assert.deepEqual([row.supersededBy, row.intune], [current[0]?.microsoft, null]);
      }
    }
    for (const row of rows) {
      assert.equal(row.verdict === null, row.intune === null);
      assert.ok(row.microsoft === null || row.intune === null || row.aad !== null, 'merged on the Entra id only');
    }
  }

  it('two syncs and the alerts of a tenant that run side by side lose nothing and wait for each other in no ring', async () => {
    const { tenantId } = await insertTenant(t.admin);
    const ids = Array.from({ length: 40 }, (_, n) => n);
    const aadDeviceId = (n: number) => guid(`entra ${n}`);
    const machines = ids.map((n) => machine(`m${n}`, { aadDeviceId: aadDeviceId(n) }));
    const devices = ids.map((n) => managed(`i${n}`, { aadDeviceId: aadDeviceId(n) }));
    await Promise.all([
      take(
        tenantId,
        cut(machines, 7).map((items) => ({ kind: 'machines', items }) as const),
      ),
      take(
        tenantId,
        cut(devices.toReversed(), 5).map((items) => ({ kind: 'managed', items }) as const),
      ),
      take(
        tenantId,
        machines.toReversed().map((item) => ({ kind: 'alert', item }) as const),
      ),
    ]);
    await take(tenantId, [{ kind: 'machines', items: machines }]);
    const rows = await mirrorOf(t.admin, tenantId);
    assert.equal(rows.length, ids.length);
    assert.ok(rows.every((row) => row.microsoft !== null && row.intune !== null && !row.isStub));
    const alerts = await t.admin('edr_alerts').where({ tenant_id: tenantId }).whereNull('device_id').select('id');
    assert.deepEqual(alerts, []);
  });

  it('a page waits for another that is being merged, and for alerts that name devices', async () => {
    const aadDeviceId = guid('entra');
    const entra = { aadDeviceId };
    const pages: Record<string, Page> = {
      machines: { kind: 'machines', items: [machine('m', entra)] },
      managed: { kind: 'managed', items: [managed('i', entra)] },
      alert: { kind: 'alert', item: machine('m', entra) },
    };
    const isWaiting = async () => {
      const waiting = await t.admin('pg_locks').where({ locktype: 'advisory', granted: false }).select('pid');
      return waiting.length > 0;
    };
    for (const [one, other] of [
      ['machines', 'managed'],
      ['managed', 'machines'],
      ['managed', 'alert'],
      ['machines', 'alert'],
    ] as const) {
      const { tenantId } = await insertTenant(t.admin);
      let later: Promise<void> | undefined;
      const hold = async () => {
        later = take(tenantId, [pages[other] as Page]);
        await Promise.race([later, until('the other one waits', isWaiting)]);
      };
      await takePage(tenantId, pages[one] as Page, hold);
      await later;
      const rows = await mirrorOf(t.admin, tenantId);
      assert.deepEqual(rows.length, 1, `${one}, then ${other}`);
    }
  });

  it('what is merged into one tenant is seen in no other, with no WHERE at all', async () => {
    const [mine, other] = [await insertTenant(t.admin), await insertTenant(t.admin)];
    await take(mine.tenantId, [{ kind: 'machines', items: [machine('pc')] }]);
    await take(other.tenantId, [{ kind: 'machines', items: [machine('pc', { name: 'theirs' })] }]);
    const seen = await inTenant(t.db, mine.tenantId, (trx) =>
      trx.sql.raw<{ rows: { device_name: string }[] }>(
        'select device_name from edr_devices where microsoft_device_id = ?',
        [machineId('pc')],
      ),
    );
    assert.deepEqual(seen.rows, [{ device_name: 'pc' }]);
    const run = { runId: randomUUID(), startedAt: new Date() };
    await assert.rejects(
      inTenant(t.db, mine.tenantId, (trx) => mergeMachines(trx, run, [machine('new')])),
      { code: '23503' },
      'a run of nobody takes nothing',
    );
  });
});
