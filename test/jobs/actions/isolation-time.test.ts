import assert from 'node:assert/strict';
import type { SourceIsolation } from '../../../domain/devices/device-source.js';
import { mergeIsolations } from '../../../domain/devices/isolation-store.js';
import { inTenant } from '../../../domain/transaction.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { actionWorld, clockOf, pass } from './world.js';
import type { ActionWorld } from './world.js';

describe('what an action of ours says of isolation', () => {
  let base: TestDatabase;
  let on: ActionWorld;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    on = await actionWorld(base);
  });
  after(() => base.drop());

  const ago = (minutes: number) => new Date(clockOf(base).getTime() - minutes * 60_000).toISOString();
  const read = (state: SourceIsolation['state'], at: string) =>
    inTenant(base.db, on.tenantId, (trx) => mergeIsolations(trx, [{ microsoftDeviceId: on.machineId, state, at }]));
  const knownAt = async () => {
    const [at] = await base
      .admin('edr_devices')
      .where({ id: on.deviceId })
      .pluck<(Date | null)[]>('isolation_known_at');
    return at?.toISOString();
  };
  /** Our isolation is sent, and ten minutes later Microsoft says that it succeeded `minutes` ago. */
  const isolates = async (minutes: number | null, meanwhile = () => Promise.resolve()) => {
    const id = await on.approved();
    await on.run(id);
    await pass(base, 10);
    await meanwhile();
    const [action] = on.defender.actions;
    assert.ok(action);
    Object.assign(action, { status: 'Succeeded', updatedAt: minutes === null ? null : ago(minutes) });
    await on.run(id);
    assert.equal((await on.row(id)).status, 'completed');
  };

  it('holds from when it succeeded at Microsoft, not from when we heard of it', async () => {
    await isolates(5);
    assert.equal(await knownAt(), on.defender.actions[0]?.updatedAt);
    await read('not_isolated', ago(3));
    assert.equal(await on.isolation(), 'not_isolated', 'somebody released it before we looked');
  });

  it('does not undo what somebody did after it in the portal and a sync has read already', async () => {
    await isolates(5, async () => {
      await read('not_isolated', ago(3));
    });
    assert.equal(await on.isolation(), 'not_isolated');
  });

  it('is newer than what a sync read of the time before', async () => {
    await isolates(5, async () => {
      await read('not_isolated', ago(8));
    });
    assert.equal(await on.isolation(), 'isolated');
    await read('not_isolated', ago(8));
    assert.equal(await on.isolation(), 'isolated');
  });

  it('holds from now when Microsoft does not say when', async () => {
    await isolates(null);
    await read('not_isolated', ago(1));
    assert.equal(await on.isolation(), 'isolated');
  });
});
