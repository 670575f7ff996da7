import assert from 'node:assert/strict';
import { createRequestBudget } from '../../../domain/sync/budget-store.js';
import { createDeviceActions } from '../../../microsoft/device-actions.js';
import { microsoftCloud } from '../../../microsoft/cloud.js';
import { defaultRetryPolicy } from '../../../microsoft/retry.js';
import { createTokens } from '../../../microsoft/tokens.js';
import { createSandboxCloud } from '../../../sandbox/cloud/cloud.js';
import type { SandboxCloud } from '../../../sandbox/cloud/cloud.js';
import type { Fault } from '../../../sandbox/cloud/faults.js';
import { sandboxActor, sandboxTenants } from '../../../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../../../sandbox/cloud/transport.js';
import { click } from '../../helpers/builders.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { silent } from '../delivery/world.js';
import { actionWorld, clockOf, pass } from './world.js';
import type { ActionWorld } from './world.js';

const [contoso] = sandboxTenants;
const tenant = contoso.entraTenantId;

describe('device actions through the real client, at the pretend Microsoft', () => {
  let base: TestDatabase;
  let cloud: SandboxCloud;
  let close: () => Promise<void>;
  let on: ActionWorld;
  let machineId: string;

  beforeEach(async () => {
    base = await testDatabase();
    const own = base;
    cloud = createSandboxCloud({ requestsPerMinute: 100_000, clock: () => clockOf(own) });
    const server = await cloud.listen();
    close = server.close;
    const common = { cloud: microsoftCloud('worldwide'), transport: sandboxTransport(server.url), log: silent };
    const { clientId, secret } = sandboxActor;
    const tokens = createTokens({
      ...common,
      credentials: () => ({ clientId, credentials: [{ kind: 'secret', secret }] }),
    });
    const retry = { ...defaultRetryPolicy, wait: () => Promise.resolve(), random: () => 0 };
    const limits = { timeoutMs: 300, maxBytes: 1_000_000 };
    const budget = createRequestBudget(base.db);
    const deviceActions = createDeviceActions({ ...common, tokens, budget, retry, limits });
    machineId = String(
      cloud.machines(tenant).find((one) => String(one['computerDnsName']).includes('lap-0117'))?.['id'],
    );
    on = await actionWorld(base, { entraTenantId: tenant, machineId, context: { deviceActions } });
  });
  afterEach(async () => {
    await close();
    await base.drop();
  });

  const sent = (what = '/isolate') =>
    cloud.requestLog.filter(({ method, path }) => method === 'POST' && path.endsWith(what)).length;
  const status = async (id: string) => (await on.row(id)).status;

  it('isolates a device, sees it end, and releases it again', async () => {
    const id = await on.approved();
    await on.run(id);
    assert.equal(await status(id), 'pending');
    await pass(base, 0.05);
    await on.run(id);
    assert.equal(await status(id), 'in_progress');
    await pass(base, 0.1);
    await on.run(id);
    assert.deepEqual([await status(id), await on.isolation()], ['completed', 'isolated']);
    assert.equal(cloud.isolation(tenant, machineId), 'isolated');
    const release = await on.approved('unisolate');
    await on.run(release);
    await pass(base, 0.1);
    await on.run(release);
    assert.deepEqual([await status(release), await on.isolation()], ['completed', 'not_isolated']);
    assert.deepEqual([sent(), sent('/unisolate')], [1, 1]);
    assert.equal(cloud.isolation(tenant, machineId), 'not_isolated');
  });

  for (const how of ['reset', 'hang', 'server_error'] as const) {
    it(`finds the isolation whose answer was lost by a ${how}, and sends no second one`, async () => {
      cloud.faults.turnOn(tenant, { kind: 'answer_lost', how }, 1);
      const id = await on.approved();
      await on.run(id);
      assert.equal(await status(id), 'unknown');
      await on.run(id);
      assert.equal(await status(id), 'pending');
      await pass(base, 0.2);
      await on.run(id);
      assert.deepEqual([await status(id), sent(), cloud.machineActions(tenant).length], ['completed', 1, 1]);
    });
  }

  const refused: readonly [string, Fault, string][] = [
    ['429', { kind: 'throttle', retryAfterSeconds: 30 }, 'failed'],
    ['500', { kind: 'server_error', status: 500 }, 'unknown'],
    ['503', { kind: 'server_error', status: 503 }, 'unknown'],
    ['a connection that is cut before anything arrives', { kind: 'reset' }, 'unknown'],
    ['403', { kind: 'permission_missing' }, 'failed'],
  ];
  for (const [name, fault, expected] of refused) {
    it(`sends nothing again after ${name}: ${expected}`, async () => {
      const id = await on.approved();
      cloud.faults.turnOn(tenant, fault, { method: 'POST', path: '/isolate', times: 1 });
      await on.run(id);
      assert.equal(await status(id), expected);
      for (let n = 0; n < 3; n += 1) await on.run(id);
      assert.deepEqual([await status(id), sent(), cloud.machineActions(tenant).length], [expected, 1, 0]);
    });
  }

  it('follows what somebody began in the portal', async () => {
    const id = await on.approved();
    cloud.orderInPortal(tenant, { machineId, type: 'Isolate' });
    await on.run(id);
    await pass(base, 0.2);
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.is_attached, sent()], ['completed', true, 0]);
  });

  it('queues for a device that is offline, and cancels it when its time is over', async () => {
    cloud.setOnline(tenant, machineId, false);
    const id = await on.approved();
    await on.run(id);
    await pass(base, 60);
    await on.run(id);
    assert.equal(await status(id), 'pending');
    await pass(base, 24 * 60);
    for (let n = 0; n < 2; n += 1) await on.run(id);
    assert.deepEqual([await status(id), cloud.machineActions(tenant)[0]?.['status']], ['cancelled', 'Cancelled']);
    cloud.setOnline(tenant, machineId, true);
    await pass(base, 60);
    assert.equal(cloud.isolation(tenant, machineId), 'not_isolated');
  });

  it('cancels a queued one because a person wants it', async () => {
    cloud.setOnline(tenant, machineId, false);
    const id = await on.approved();
    await on.run(id);
    await on.service.cancel(click(on.ana, id), 'False alarm');
    for (let n = 0; n < 2; n += 1) await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.ended_by], ['cancelled', on.ana.userId]);
  });

  it('keeps a given up isolation from firing after the release', async () => {
    cloud.setOnline(tenant, machineId, false);
    cloud.faults.turnOn(tenant, { kind: 'answer_lost', how: 'reset' }, 1);
    const id = await on.approved();
    await on.run(id);
    await pass(base, 11);
    const release = await on.ask('unisolate');
    await on.run(id);
    await on.run(release);
    await on.run(release);
    cloud.setOnline(tenant, machineId, true);
    await pass(base, 5);
    await on.run(id);
    await on.run(release);
    assert.deepEqual([await status(id), await status(release)], ['timed_out', 'completed']);
    assert.equal((await on.row(id)).late_outcome, 'Cancelled');
    assert.deepEqual([cloud.isolation(tenant, machineId), await on.isolation()], ['not_isolated', 'not_isolated']);
  });

  it('names the consent that is missing, before anything is sent', async () => {
    cloud.faults.turnOn(tenant, { kind: 'consent_revoked' });
    const id = await on.approved();
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, sent()], ['failed', 0]);
    assert.match(row.result_message ?? '', /consent/i);
  });

  it('ends as Microsoft says it ended', async () => {
    cloud.faults.turnOn(tenant, { kind: 'action_fails' });
    const id = await on.approved();
    await on.run(id);
    await pass(base, 1);
    await on.run(id);
    assert.deepEqual([await status(id), await on.isolation()], ['failed', null]);
  });
});
