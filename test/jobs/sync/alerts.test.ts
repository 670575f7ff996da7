import assert from 'node:assert/strict';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { fault, sourceAlert } from './scripted-source.js';
import { syncWorld } from './world.js';

const hourMs = 3_600_000;

describe('syncing alerts', () => {
  let base: TestDatabase;
  let world: Awaited<ReturnType<typeof syncWorld>>;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    world = await syncWorld(base);
  });
  after(() => base.drop());

  it('asks for 30 days first, and then for what changed since the watermark less five minutes', async () => {
    const newest = sourceAlert(2);
    world.source.reads.push([{ alerts: [sourceAlert(9), newest] }]);
    assert.equal(await world.sync(), 120_000);
    await world.sync();
    const [first, second] = world.source.asked.map((since) => Date.parse(since ?? ''));
    assert.ok(Math.abs(Date.now() - 30 * 24 * hourMs - (first ?? 0)) < 60_000);
    assert.equal(second, Date.parse(newest.lastUpdate) - 300_000);
    assert.equal((await world.cursor()).watermark, newest.lastUpdate);
  });

  it('mirrors everything but opens only what is unresolved and of the last day, and says so once', async () => {
    const alerts = [
      sourceAlert(3 * 24 * 60),
      sourceAlert(60, { status: 'resolved' }),
      sourceAlert(30),
      sourceAlert(20),
    ];
    world.source.reads.push([{ alerts }]);
    await world.sync();
    await world.sync();
    assert.deepEqual([await world.mirrorCount(), await world.alertCount()], [4, 2]);
    assert.deepEqual(await world.notices(), ['First sync of Contoso: 4 alerts mirrored, 2 opened as cards.']);
    assert.equal((await world.actions()).filter((action) => action === 'sync.alerts').length, 2);
  });

  it('takes a folder of sandbox data from its beginning and opens all of it', async () => {
    world = await syncWorld(base, { takeEverything: true });
    world.source.reads.push([{ alerts: [sourceAlert(900 * 24 * 60), sourceAlert(60, { status: 'resolved' })] }]);
    await world.sync();
    assert.deepEqual(world.source.asked, [null]);
    assert.equal(await world.alertCount(), 2);
  });

  it('makes one alert of what it reads again and again', async () => {
    const alert = sourceAlert(10);
    for (let n = 0; n < 3; n += 1) world.source.reads.push([{ alerts: [alert, alert] }, { alerts: [alert] }]);
    for (let n = 0; n < 3; n += 1) await world.sync();
    assert.equal(await world.alertCount(), 1);
    const runs = await world.runs();
    assert.deepEqual(
      runs.map((run) => [run.read_count, run.new_count, run.unchanged_count, run.repeated_count]),
      [
        [3, 1, 2, 0],
        [3, 0, 3, 0],
        [3, 0, 3, 0],
      ],
    );
  });

  it('takes a large page in batches, and all of it', async () => {
    world.source.reads.push([{ alerts: Array.from({ length: 450 }, (_, n) => sourceAlert(600 - n)) }]);
    await world.sync();
    assert.equal(await world.alertCount(), 450);
    const [run] = await world.runs();
    assert.deepEqual([run?.pages, run?.read_count, run?.outcome], [1, 450, 'complete']);
  });

  it('does not move the watermark past an incomplete page, nor past anything behind it', async () => {
    const [before, within, behind] = [sourceAlert(30), sourceAlert(20), sourceAlert(10)];
    world.source.reads.push([{ alerts: [before] }, { alerts: [within], partial: true }, { alerts: [behind] }]);
    await world.sync();
    assert.equal(await world.alertCount(), 3);
    assert.equal((await world.cursor()).watermark, before.lastUpdate);
    assert.equal((await world.cursor()).last_success_at, null);
    assert.deepEqual(
      (await world.runs()).map((run) => run.outcome),
      ['partial'],
    );
    assert.deepEqual(await world.notices(), []);
  });

  it('keeps what it read before a page that failed, and goes on from there', async () => {
    const first = sourceAlert(30);
    world.source.reads.push([{ alerts: [first] }, fault('unavailable', 'Graph answered 503.')]);
    assert.equal(await world.sync(), 120_000);
    assert.equal((await world.cursor()).watermark, first.lastUpdate);
    await world.sync();
    assert.equal(Date.parse(world.source.asked[1] ?? ''), Date.parse(first.lastUpdate) - 300_000);
    assert.deepEqual(
      (await world.runs()).map((run) => [run.outcome, run.error]),
      [
        ['failed', 'Graph answered 503.'],
        ['complete', null],
      ],
    );
  });

  it('never takes the watermark from a clock that is ahead', async () => {
    const real = sourceAlert(5);
    world.source.reads.push([{ alerts: [real, sourceAlert(-24 * 60)] }]);
    await world.sync();
    assert.equal(await world.alertCount(), 2);
    assert.equal((await world.cursor()).watermark, real.lastUpdate);
  });

  it('counts and names malformed records, at most twenty of them', async () => {
    const malformed = Array.from({ length: 25 }, (_, n) => ({ which: `da${n}`, why: 'no title' }));
    world.source.reads.push([{ alerts: [sourceAlert(5)], malformed }]);
    await world.sync();
    const [run] = await world.runs();
    assert.equal(run?.malformed_count, 25);
    const named = run?.malformed_examples as { which: string; why: string }[];
    assert.equal(named.length, 20);
    assert.deepEqual(named[0], { which: 'da0', why: 'no title' });
    assert.equal(await world.alertCount(), 1);
  });

  it('skips the one record that the database refuses, and takes the others', async () => {
    const bad = sourceAlert(6, { createdAt: 'the day before yesterday' });
    world.source.reads.push([{ alerts: [sourceAlert(8), bad, sourceAlert(4), sourceAlert(3)] }]);
    await world.sync();
    const [run] = await world.runs();
    assert.deepEqual([await world.alertCount(), run?.malformed_count, run?.outcome], [3, 1, 'complete']);
    assert.deepEqual((run?.malformed_examples as { which: string }[])[0]?.which, bad.microsoftAlertId);
  });

  it('goes on hold when consent is missing, says so once, and lifts the hold when it is there again', async () => {
    const why = 'The permission SecurityAlert.Read.All is missing.';
    world.source.reads.push([fault('on_hold', why)], [fault('on_hold', why)], [{ alerts: [] }]);
    assert.equal(await world.sync(), hourMs);
    assert.equal(await world.sync(), hourMs);
    assert.equal((await world.cursor()).hold_reason, why);
    assert.deepEqual(await world.notices(), [
      `Reading Defender alerts is on hold: ${why} It is tried again every hour.`,
    ]);
    await base.admin('outbox').where({ tenant_id: world.tenantId }).delete();
    assert.equal(await world.sync(), 120_000);
    assert.equal((await world.cursor()).hold_reason, null);
    assert.ok((await world.notices()).includes('Reading Defender alerts works again.'));
    assert.deepEqual(await world.actions(), ['sync.alerts', 'sync.held', 'sync.alerts', 'sync.alerts', 'sync.resumed']);
  });

  it('waits as long as Microsoft says, and after five throttled reads slows down and tells the admins', async () => {
    for (let n = 0; n < 5; n += 1) world.source.reads.push([fault('throttled', 'Graph answered 429.', 7_000)]);
    const waits: (number | null)[] = [];
    for (let n = 0; n < 5; n += 1) waits.push(await world.sync());
    assert.deepEqual(waits, [7_000, 7_000, 7_000, 7_000, 240_000]);
    assert.equal((await world.notices()).length, 1);
    await world.sync();
    assert.equal((await world.cursor()).throttled_in_a_row, 0);
  });

  it('stops between two pages when the program does, and the rest follows at once', async () => {
    const stopping = new AbortController();
    world.source.reads.push([
      { alerts: [sourceAlert(30)] },
      () => {
        stopping.abort();
        return Promise.resolve({ alerts: [sourceAlert(20)] });
      },
      { alerts: [sourceAlert(10)] },
    ]);
    assert.equal(await world.sync(stopping.signal), 0);
    assert.equal(await world.alertCount(), 2);
  });

  it('ends the run of a process that was killed before it begins its own', async () => {
    await base.admin('sync_runs').insert({ tenant_id: world.tenantId, source: 'alerts' });
    await world.sync();
    assert.deepEqual(
      (await world.runs()).map((run) => run.outcome),
      ['failed', 'complete'],
    );
    assert.deepEqual(await world.actions(), ['sync.alerts', 'sync.alerts']);
  });

  it('leaves a closed tenant alone, and follows the interval that a tenant sets', async () => {
    await base.admin('tenants').where({ id: world.tenantId }).update({ settings: '{"alertSyncSeconds": 600}' });
    assert.equal(await world.sync(), 600_000);
    await base.admin('tenants').where({ id: world.tenantId }).update({ is_active: false });
    assert.equal(await world.sync(), null);
    await base.admin('tenants').where({ id: world.tenantId }).update({ is_active: true, closed_at: new Date() });
    assert.equal(await world.sync(), null);
    assert.equal(world.source.asked.length, 1);
  });
});
