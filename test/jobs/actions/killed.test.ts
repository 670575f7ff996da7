import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { ActionOrder } from '../../../domain/actions/action-gateway.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { actionWorld, pass } from './world.js';
import type { ActionWorld } from './world.js';

type Call = 'machine' | 'ofMachine' | 'order' | 'answered';

describe('a process that is killed while it carries out an isolation', () => {
  let base: TestDatabase;
  let on: ActionWorld;
  let server: Server | undefined;
  let child: ChildProcess | undefined;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    on = await actionWorld(base);
  });
  afterEach(() => {
    child?.kill('SIGKILL');
    server?.closeAllConnections();
    server?.close();
  });
  after(() => base.drop());

  const connection = () => ({ tenantId: on.tenantId, entraTenantId: on.entraTenantId });
  const { signal } = new AbortController();

  /** Microsoft over HTTP, which never answers `silentAt`; `arrives` says whether an unanswered order counts there. */
  async function killAt(id: string, silentAt: Call, arrives: boolean): Promise<void> {
    let reached = () => {};
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const answer = async (method: string, body: string): Promise<unknown> => {
      if (method === 'order' && arrives)
        return on.defender.order(connection(), JSON.parse(body) as ActionOrder, signal);
      if (method === 'machine') return on.defender.machine(connection(), on.machineId, signal);
      return method === 'ofMachine' ? on.defender.ofMachine(connection(), on.machineId, null, signal) : null;
    };
    server = createServer((request, response) => {
      const method = (request.url ?? '').slice(1);
      void text(request).then(async (body) => {
        const said = await answer(method, body);
        if (method === silentAt) reached();
        else response.end(JSON.stringify(said));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const program = ['--import', 'tsx', 'test/jobs/actions/killed-process.ts', url, on.tenantId, id];
    const env = { ...process.env, APP_URL: base.urls.app, SYSTEM_URL: base.urls.system };
    const killed = spawn(process.execPath, program, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child = killed;
    await there;
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    await exited;
  }

  it('before anything left, leaves it to another process, which sends it once', async () => {
    const id = await on.approved();
    await killAt(id, 'ofMachine', true);
    assert.deepEqual([(await on.row(id)).status, on.defender.orders.length], ['approved', 0]);
    await on.run(id);
    await on.run(id);
    assert.equal(on.defender.orders.length, 1);
    assert.equal((await on.row(id)).status, 'pending');
  });

  it('while the request was out, never has it sent again: it is found at Microsoft', async () => {
    const id = await on.approved();
    await killAt(id, 'order', true);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.sent_at !== null, on.defender.orders.length], ['unknown', true, 1]);
    await on.run(id);
    assert.equal((await on.row(id)).status, 'pending');
    on.defender.say('Succeeded');
    await on.run(id);
    assert.deepEqual([(await on.row(id)).status, on.defender.orders.length], ['completed', 1]);
  });

  it('in the moment before the request left, does not have it sent either: nobody can know', async () => {
    const id = await on.approved();
    await killAt(id, 'order', false);
    for (let n = 0; n < 3; n += 1) await on.run(id);
    assert.deepEqual([(await on.row(id)).status, on.defender.orders.length], ['unknown', 0]);
    await pass(base, 11);
    const release = await on.ask('unisolate');
    assert.deepEqual([(await on.row(id)).status, (await on.row(release)).status], ['timed_out', 'approved']);
  });

  it('after the answer but before it was written down, has it found at Microsoft', async () => {
    const id = await on.approved();
    await killAt(id, 'answered', true);
    assert.equal((await on.row(id)).microsoft_action_id, null);
    await on.run(id);
    const row = await on.row(id);
    assert.deepEqual([row.status, row.microsoft_action_id], ['pending', on.defender.actions[0]?.id]);
    assert.equal(on.defender.orders.length, 1);
  });
});
