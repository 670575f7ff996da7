import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { IsolationState, SourceIsolation } from '../../../domain/devices/device-source.js';
import { mergeIsolations, noteIsolation } from '../../../domain/devices/isolation-store.js';
import { collectIsolations } from '../../../domain/devices/isolations.js';
import { inTenant } from '../../../domain/transaction.js';
import { ingest, moveClock, sourceAlert, sourceDevice } from '../../helpers/builders.js';
import { insertTenant, testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { machine, machineId } from './device-records.js';
import { deviceWorld } from './device-world.js';
import { fault } from './scripted-source.js';

const hourMs = 3_600_000;
const told = (word: string, state: IsolationState, at: string): SourceIsolation => ({
  microsoftDeviceId: machineId(word),
  state,
  at,
});
const nine = '2026-03-01T09:00:00.1234567Z';
const ten = '2026-03-01T10:00:00Z';
const eleven = '2026-03-01T11:00:00.5Z';

describe('isolations that were made elsewhere', () => {
  let base: TestDatabase;
  let world: Awaited<ReturnType<typeof deviceWorld>>;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    world = await deviceWorld(base);
    world.machines.script.push([[machine('pc-1'), machine('pc-2')]]);
  });
  after(() => base.drop());

  interface Known {
    readonly isolation_state: string | null;
    readonly isolation_known_at: Date | null;
    readonly xmin: string;
  }
  const known = async (word = 'pc-1', tenantId = world.tenantId): Promise<Known> => {
    const row = await base
      .admin('edr_devices')
      .where({ tenant_id: tenantId, microsoft_device_id: machineId(word) })
      .first<Known | undefined>('isolation_state', 'isolation_known_at', base.admin.raw('xmin::text'));
    assert.ok(row);
    return row;
  };
  const state = async (word?: string) => (await known(word)).isolation_state;
  const syncs = async (...pages: SourceIsolation[][]) => {
    world.isolations.script.push(pages);
    await world.syncDevices();
  };
  const own = async (word: string, to: IsolationState, at: string) => {
    const deviceId = await world.deviceId('microsoft', word);
    await inTenant(base.db, world.tenantId, (trx) => noteIsolation(trx, deviceId, to, at));
  };

  it('are known after the sync, and so is their release; the newest that succeeded holds', async () => {
    await syncs([told('pc-1', 'selectively_isolated', nine), told('gone', 'isolated', nine)]);
    assert.deepEqual([await state(), await state('pc-2')], ['selectively_isolated', null]);
    const { isolation_known_at: at } = await known();
    assert.equal(at?.toISOString(), '2026-03-01T09:00:00.123Z');
    await syncs([told('pc-1', 'not_isolated', eleven)], [told('pc-1', 'isolated', ten)]);
    assert.equal(await state(), 'not_isolated');
    const run = await world.run();
    assert.deepEqual([run.outcome, run.read_count, run.changed_count, run.errors], ['complete', 4, 1, {}]);
  });

  it('change nothing when they are known or older, and write nothing then', async () => {
    await syncs([told('pc-1', 'isolated', ten)]);
    const before = await known();
    await syncs([told('pc-1', 'isolated', ten)]);
    await syncs([told('pc-1', 'not_isolated', nine)]);
    assert.deepEqual(await known(), before);
  });

  it('give way to an action of ours that is newer, and come before one that is older', async () => {
    await syncs([told('pc-1', 'isolated', nine)]);
    await own('pc-1', 'not_isolated', ten);
    await syncs([told('pc-1', 'isolated', nine)]);
    assert.equal(await state(), 'not_isolated');
    await syncs([told('pc-1', 'isolated', eleven)]);
    await own('pc-1', 'not_isolated', ten);
    assert.equal(await state(), 'isolated', 'the outcome of ours was only seen later');
  });

  it('of ours are never known from the future, whatever Microsoft’s clock says', async () => {
    await world.syncDevices();
    await own('pc-1', 'isolated', '2199-01-01T00:00:00Z');
    await syncs([told('pc-1', 'not_isolated', new Date(Date.now() + 60_000).toISOString())]);
    assert.equal(await state(), 'not_isolated');
  });

  it('that cannot have happened yet are skipped and counted', async () => {
    const future = new Date(Date.now() + 24 * hourMs).toISOString();
    await syncs([told('pc-1', 'isolated', nine), told('pc-1', 'not_isolated', future)]);
    const run = await world.run();
    assert.deepEqual([await state(), run.malformed_count, run.read_count], ['isolated', 1, 4]);
  });

  it('are read from the beginning once, then those that may have succeeded since, and all for a machine that is new', async () => {
    await world.syncDevices();
    const first = await world.cursor('devices');
    await moveClock(base.admin, '1 hour');
    await world.syncDevices();
    const since = world.isolationsSince[1];
    assert.equal(world.isolationsSince[0], null);
    assert.equal(since?.getTime(), new Date(first.watermark ?? 0).getTime() - 75 * hourMs);
    world.machines.script.push([[machine('pc-1'), machine('pc-3')]]);
    await world.syncDevices();
    assert.equal(world.isolationsSince[2], null);
  });

  it('that cannot be read leave the devices alone, and are read from where they were', async () => {
    await syncs([told('pc-1', 'isolated', nine)]);
    const { watermark } = await world.cursor('devices');
    const outcomes = [];
    for (const failing of [fault('unavailable', 'Defender answered 503.'), fault('protocol', 'No page.')]) {
      world.machines.script.push([[machine('pc-2')]]);
      world.isolations.script.push([[told('pc-1', 'not_isolated', ten)], failing]);
      await world.syncDevices();
      const { outcome, errors, error, removed_count: removed } = await world.run();
      outcomes.push([outcome, errors, error, removed]);
    }
    assert.deepEqual(outcomes, [
      ['partial', { unavailable: 1 }, 'Isolations: Defender answered 503.', 0],
      ['partial', { protocol: 1 }, 'Isolations: No page.', 1],
    ]);
    const cursor = await world.cursor('devices');
    assert.deepEqual([await state(), cursor.watermark, cursor.hold_reason], ['isolated', watermark, null]);
    world.isolations.script.push([{ items: [told('pc-1', 'not_isolated', ten)], partial: true }]);
    await world.syncDevices();
    assert.deepEqual([await state(), (await world.cursor('devices')).watermark], ['not_isolated', watermark]);
    assert.equal((await world.run()).outcome, 'partial');
    assert.deepEqual(await world.notices(), []);
  });

  it('that may not be read are told to admins once, while the devices go on', async () => {
    world.isolations.script.push([fault('on_hold', 'The permission Machine.Read.All is missing.')]);
    await world.syncDevices();
    await world.syncDevices();
    const { outcome, errors, new_count: made } = await world.run();
    assert.deepEqual([outcome, errors, made, (await world.mirror()).length], ['partial', { on_hold: 1 }, 0, 2]);
    const [notice, ...more] = await world.notices();
    assert.match(notice ?? '', /devices are read, but not all that is known of them: .*Machine\.Read\.All/);
    assert.deepEqual(more, []);
    await syncs([]);
    assert.match((await world.notices()).at(-1) ?? '', /works again/);
  });

  it('have the posted cards of open work of their devices drawn anew, and no others', async () => {
    const device = (word: string) => sourceDevice({ microsoftDeviceId: machineId(word) });
    const { ids } = await ingest(base.db, world.tenantId, [
      sourceAlert({ device: device('pc-1') }),
      sourceAlert({ device: device('pc-2') }),
    ]);
    const [conversation_id] = await base
      .admin('channel_links')
      .where({ tenant_id: world.tenantId })
      .pluck<string[]>('conversation_id');
    for (const entity_id of ids)
      await base.admin('posted_cards').insert({
        ...{ tenant_id: world.tenantId, conversation_id, entity_type: 'alert', entity_id },
        ...{ activity_id: entity_id, card_schema: 1 },
      });
    const stale = async () => {
      const found: unknown[] = await base
        .admin('outbox')
        .where({ tenant_id: world.tenantId, kind: 'card' })
        .pluck('entity_id');
      await world.forgetNotices();
      return found;
    };
    await world.syncDevices();
    await world.forgetNotices();
    await syncs([told('pc-1', 'isolated', nine)]);
    const deviceId = await world.deviceId('microsoft', 'pc-1');
    const alerts = await base.admin('security_alerts').where({ device_id: deviceId }).pluck<unknown[]>('id');
    assert.deepEqual(await stale(), alerts);
    await syncs([told('pc-1', 'isolated', ten)]);
    assert.deepEqual(await stale(), [], 'isolated again looks the same');
  });

  it('end in the same state whatever the order of pages and syncs, and of actions of ours in between', async () => {
    const states = ['isolated', 'selectively_isolated', 'not_isolated'] as const;
    const times = [nine, '2026-03-01T09:00:00.1234569Z', ten, '2026-03-01T12:00:00+02:00', eleven];
    const one = fc.record({
      word: fc.constantFrom('pc-1', 'pc-2'),
      state: fc.constantFrom(...states),
      at: fc.constantFrom(...times),
      isOurs: fc.boolean(),
    });
    const given = fc.array(one, { minLength: 1, maxLength: 8 }).chain((all) => {
      const order = fc.shuffledSubarray(all, { minLength: all.length });
      return fc.record({ left: order, right: order, size: fc.integer({ min: 1, max: 4 }) });
    });
    await world.syncDevices();
    const reset = () =>
      base
        .admin('edr_devices')
        .where({ tenant_id: world.tenantId })
        .update({ isolation_state: null, isolation_known_at: null });
    const take = async (order: readonly (typeof one extends fc.Arbitrary<infer T> ? T : never)[], size: number) => {
      await reset();
      for (let at = 0; at < order.length; at += size) {
        const page = order.slice(at, at + size);
        for (const { word, state: to, at: when } of page.filter(({ isOurs }) => isOurs)) await own(word, to, when);
        const isolations = collectIsolations();
        for (const { word, state: to, at: when } of page.filter(({ isOurs }) => !isOurs))
          isolations.add(told(word, to, when), new Date());
        for (const batch of isolations.batches(1))
          await inTenant(base.db, world.tenantId, (trx) => mergeIsolations(trx, batch));
      }
      return Promise.all(
        ['pc-1', 'pc-2'].map(async (word) => {
          const { isolation_state, isolation_known_at } = await known(word);
          return [isolation_state, isolation_known_at];
        }),
      );
    };
    const law = fc.asyncProperty(given, async ({ left, right, size }) => {
      assert.deepEqual(await take(left, size), await take(right, 8));
    });
    await fc.assert(law, { numRuns: 40, endOnFailure: true });
  });

  it('of one tenant are nothing to another that knows the same machine', async () => {
    await world.syncDevices();
    const other = await insertTenant(base.admin);
    await base
      .admin('edr_devices')
      .insert({ tenant_id: other.tenantId, id: other.tenantId, microsoft_device_id: machineId('pc-1') });
    await syncs([told('pc-1', 'isolated', nine)]);
    assert.deepEqual([await state(), (await known('pc-1', other.tenantId)).isolation_state], ['isolated', null]);
  });
});
