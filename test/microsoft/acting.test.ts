import assert from 'node:assert/strict';
import type { ActionOrder } from '../../domain/actions/action-gateway.js';
import type { SourceAlert } from '../../domain/alerts/alert-source.js';
import { connectMicrosoft } from '../../microsoft/connect.js';
import { microsoftCloud } from '../../microsoft/cloud.js';
import type { CredentialSource } from '../../microsoft/credentials.js';
import type { Log } from '../../microsoft/log.js';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import type { SandboxApp } from '../../sandbox/cloud/tenants.js';
import { sandboxActor, sandboxApp } from '../../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../../sandbox/cloud/transport.js';
import { collect, contosoConnection } from './harness.js';
import { itemsOf, never } from './pretend.js';

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const as = ({ clientId, secret }: SandboxApp): CredentialSource => {
  return () => ({ clientId, credentials: [{ kind: 'secret', secret }] });
};

describe('acting at the pretend Microsoft cloud', () => {
  const cloud = createSandboxCloud({ requestsPerMinute: 10_000 });
  let url: string;
  let close: () => Promise<void>;
  before(async () => ({ url, close } = await cloud.listen()));
  after(() => close());

  const microsoft = (actor: SandboxApp = sandboxActor) =>
    connectMicrosoft({
      reader: as(sandboxApp),
      actor: as(actor),
      ...{ cloud: microsoftCloud('worldwide'), transport: sandboxTransport(url), log },
    });
  async function machineId(name: RegExp): Promise<string> {
    const machines = await itemsOf(microsoft().sources.machines.machines(contosoConnection, never()));
    const found = machines.find((machine) => name.test(machine.name ?? ''))?.microsoftDeviceId;
    assert.ok(found);
    return found;
  }
  const order = (microsoftDeviceId: string, more: Partial<ActionOrder> = {}): ActionOrder => ({
    ...{ kind: 'isolate', microsoftDeviceId, parameter: 'Full', comment: 'Ana, approved by Maya: test' },
    ...more,
  });
  const isolations = (id: string) =>
    cloud.requestLog.filter(({ path, method }) => method === 'POST' && path.endsWith(`${id}/isolate`)).length;

  it('isolates once, finds the second request active, and cancels or follows the first', async () => {
    const actions = microsoft().deviceActions;
    const id = await machineId(/lap-0117/);
    assert.ok(actions);
    assert.equal((await actions.machine(contosoConnection, id, never()))?.onboarding?.toLowerCase(), 'onboarded');
    const first = await actions.order(contosoConnection, order(id), never());
    assert.ok(first.is === 'accepted');
    const second = await actions.order(contosoConnection, order(id), never());
    assert.deepEqual([second.is, isolations(id)], ['active', 2]);
    const listed = await actions.ofMachine(contosoConnection, id, null, never());
    const read = await actions.read(contosoConnection, first.action.id, never());
    assert.ok(listed.some((one) => one.id === first.action.id));
    assert.deepEqual([read?.id, read?.comment], [first.action.id, 'Ana, approved by Maya: test']);
    assert.equal((await actions.cancel(contosoConnection, first.action.id, 'not any more', never())).is, 'accepted');
    assert.equal((await actions.cancel(contosoConnection, first.action.id, 'again', never())).is, 'refused');
    const unknown = '00000000-0000-4000-8000-000000000000';
    assert.equal(await actions.read(contosoConnection, unknown, never()), null);
  });

  it('is refused with the name of the permission when the application that reads tries to act', async () => {
    const actions = microsoft(sandboxApp).deviceActions;
    const outcome = await actions?.order(contosoConnection, order(await machineId(/lap-0203/)), never());
    assert.ok(outcome?.is === 'refused');
    assert.match(outcome.message, /Machine\.Isolate of WindowsDefenderATP .* Nothing was begun/);
  });

  it('resolves an alert so that the next read brings it with the very update time of the answer', async () => {
    const { sources, alertUpdates } = microsoft();
    const all = (await collect(sources.alerts)).flatMap((page) => page.alerts);
    const alert = all.find(({ status }) => status !== 'resolved') as SourceAlert;
    const verdict = {
      classification: 'truePositive',
      determination: null,
      comment: 'Ana: cleaned [A-1 ACT-1]',
    } as const;
    const resolve = () => alertUpdates?.resolve(contosoConnection, alert.microsoftAlertId, verdict, never());
    const { lastUpdate } = (await resolve()) ?? {};
    const again = (await collect(sources.alerts)).flatMap((page) => page.alerts);
    const now = again.find(({ microsoftAlertId }) => microsoftAlertId === alert.microsoftAlertId);
    assert.deepEqual([now?.status, now?.lastUpdate], ['resolved', lastUpdate]);
    await resolve();
    const comments = cloud.requestLog.filter(({ path }) => path.endsWith('/comments'));
    assert.equal(comments.length, 1);
  });
});
