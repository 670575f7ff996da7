import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseRecords } from '../../../microsoft/page-records.js';
import { exposureParser } from '../../../microsoft/vulnerability-parser.js';
import { moveClock } from '../../helpers/builders.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { fault } from './scripted-source.js';
import { change, cve, exposure, vulnerabilityWorld } from './vulnerability-world.js';

const hourMs = 3_600_000;
const log4j = 'CVE-2021-44228';
const tvm = 'TVM-2020-0002';

describe('syncing vulnerabilities', () => {
  let base: TestDatabase;
  let world: Awaited<ReturnType<typeof vulnerabilityWorld>>;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    world = await vulnerabilityWorld(base, ['pc-1', 'pc-2', 'srv-1']);
  });
  after(() => base.drop());

  const outcome = async () => {
    const run = await world.run();
    return [run.outcome, run.kind, run.new_count, run.changed_count, run.removed_count, run.unchanged_count];
  };

  describe('everything', () => {
    it('links devices and CVEs by what the export says, one link for all products', async () => {
      world.script.exposures = [
        [exposure('pc-1', log4j, 'apache/log4j/2.1'), exposure('pc-2', log4j, 'apache/log4j/2.1')],
        [exposure('pc-1', log4j, 'vendor/tool/1'), exposure('pc-1', log4j, 'vendor/tool/1'), exposure('srv-1', tvm)],
      ];
      assert.equal(await world.sync(), 6 * hourMs);
      assert.deepEqual(await world.links(), [
        `pc-1 ${log4j} apache/log4j/2.1, vendor/tool/1`,
        `pc-2 ${log4j} apache/log4j/2.1`,
        `srv-1 ${tvm} mozilla/firefox/83.0`,
      ]);
      assert.deepEqual(await outcome(), ['complete', 'full', 3, 0, 0, 0]);
      assert.equal(await world.staged(), 0);
    });

    it('knows since when a device has a CVE, unless Microsoft says year 1', async () => {
      const sent = { deviceId: 'pc-2', cveId: tvm, firstSeenTimestamp: '0001-01-01 00:00:00' };
      const { items } = parseRecords({ number: 1, partial: false, rows: [sent] }, exposureParser);
      world.script.exposures = [[exposure('pc-1', tvm), ...items]];
      await world.sync();
      const found = await base
        .admin<{ detected_at: Date }>('edr_device_vulnerabilities')
        .whereRaw('tenant_id = ?', [world.tenantId])
        .orderBy('detected_at')
        .pluck('detected_at');
      assert.equal(found[0]?.toISOString(), '2020-05-06T12:42:19.000Z');
      assert.ok(Math.abs(Date.now() - (found[1]?.getTime() ?? 0)) < hourMs * 24 * 365);
    });

    it('closes what it does not meet any more, also the last of a device, and changes products', async () => {
      world.script.exposures = [
        [exposure('pc-1', log4j, 'a'), exposure('pc-1', tvm), exposure('pc-2', tvm), exposure('srv-1', log4j)],
      ];
      await world.sync();
      await moveClock(base.admin, '1 day');
      world.script.exposures = [[exposure('pc-1', log4j, 'b'), exposure('srv-1', log4j)]];
      await world.sync();
      assert.deepEqual(await world.links(), [`pc-1 ${log4j} b`, `srv-1 ${log4j} mozilla/firefox/83.0`]);
      assert.deepEqual(await outcome(), ['complete', 'full', 0, 1, 2, 1]);
      assert.equal((await world.cves()).length, 2, 'a CVE that nobody has any more stays as history');
    });

    it('closes nothing when a page fails, when something is missing, or when nothing came', async () => {
      world.script.exposures = [[exposure('pc-1', log4j), exposure('pc-2', tvm)]];
      await world.sync();
      const before = await world.links();
      const { last_full_at: last, watermark } = await world.cursor();
      for (const step of [fault('unavailable', 'Defender answered 503.'), { partial: true, items: [] }]) {
        await moveClock(base.admin, '1 day');
        world.script.exposures = [[exposure('pc-1', log4j)], step];
        await world.sync();
        assert.deepEqual(await world.links(), before);
        assert.equal(await world.staged(), 0);
        const cursor = await world.cursor();
        assert.deepEqual([cursor.last_full_at, cursor.watermark], [last, watermark]);
      }
      assert.equal((await world.run()).outcome, 'partial');
      world.script.exposures = [];
      await world.sync();
      assert.deepEqual(await outcome(), ['complete', 'full', 0, 0, 0, 0]);
      assert.deepEqual(await world.links(), before);
    });

    it('takes from a walk with gaps what it has', async () => {
      world.script.exposures = [[exposure('pc-1', log4j, 'a')]];
      await world.sync();
      await moveClock(base.admin, '1 day');
      world.script.exposures = [{ partial: true, items: [exposure('pc-1', log4j, 'b'), exposure('pc-2', log4j, 'b')] }];
      await world.sync();
      assert.deepEqual(await world.links(), [`pc-1 ${log4j} a, b`, `pc-2 ${log4j} b`]);
    });

    it('counts records of devices that nobody knows, and invents no device', async () => {
      world.script.exposures = [[exposure('pc-1', log4j), exposure('elsewhere', log4j), exposure('elsewhere', tvm)]];
      await world.sync();
      assert.deepEqual(await world.links(), [`pc-1 ${log4j} mozilla/firefox/83.0`]);
      assert.deepEqual((await world.run()).errors, { unknown_device: 2 });
      const devices = await base.admin('edr_devices').whereRaw('tenant_id = ?', [world.tenantId]).select();
      assert.equal(devices.length, 3);
    });

    it('counts and names malformed records, those that the database refuses too', async () => {
      const bad = { ...exposure('pc-2', tvm), firstSeenAt: 'once upon a time' };
      const malformed = [{ which: 'row 7', why: 'no deviceId' }];
      world.script.exposures = [{ items: [exposure('pc-1', log4j), bad, exposure('srv-1', log4j)], malformed }];
      await world.sync();
      const run = await world.run();
      assert.deepEqual([run.malformed_count, run.read_count, run.errors], [2, 4, { malformed: 2 }]);
      assert.deepEqual(run.malformed_examples, [
        { which: 'row 7', why: 'no deviceId' },
        { which: `${tvm} on pc-2`, why: 'the database refused it' },
      ]);
      assert.equal((await world.links()).length, 2);
    });

    it('waits for the devices, since it would skip everything before them', async () => {
      const cursor = base.admin('sync_cursors').where({ tenant_id: world.tenantId, source: 'devices' });
      await cursor.clone().update({ last_success_at: null });
      assert.equal(await world.sync(), 30_000);
      await cursor.clone().update({ hold_reason: 'no consent', hold_since: new Date() });
      assert.equal(await world.sync(), 6 * hourMs);
      assert.deepEqual(world.asked, []);
      await cursor.clone().update({ last_success_at: new Date() });
      await world.sync();
      assert.deepEqual(world.asked, ['exposures', 'cves']);
    });

    it('goes through many devices in ranges, and closes behind the last one too', async () => {
      const names = Array.from({ length: 60 }, (_, n) => `host-${n}`);
      for (const name of names) await world.addDevice(name);
      const all = names.flatMap((name) => Array.from({ length: 400 }, (_, n) => exposure(name, `CVE-2024-${n}`)));
      world.script.exposures = [all.slice(0, 9_000), all.slice(9_000)];
      await world.sync();
      assert.deepEqual(await outcome(), ['complete', 'full', 24_000, 0, 0, 0]);
      await moveClock(base.admin, '1 day');
      world.script.exposures = [all.filter((_, n) => n % 2 === 0)];
      await world.sync();
      assert.deepEqual(await outcome(), ['complete', 'full', 0, 0, 12_000, 12_000]);
      await moveClock(base.admin, '1 day');
      world.script.exposures = [[all[0] ?? exposure('host-0', 'CVE-2024-0')]];
      const before = world.parts();
      await world.sync();
      assert.deepEqual(await outcome(), ['complete', 'full', 0, 0, 11_999, 1]);
      assert.ok(world.parts() - before >= 4, 'so many are closed in parts');
    }).timeout(60_000);
  });

  describe('what changed', () => {
    beforeEach(async () => {
      world.script.exposures = [
        [exposure('pc-1', log4j, 'a'), exposure('pc-1', log4j, 'b'), exposure('pc-2', tvm, 'a')],
      ];
      await world.sync();
    });

    it('is asked for since the last complete run, less the six hours that Microsoft groups changes by', async () => {
      const { started_at: startedAt } = await world.run();
      await world.sync();
      assert.equal(world.asked.at(-1), new Date(startedAt.getTime() - 6 * hourMs).toISOString());
      assert.equal((await world.run()).kind, 'delta');
    });

    it('is not asked for when a day has passed, nor when the last complete run is 13 days ago', async () => {
      await moveClock(base.admin, '23 hours');
      await world.sync();
      assert.equal(world.asked.at(-1), 'cves');
      await base
        .admin('sync_cursors')
        .where({ tenant_id: world.tenantId, source: 'vulnerabilities' })
        .update({ watermark: new Date(Date.now() - 14 * 24 * hourMs).toISOString() });
      await world.sync();
      assert.deepEqual(world.asked, ['exposures', 'cves', 'exposures', 'cves', 'exposures', 'cves']);
    });

    it('keeps a link while one of its products has the CVE, and closes it with the last', async () => {
      world.script.changes = [[change('fixed', 9, 'pc-1', log4j, 'a')]];
      await world.sync();
      assert.deepEqual(await world.links(), [`pc-1 ${log4j} b`, `pc-2 ${tvm} a`]);
      assert.deepEqual(await outcome(), ['complete', 'delta', 0, 1, 0, 0]);
      world.script.changes = [
        [change('fixed', 9, 'pc-1', log4j, 'a'), change('fixed', 8, 'pc-1', log4j, 'b')],
        [change('present', 7, 'srv-1', 'CVE-2025-1', 'c')],
      ];
      await world.sync();
      assert.deepEqual(await world.links(), [`pc-2 ${tvm} a`, 'srv-1 CVE-2025-1 c']);
      assert.deepEqual(await outcome(), ['complete', 'delta', 1, 0, 1, 0]);
    });

    it('goes by the newest change of a product, whatever their order and however often they come', async () => {
      const changes = [
        change('present', 30, 'pc-2', tvm, 'a'),
        change('fixed', 20, 'pc-2', tvm, 'a'),
        change('present', 25, 'pc-2', tvm, 'a'),
        change('fixed', 40, 'pc-1', log4j, 'a'),
        change('present', 10, 'pc-1', log4j, 'a'),
        change('fixed', null, 'pc-1', log4j, 'a'),
      ];
      for (const pages of [[changes], [changes.toReversed(), changes], changes.map((one) => [one])]) {
        world.script.changes = pages;
        await world.sync();
        assert.deepEqual(await world.links(), [`pc-1 ${log4j} a, b`]);
      }
    });

    it('of a device that moved between groups, told twice for one moment, leaves the exposure', async () => {
      const at = new Date(Date.now() - 60_000).toISOString();
      const moved = (what: 'fixed' | 'present') => ({ ...change(what, 1, 'pc-2', tvm, 'a'), changedAt: at });
      world.script.changes = [[moved('present'), moved('fixed'), moved('present')]];
      await world.sync();
      assert.equal((await world.links()).length, 2);
    });

    it('of a device that is known only later is taken then', async () => {
      world.script.changes = [[change('present', 5, 'late', log4j, 'a')]];
      await world.sync();
      const since = world.asked.at(-1);
      await world.addDevice('late');
      await moveClock(base.admin, '7 hours');
      await world.sync();
      assert.equal(world.asked.at(-1), since, 'the same time is asked for again');
      assert.ok((await world.links()).includes(`late ${log4j} a`));
    });

    it('survives a walk that fails, and a fix of what was never there', async () => {
      const before = await world.links();
      world.script.changes = [[change('fixed', 9, 'pc-1', log4j, 'a')], fault('throttled', 'Slow down.', 5_000)];
      assert.equal(await world.sync(), 5_000);
      assert.deepEqual(await world.links(), before);
      world.script.changes = [[change('fixed', 9, 'pc-1', 'CVE-1999-1', 'a'), change('fixed', 9, 'srv-1', tvm, 'a')]];
      await world.sync();
      assert.deepEqual(await world.links(), before);
      assert.equal((await world.run()).outcome, 'complete');
    });
  });

  describe('what is known of a CVE', () => {
    it('comes from the walk over CVEs; a score may be unknown, and only what changed is written', async () => {
      world.script.exposures = [[exposure('pc-1', log4j), exposure('pc-1', tvm)]];
      world.script.cves = [
        [cve(log4j, 10, { severity: 'Critical', description: 'JNDI' }), cve(tvm, null), cve('CVE-of-others', 5)],
      ];
      await world.sync();
      const [first, second, ...others] = await world.cves();
      assert.deepEqual([first?.cvss_score, first?.severity, first?.description], ['10.0', 'Critical', 'JNDI']);
      assert.deepEqual([second?.cvss_score, others.length], [null, 0]);
      await moveClock(base.admin, '1 day');
      world.script.cves = [[cve(log4j, 9.8, { severity: null })], [cve(tvm, null)]];
      await world.sync();
      const [again, untouched] = await world.cves();
      assert.deepEqual([again?.cvss_score, again?.severity, again?.description], ['9.8', 'Critical', 'JNDI']);
      assert.deepEqual(untouched?.updated_at, second?.updated_at);
    });

    it('is asked for between two full walks only when a CVE is new', async () => {
      world.script.exposures = [[exposure('pc-1', log4j)]];
      await world.sync();
      world.script.changes = [[change('present', 5, 'pc-2', log4j)]];
      await world.sync();
      world.script.changes = [[change('present', 5, 'pc-2', tvm)]];
      world.script.cves = [[cve(tvm, 7)]];
      await world.sync();
      assert.deepEqual(
        world.asked.map((name) => (name.startsWith('20') ? 'changes' : name)),
        ['exposures', 'cves', 'changes', 'changes', 'cves'],
      );
      assert.equal((await world.cves()).at(-1)?.cvss_score, '7.0');
    });
  });

  it('of a CVE that a failed run was the first to name are asked for by the next', async () => {
    world.script.exposures = [[exposure('pc-1', log4j)]];
    await world.sync();
    world.script.changes = [[change('present', 5, 'pc-2', tvm)]];
    world.script.cves = [fault('unavailable', 'Defender answered HTTP 503.')];
    await world.sync();
    assert.equal((await world.run()).outcome, 'failed');
    world.script.cves = [[cve(tvm, 9.8)]];
    await world.sync();
    assert.equal((await world.cves()).find(({ cve_id }) => cve_id === tvm)?.cvss_score, '9.8');
  });

  it('of two tenants at once never mix, though devices and CVEs have the same names', async () => {
    const other = await vulnerabilityWorld(base, ['pc-1', 'pc-2']);
    world.script.exposures = [[exposure('pc-1', log4j, 'ours')]];
    other.script.exposures = [[exposure('pc-1', tvm, 'theirs'), exposure('pc-2', log4j, 'theirs')]];
    await Promise.all([world.sync(), other.sync()]);
    assert.deepEqual(await world.links(), [`pc-1 ${log4j} ours`]);
    assert.deepEqual(await other.links(), [`pc-1 ${tvm} theirs`, `pc-2 ${log4j} theirs`]);
    assert.deepEqual(
      (await world.cves()).map((row) => row.cve_id),
      [log4j],
    );
  });

  it('stopped in the middle leave things as they were, and are whole when run again', async () => {
    world.script.exposures = [[exposure('pc-1', log4j), exposure('pc-2', tvm)]];
    await world.sync();
    const before = await world.links();
    await moveClock(base.admin, '1 day');
    const stopping = new AbortController();
    world.script.exposures = [[exposure('pc-1', tvm)], () => stopping.abort(), [exposure('pc-2', tvm)]];
    assert.equal(await world.sync(stopping.signal), 0);
    assert.deepEqual(await world.links(), before);
    await world.sync();
    assert.deepEqual(await world.links(), [`pc-1 ${tvm} mozilla/firefox/83.0`, `pc-2 ${tvm} mozilla/firefox/83.0`]);
  });

  it('forget what a killed process had staged', async () => {
    world.script.exposures = [[exposure('pc-1', log4j)]];
    await world.sync();
    const [killed] = await base
      .admin<{ id: string }>('sync_runs')
      .insert({ tenant_id: world.tenantId, source: 'vulnerabilities' } as object, ['id']);
    await base.admin.raw(
      `insert into sync_seen_vulnerabilities (tenant_id, run_id, device_id, vulnerability_id, product)
       select tenant_id, ?, device_id, vulnerability_id, 'stale' from edr_device_vulnerabilities where tenant_id = ?`,
      [killed?.id ?? '', world.tenantId],
    );
    await world.sync();
    assert.equal(await world.staged(), 0);
    assert.deepEqual(await world.links(), [`pc-1 ${log4j} mozilla/firefox/83.0`]);
  });

  it('are right after every delta, and after a full walk, whatever happened at Microsoft', async () => {
    const event = fc.record({
      what: fc.constantFrom('present', 'fixed'),
      device: fc.constantFrom('pc-1', 'pc-2', 'srv-1'),
      cveId: fc.constantFrom(log4j, tvm),
      product: fc.constantFrom('a', 'b', 'c'),
    });
    const time = fc.array(event, { maxLength: 8 });
    const story = fc.array(fc.record({ events: time, then: fc.constantFrom('delta', 'full', 'lost') }), {
      minLength: 1,
      maxLength: 6,
    });
    const law = fc.asyncProperty(story, fc.infiniteStream(fc.nat()), async (parts, dice) => {
      world = await vulnerabilityWorld(base, ['pc-1', 'pc-2', 'srv-1']);
      world.script.exposures = [[exposure('pc-1', log4j, 'a')]];
      await world.sync();
      const truth = new Map([[`pc-1 ${log4j} a`, exposure('pc-1', log4j, 'a')]]);
      const told: ReturnType<typeof change>[] = [];
      for (const [at, { events, then }] of parts.entries()) {
        for (const [n, { what, device, cveId, product }] of events.entries()) {
          const minutesAgo = 200 - at * 20 - n;
          told.push(change(what, minutesAgo, device, cveId, product));
          if (what === 'fixed') truth.delete(`${device} ${cveId} ${product}`);
          else truth.set(`${device} ${cveId} ${product}`, exposure(device, cveId, product));
        }
        const keys = dice.take(2 * told.length);
        const shuffled = [...keys].map((key, n) => ({ key, one: told[n % told.length] })).sort((x, y) => x.key - y.key);
        const changes = shuffled.flatMap(({ one }) => (one ? [one] : []));
        world.script.changes = [changes.slice(0, told.length), changes.slice(told.length)];
        world.script.exposures = [[...truth.values()]];
        if (then === 'lost') world.script.changes.push(fault('unavailable', 'gone'));
        if (then === 'full') await forgetFull(base, world.tenantId);
        await world.sync();
        if (then !== 'lost' && truth.size > 0) assert.deepEqual(await world.links(), linksFrom(truth));
      }
    });
    await fc.assert(law, { numRuns: 25, endOnFailure: true });
  }).timeout(120_000);
});

async function forgetFull({ admin }: TestDatabase, tenantId: string): Promise<void> {
  await admin('sync_cursors').where({ tenant_id: tenantId, source: 'vulnerabilities' }).update({ last_full_at: null });
}

function linksFrom(truth: ReadonlyMap<string, unknown>): string[] {
  const products = new Map<string, string[]>();
  for (const key of truth.keys()) {
    const [device, cveId, product] = key.split(' ');
    const link = `${device} ${cveId}`;
    products.set(link, [...(products.get(link) ?? []), product ?? ''].sort());
  }
  return [...products].map(([link, names]) => `${link} ${names.join(', ')}`).sort();
}
