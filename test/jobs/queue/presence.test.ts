import assert from 'node:assert/strict';
import { openPresence } from '../../../jobs/queue/presence.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';

describe('the presence of a process', () => {
  let base: TestDatabase;
  before(async () => (base = await testDatabase()));
  after(() => base.drop());

  it('is asked for many locks at once over its one connection, without a warning of the driver', async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => warnings.push(warning.message);
    process.on('warning', note);
    const presence = await openPresence(base.urls.worker);
    const work = (name: string) => presence.alone(name, () => Promise.resolve(name));
    const names = Array.from({ length: 20 }, (_, n) => `work ${n}`);
    const done = await Promise.all(names.map(work));
    await new Promise(setImmediate);
    process.off('warning', note);
    assert.deepEqual(
      done.map((one) => one?.result),
      names,
    );
    assert.deepEqual(warnings, []);
    await presence.end();
  });

  it('lets one run work of a name, here and in another process', async () => {
    const [here, there] = [await openPresence(base.urls.worker), await openPresence(base.urls.worker)];
    const inside = await here.alone('sync', async () => [
      await here.alone('sync', () => Promise.resolve('twice here')),
      await there.alone('sync', () => Promise.resolve('twice there')),
    ]);
    assert.deepEqual(inside?.result, [null, null]);
    assert.deepEqual(await there.alone('sync', () => Promise.resolve('free')), { result: 'free' });
    await Promise.all([here.end(), there.end()]);
  });
});
