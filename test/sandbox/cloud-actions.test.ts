import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import type { SandboxCloudOptions } from '../../sandbox/cloud/cloud.js';
import { livesOf, localDelays, queueMs, statusAt } from '../../sandbox/cloud/estate/action-life.js';
import type { StoredAction } from '../../sandbox/cloud/estate/action-life.js';
import { createPower } from '../../sandbox/cloud/estate/power.js';
import { sandboxActor } from '../../sandbox/cloud/tenants.js';
import type { MicrosoftRecord } from '../../sandbox/cloud/tenants.js';
import { contoso, defenderScope, openCloud, tenant } from './cloud-client.js';
import type { CloudClient } from './cloud-client.js';

const isolation = { Comment: 'Requested by Bo, approved by Maya', IsolationType: 'Full' };
const hour = 3_600_000;

describe('machine actions of the pretend Defender', () => {
  let client: CloudClient;
  const open = async (options: SandboxCloudOptions = {}) => {
    client = await openCloud(options);
  };
  afterEach(() => client.close());

  const machine = (part: string): MicrosoftRecord =>
    client.cloud.machines(tenant).find((one) => String(one['computerDnsName']).includes(part)) ?? {};
  const idOf = (part: string) => String(machine(part)['id']);
  const isolate = (id: string, body: unknown = isolation) => client.post(`/api/machines/${id}/isolate`, body);
  const release = (id: string) => client.post(`/api/machines/${id}/unisolate`, { Comment: 'Cleaned' });
  const scan = (id: string) =>
    client.post(`/api/machines/${id}/runAntiVirusScan`, { Comment: 'Look', ScanType: 'Quick' });
  const cancel = (id: string) => client.post(`/api/machineactions/${id}/cancel`, { Comment: 'Not needed' });
  const status = async (id: string) => (await client.get(`/api/machineactions/${id}`)).body['status'];

  it('go from Pending over InProgress to Succeeded, and the device is isolated only then', async () => {
    await open();
    const id = idOf('lap-0117');
    const answer = await isolate(id);
    assert.equal(answer.status, 201);
    const action = answer.body;
    assert.deepEqual(
      [action['type'], action['scope'], action['status'], action['machineId'], action['requestor']],
      ['Isolate', 'Full', 'Pending', id, sandboxActor.name],
    );
    assert.equal(action['requestorComment'], isolation.Comment);
    client.pass(2_500);
    assert.equal(await status(String(action['id'])), 'InProgress');
    assert.equal(client.cloud.isolation(tenant, id), 'not_isolated');
    client.pass(4_000);
    const done = (await client.get(`/api/machineactions/${String(action['id'])}`)).body;
    assert.deepEqual([done['status'], done['errorHResult']], ['Succeeded', 0]);
    assert.ok(String(done['lastUpdateDateTimeUtc']) > String(done['creationDateTimeUtc']));
    assert.equal(client.cloud.isolation(tenant, id), 'isolated');
    await release(id);
    client.pass(3_500);
    assert.equal(client.cloud.isolation(tenant, id), 'not_isolated');
  });

  it('are refused while one of their kind is under way, and on a device that is isolated already', async () => {
    await open();
    const id = idOf('lap-0117');
    await isolate(id);
    const second = await isolate(id);
    assert.deepEqual([second.status, second.code], [400, 'ActiveRequestAlreadyExists']);
    assert.match(second.text, /Action is already in progress/);
    client.pass(3_000);
    assert.equal((await isolate(id)).code, 'ActiveRequestAlreadyExists');
    assert.equal((await scan(id)).status, 201, 'a scan is of another kind');
    assert.equal((await scan(id)).code, 'ActiveRequestAlreadyExists');
    client.pass(6_000);
    const again = await isolate(id);
    assert.deepEqual([again.status, again.code], [400, 'InvalidInput']);
    assert.equal(client.cloud.machineActions(tenant).length, 2);
  });

  it('need a body in exactly the case of the documentation', async () => {
    await open();
    const id = idOf('lap-0117');
    const bodies = [
      { comment: 'x', IsolationType: 'Full' },
      { Comment: 'x', isolationType: 'Full' },
      { IsolationType: 'Full' },
      { Comment: '', IsolationType: 'Full' },
      { Comment: 'x' },
      { Comment: 'x', IsolationType: 'full' },
      { Comment: 'x', IsolationType: 'Entirely' },
      'nonsense',
    ];
    for (const body of bodies) {
      const refused = await isolate(id, body);
      assert.deepEqual([refused.status, refused.code], [400, 'InvalidRequestBody'], JSON.stringify(body));
    }
    const scans = await client.post(`/api/machines/${id}/runAntiVirusScan`, { Comment: 'x', ScanType: 'Deep' });
    assert.equal(scans.code, 'InvalidRequestBody');
    assert.equal((await client.post(`/api/machines/${id}/unisolate`, { comment: 'x' })).code, 'InvalidRequestBody');
    assert.deepEqual(client.cloud.machineActions(tenant), []);
  });

  it('are refused on machines that cannot do it', async () => {
    await open();
    const refusal = async (part: string, body: unknown = isolation) => (await isolate(idOf(part), body)).code;
    assert.equal(await refusal('srv-old-01'), 'OsPlatformNotSupported');
    assert.equal(await refusal('desk-cnc-01'), 'ClientVersionNotSupported');
    assert.equal(await refusal('lap-new-07'), 'InvalidInput');
    assert.equal(await refusal('prn-gate-02'), 'InvalidInput');
    const selective = { ...isolation, IsolationType: 'Selective' };
    assert.equal(await refusal('srv-file-01', selective), 'OsPlatformNotSupported');
    assert.equal((await isolate(idOf('lap-0142'), selective)).status, 201);
    client.pass(10_000);
    assert.equal(client.cloud.isolation(tenant, idOf('lap-0142')), 'selectively_isolated');
    const nowhere = await isolate('0'.repeat(40));
    assert.deepEqual([nowhere.status, nowhere.text], [404, '']);
  });

  it('wait for a device that is offline, and begin when it comes back', async () => {
    await open();
    const id = idOf('lap-0203');
    client.cloud.setOnline(tenant, id, false);
    const action = String((await isolate(id)).body['id']);
    client.pass(5 * hour);
    assert.equal(await status(action), 'Pending');
    client.cloud.setOnline(tenant, id, true);
    client.pass(1_000);
    assert.equal(await status(action), 'InProgress');
    client.pass(5_000);
    assert.equal(await status(action), 'Succeeded');
    const seldom = idOf('kiosk-lobby-1');
    await isolate(seldom);
    client.pass(hour);
    assert.equal(client.cloud.isolation(tenant, seldom), 'not_isolated', 'an inactive machine is not reached');
    client.cloud.setOnline(tenant, seldom, true);
    assert.equal(client.cloud.machineActions(tenant)[0]?.['status'], 'InProgress', 'it begins now, not an hour ago');
  });

  it('of an isolation and its release run in the order of the orders once the device is back', async () => {
    await open();
    const id = idOf('lap-0203');
    client.cloud.setOnline(tenant, id, false);
    await isolate(id);
    client.pass(hour);
    await release(id);
    client.cloud.setOnline(tenant, id, true);
    client.pass(5_000);
    assert.equal(client.cloud.isolation(tenant, id), 'isolated');
    client.pass(5_000);
    assert.equal(client.cloud.isolation(tenant, id), 'not_isolated');
  });

  it('time out after 72 hours, with the number that real records have', async () => {
    await open();
    const id = idOf('lap-0203');
    client.cloud.setOnline(tenant, id, false);
    const action = String((await isolate(id)).body['id']);
    client.pass(72 * hour - 1_000);
    assert.equal(await status(action), 'Pending');
    client.pass(2_000);
    const { body } = await client.get(`/api/machineactions/${action}`);
    assert.deepEqual([body['status'], body['errorHResult']], ['TimeOut', -2145844840]);
  });

  it('are cancelled while they are Pending or InProgress only', async () => {
    await open();
    const id = idOf('lap-0203');
    client.cloud.setOnline(tenant, id, false);
    const action = String((await isolate(id)).body['id']);
    client.pass(60_000);
    const cancelled = await cancel(action);
    assert.deepEqual([cancelled.status, cancelled.body['status']], [200, 'Cancelled']);
    assert.deepEqual(
      [cancelled.body['cancellationRequestor'], cancelled.body['cancellationComment']],
      [sandboxActor.name, 'Not needed'],
    );
    client.cloud.setOnline(tenant, id, true);
    client.pass(hour);
    assert.equal(client.cloud.isolation(tenant, id), 'not_isolated');
    assert.deepEqual([(await cancel(action)).status, (await cancel(action)).code], [400, 'BadRequest']);
    const done = String((await scan(id)).body['id']);
    client.pass(9_000);
    assert.equal((await cancel(done)).status, 400);
    assert.equal(
      (await client.post(`/api/machineactions/${done}/cancel`, { comment: 'x' })).code,
      'InvalidRequestBody',
    );
  });

  it('are found by id, which must be a GUID, and by filters', async () => {
    await open();
    const [one, two] = [idOf('lap-0117'), idOf('lap-0142')];
    const first = String((await isolate(one)).body['id']);
    client.pass(60_000);
    const second = String((await scan(two)).body['id']);
    const bad = await client.get('/api/machineactions/7');
    assert.equal(bad.status, 400);
    assert.match(bad.text, /should be format of type 'Edm\.Guid'/);
    const missing = await client.get('/api/machineactions/00000000-0000-4000-8000-000000000000');
    assert.deepEqual([missing.status, missing.code], [404, 'ResourceNotFound']);
    const found = async (filter: string) =>
      (await client.get(`/api/machineactions?$filter=${encodeURIComponent(filter)}`)).rows.map((row) => row['id']);
    assert.deepEqual(await found(`machineId eq '${one}'`), [first]);
    assert.deepEqual(await found("status eq 'Pending' or status eq 'InProgress'"), [second]);
    assert.deepEqual(await found(`id eq ${first}`), [first]);
    assert.deepEqual(await found("type eq 'Isolate' and creationDateTimeUtc le 2026-05-04T09:00:30Z"), [first]);
    assert.deepEqual(await found('creationDateTimeUtc ge 2026-05-04T09:00:30Z'), [second]);
    assert.deepEqual(
      (await client.get('/api/machineactions')).rows.map((row) => row['id']),
      [second, first],
    );
    assert.equal((await client.get("/api/machineactions?$filter=id eq 'x'")).status, 400);
  });

  it('fail, time out or hang on for ever when somebody decides so', async () => {
    await open();
    const end = async (part: string, kind: 'action_fails' | 'action_times_out' | 'action_stuck') => {
      client.cloud.faults.turnOn(tenant, { kind }, 1);
      const action = String((await isolate(idOf(part))).body['id']);
      client.pass(10_000);
      return status(action);
    };
    assert.equal(await end('lap-0117', 'action_fails'), 'Failed');
    assert.equal(await end('lap-0142', 'action_times_out'), 'TimeOut');
    assert.equal(await end('lap-0203', 'action_stuck'), 'Pending');
    assert.equal(client.cloud.isolation(tenant, idOf('lap-0117')), 'not_isolated');
  });

  it('are begun although the answer was lost, and not begun when the request failed before', async () => {
    await open();
    const { faults } = client.cloud;
    const id = idOf('lap-0117');
    faults.turnOn(tenant, { kind: 'answer_lost', how: 'reset' }, { times: 1, path: '/isolate' });
    await assert.rejects(isolate(id));
    assert.equal(client.cloud.machineActions(tenant).length, 1);
    faults.turnOn(tenant, { kind: 'answer_lost', how: 'server_error' }, 1);
    assert.equal((await scan(id)).status, 500);
    assert.equal(client.cloud.machineActions(tenant).length, 2);
    faults.turnOn(tenant, { kind: 'server_error', status: 500 }, { times: 1, method: 'POST', api: 'defender' });
    assert.equal((await isolate(idOf('lap-0142'))).status, 500);
    faults.turnOn(tenant, { kind: 'answer_lost', how: 'hang' }, 1);
    const body = JSON.stringify(isolation);
    const bearer = await client.token(sandboxActor, defenderScope);
    const giveUp = new AbortController();
    const path = `/api/machines/${idOf('lap-0203')}/isolate`;
    const lost = client.ask(path, { method: 'POST', body, signal: giveUp.signal }, bearer);
    while (client.cloud.requestLog.at(-1)?.path !== path) await new Promise((resolve) => setImmediate(resolve));
    giveUp.abort();
    await assert.rejects(lost);
    const refused = await isolate(id);
    assert.equal(refused.code, 'ActiveRequestAlreadyExists');
    assert.deepEqual(
      client.cloud
        .machineActions(tenant)
        .map((one) => one['computerDnsName'])
        .sort(),
      [machine('lap-0117'), machine('lap-0117'), machine('lap-0203')].map((one) => one['computerDnsName']).sort(),
    );
  });

  it('and switches survive a restart', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const stateFile = join(folder, 'cloud.jsonl');
    try {
      await open({ stateFile });
      const [away, here] = [idOf('lap-0203'), idOf('lap-0117')];
      client.cloud.setOnline(tenant, away, false);
      const action = String((await isolate(away)).body['id']);
      await isolate(here);
      client.cloud.changeMachine(tenant, here, { riskScore: 'Severe' });
      client.cloud.removeMachine(tenant, idOf('lap-0219'));
      const added = client.cloud.addMachine(tenant, { computerDnsName: 'new-one' });
      const [exposure] = client.cloud.exposures(tenant);
      client.cloud.fixExposure(tenant, String(exposure?.['id']));
      const before = [
        client.cloud.machines(tenant),
        client.cloud.exposures(tenant),
        client.cloud.machineActions(tenant),
      ];
      await client.close();
      await open({ stateFile });
      const { cloud } = client;
      assert.deepEqual([cloud.machines(tenant), cloud.exposures(tenant), cloud.machineActions(tenant)], before);
      assert.equal(machine('new-one')['id'], added['id']);
      client.pass(10_000);
      assert.equal(cloud.isolation(tenant, here), 'isolated');
      assert.equal(await status(action), 'Pending');
      assert.equal((await isolate(away)).code, 'ActiveRequestAlreadyExists');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of a folder stay as they are, stand in the way, and can be cancelled', async () => {
    const machines = [{ id: 'm1', osPlatform: 'Windows11', onboardingStatus: 'Onboarded' }];
    const id = '5382f7ea-7557-4ab7-9782-d50480024a4e';
    const recorded = { id, type: 'Isolate', scope: 'Full', status: 'Pending', machineId: 'm1' };
    const times = { creationDateTimeUtc: '2019-01-02T14:39:38.2262283Z' };
    await open({ tenants: [{ ...contoso, machines, machineActions: [{ ...recorded, ...times }] }] });
    client.pass(100 * hour);
    assert.equal(await status(id), 'Pending');
    assert.equal((await isolate('m1')).code, 'ActiveRequestAlreadyExists');
    assert.equal((await cancel(id)).body['status'], 'Cancelled');
    assert.equal((await isolate('m1')).status, 201);
  });

  it('never go back in their life, whatever is switched on and off meanwhile', async () => {
    await open();
    const order = { Pending: 0, InProgress: 1, Succeeded: 2, Failed: 2, TimeOut: 2, Cancelled: 2 };
    const moment = fc.integer({ min: 0, max: queueMs * 1.5 });
    const fate = fc.constantFrom('succeeds', 'fails', 'times_out', 'stuck');
    fc.assert(
      fc.property(fc.uniqueArray(moment, { maxLength: 6 }), moment, fate, (switches, created, fate) => {
        const power = createPower(() => true);
        const action: StoredAction = {
          id: 'a',
          machineId: 'm',
          type: 'Isolate',
          scope: 'Full',
          requestor: '',
          comment: '',
          requestSource: 'PublicApi',
          createdAt: new Date(created).toISOString(),
          fate,
          errorHResult: 0,
          cancellation: null,
        };
        let before = 0;
        let isOnline = true;
        const looks = [...switches].sort((a, b) => a - b).concat(queueMs * 3);
        for (const at of looks) {
          for (const now of [at - 1, at]) {
            const life = livesOf([action], power, localDelays).get('a');
            if (!life || now < created) continue;
            const reached = order[statusAt(life, now)];
            assert.ok(reached >= before);
            before = reached;
          }
          power.set('m', at, (isOnline = !isOnline));
        }
        assert.equal(before, 2, 'it ends within three days');
      }),
    );
  });
});
