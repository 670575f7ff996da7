import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inTenant } from '../../database/transaction.js';
import { updateCves } from '../../domain/vulnerabilities/cve-store.js';
import { highestDevice, lowestDevice, mergeLinks, nextRange } from '../../domain/vulnerabilities/link-store.js';
import type { Merged } from '../../domain/vulnerabilities/link-store.js';
import { stageExposures } from '../../domain/vulnerabilities/staging-store.js';
import type { SourceExposure } from '../../domain/vulnerabilities/vulnerability-source.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { cve, exposure, linksOf } from '../jobs/sync/vulnerability-world.js';

const devices = ['pc-1', 'pc-2', 'pc-3', 'pc-4'];

describe('vulnerabilities of devices', () => {
  let t: TestDatabase;
  let tenantId: string;
  let runId: string;
  before(async () => {
    t = await testDatabase();
  });
  beforeEach(newTenant);
  after(() => t.drop());

  async function newTenant(): Promise<void> {
    ({ tenantId } = await insertTenant(t.admin));
    for (const id of devices) await t.admin('edr_devices').insert({ tenant_id: tenantId, microsoft_device_id: id });
    const [run] = await t
      .admin<{ id: string }>('sync_runs')
      .insert({ tenant_id: tenantId, source: 'x' } as object, ['id']);
    runId = run?.id ?? '';
  }
  const stage = (exposures: readonly SourceExposure[]) =>
    inTenant(t.db, tenantId, (trx) => stageExposures(trx, runId, exposures));
  const links = () => linksOf(t.admin, tenantId);

  /** Merges all that is staged, some rows at a time; resolves to what each range did. */
  async function mergeAll(rows: number): Promise<Merged[]> {
    const merged: Merged[] = [];
    for (let after = lowestDevice; after !== highestDevice;)
      await inTenant(t.db, tenantId, async (trx) => {
        const range = await nextRange(trx, runId, 'whole', after, rows);
        merged.push(await mergeLinks(trx, runId, 'whole', range));
        after = range.upTo;
      });
    return merged;
  }

  it('are the same, however the walk is cut into pages and ranges', async () => {
    const one = fc.tuple(fc.constantFrom(...devices), fc.constantFrom('CVE-1', 'CVE-2'), fc.constantFrom('a', 'b'));
    const walk = fc.array(one, { minLength: 1, maxLength: 20 });
    const law = fc.asyncProperty(walk, walk, fc.integer({ min: 1, max: 7 }), async (earlier, now, rows) => {
      await newTenant();
      await stage(earlier.map((where) => exposure(...where)));
      await mergeAll(1_000);
      for (let at = 0; at < now.length; at += 3) await stage(now.slice(at, at + 3).map((where) => exposure(...where)));
      const merged = await mergeAll(rows);
      assert.deepEqual(await links(), linksFrom(now));
      const removed = linksFrom(earlier).filter((link) => !sameLink(linksFrom(now), link)).length;
      assert.equal(
        merged.reduce((sum, part) => sum + part.removed, 0),
        removed,
      );
    });
    await fc.assert(law, { numRuns: 20, endOnFailure: true });
  }).timeout(60_000);

  it('are left as they are by a merge that is done again', async () => {
    const met = [exposure('pc-1', 'CVE-1', 'a'), exposure('pc-1', 'CVE-1', 'b'), exposure('pc-4', 'CVE-2', 'a')];
    await stage(met);
    assert.deepEqual(await mergeAll(1_000), [{ new: 2, changed: 0, removed: 0, unchanged: 0 }]);
    const before = await t.admin.raw<{ rows: unknown[] }>('select xmin::text, * from edr_device_vulnerabilities');
    await stage(met.toReversed());
    assert.deepEqual(await mergeAll(1_000), [{ new: 0, changed: 0, removed: 0, unchanged: 2 }]);
    const after = await t.admin.raw<{ rows: unknown[] }>('select xmin::text, * from edr_device_vulnerabilities');
    assert.deepEqual(after.rows, before.rows, 'not a row was written');
  });

  it('have a CVE whose score is never outside of 0 to 10, and whose last record holds', async () => {
    await stage([exposure('pc-1', 'CVE-1'), exposure('pc-1', 'CVE-2')]);
    const cves = [cve('CVE-1', 3), cve('CVE-1', 9.8), cve('CVE-2', 11)];
    assert.equal(await inTenant(t.db, tenantId, (trx) => updateCves(trx, cves)), 1);
    const scores: unknown = await t
      .admin('edr_vulnerabilities')
      .where({ tenant_id: tenantId })
      .orderBy('cve_id')
      .pluck('cvss_score');
    assert.deepEqual(scores, ['9.8', null]);
    assert.equal(await inTenant(t.db, tenantId, (trx) => updateCves(trx, cves)), 0);
  });
});

function linksFrom(walk: readonly (readonly string[])[]): string[] {
  const products = new Map<string, Set<string>>();
  for (const [device, cveId, product = ''] of walk) {
    const link = `${device} ${cveId}`;
    products.set(link, (products.get(link) ?? new Set()).add(product));
  }
  return [...products].map(([link, names]) => `${link} ${[...names].sort().join(', ')}`).sort();
}

function sameLink(links: readonly string[], link: string): boolean {
  const key = link.split(' ', 2).join(' ');
  return links.some((other) => other.startsWith(`${key} `));
}
