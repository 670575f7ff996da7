import assert from 'node:assert/strict';
import { createWorker } from '../../../jobs/worker.js';
import type { Worker } from '../../../jobs/worker.js';
import { deviceActionTask } from '../../../jobs/tasks/device-action.js';
import { dueActionsTask } from '../../../jobs/tasks/due-actions.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { until } from '../../helpers/until.js';
import { silent } from '../delivery/world.js';
import { handlersWith } from '../queue/idle-handlers.js';
import { actionWorld, pass } from './world.js';
import type { ActionWorld } from './world.js';

describe('actions and the queue', () => {
  let base: TestDatabase;
  let on: ActionWorld;
  const workers: Worker[] = [];
  beforeEach(async () => {
    base = await testDatabase();
    on = await actionWorld(base);
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await base.drop();
  });

  const start = async () => {
    const handlers = handlersWith({
      device_action: deviceActionTask(on.context),
      due_actions: dueActionsTask(base.db),
    });
    const worker = createWorker({ url: base.urls.worker, handlers, log: silent, pollMs: 50 });
    workers.push(worker);
    await worker.start();
  };
  const isIn = (id: string, status: string) =>
    until(`the action is ${status}`, async () => (await on.row(id)).status === status);
  const jobs = () =>
    base.admin('graphile_worker.jobs').where({ task_identifier: 'device_action' }).pluck<string[]>('key');

  it('an approval is used at once, by one of two replicas, and the next poll waits in the queue', async () => {
    await Promise.all([start(), start()]);
    const id = await on.approved();
    await isIn(id, 'pending');
    // The job that sent it may still be ending beside the one of the next poll.
    const next = `${on.tenantId}/action/${id}`;
    await until('the job of the next poll is there, alone', async () => String(await jobs()) === next);
    assert.equal(on.defender.orders.length, 1);
  });

  it('an action whose job was lost, or whose time came because the clock was moved, is found by the minute', async () => {
    const id = await on.approved();
    await base.admin.raw('delete from graphile_worker._private_jobs');
    await start();
    const look = () => base.admin.raw("select graphile_worker.add_job('due_actions', '{}')");
    await look();
    await isIn(id, 'pending');
    on.defender.say('Succeeded');
    await pass(base, 10);
    await look();
    await isIn(id, 'completed');
    assert.equal(on.defender.orders.length, 1);
  });

  it('an action that has ended is looked at no more', async () => {
    const id = await on.approved();
    await on.run(id);
    on.defender.say('Succeeded');
    await on.run(id);
    await base.admin.raw('delete from graphile_worker._private_jobs');
    const due: string[] = [];
    const run = {
      signal: new AbortController().signal,
      addLater: (_name: string, payload: object) => Promise.resolve(void due.push(JSON.stringify(payload))),
      addForTenants: () => Promise.resolve(),
      alone: async <T>(_what: string, work: () => Promise<T>) => ({ result: await work() }),
    };
    await pass(base, 60);
    await dueActionsTask(base.db)({}, run);
    assert.deepEqual(due, []);
  });
});
