import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Actor, Role } from '../../domain/access/actor.js';
import { roles } from '../../domain/access/actor.js';
import type { ActionPolicy } from '../../domain/actions/policy.js';
import { createServices } from '../../domain/create-services.js';
import { DomainError } from '../../domain/errors.js';
import type { ActionCause, Services } from '../../domain/services.js';
import { actorIn, click, linkedChannel, moveClock, openAlert, sourceDevice } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { asking, insertActionRow, insertDevice, nowOf, order, setPolicy } from '../helpers/actions.js';
import { first, rowsOf } from '../helpers/rows.js';

describe('asking for an action on a device', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;
  let maya: Actor;
  let device: string;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db, acting: { forceDryRun: false, canAct: true } });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
    maya = await actorIn(t.admin, tenantId, 'tenant_admin', 'Maya');
    device = await insertDevice(t.admin, tenantId);
    await setPolicy(t.admin, tenantId, { dryRun: false });
  });

  const policy = (given: Partial<ActionPolicy>) => setPolicy(t.admin, tenantId, { dryRun: false, ...given });
  const noApproval = { isolate: false, release: false, scan: false };
  const actions = () => rowsOf(t.admin, 'edr_actions', tenantId);
  const jobs = async () => {
    const { rows } = await t.admin.raw<{ rows: { task: string; key: string }[] }>(
      `select t.identifier as task, j.key from graphile_worker._private_jobs j
       join graphile_worker._private_tasks t on t.id = j.task_id where j.key like ? order by 1`,
      [`${tenantId}/%`],
    );
    return rows.map((row) => [row.task, row.key.slice(tenantId.length + 1)]);
  };
  const refusal = (code: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
  const refused = (who: Actor, code: string, message: RegExp, given: Parameters<typeof order>[1] = {}, on = device) =>
    assert.rejects(services.actions.request(...asking(who, on, given)), refusal(code, message));

  it('waits for approval, asks everybody who may give it, and sends nothing', async () => {
    const alex = await actorIn(t.admin, tenantId, 'tenant_admin', 'Alex');
    await actorIn(t.admin, tenantId, 'security_analyst', 'Bo');
    const { view, repeated } = await services.actions.request(...asking(ann, device));
    const { action } = view;
    assert.deepEqual(
      [repeated, action.status, action.number, action.parameter, action.needsApproval, action.isDryRun, action.sentAt],
      [false, 'requested', 1, 'Full', true, false, null],
    );
    assert.equal(action.approveBy?.getTime(), action.requestedAt.getTime() + 30 * 60_000);
    assert.equal(action.queueExpiresAt?.getTime(), action.requestedAt.getTime() + 24 * 3_600_000);
    assert.equal(action.nextStepAt?.getTime(), action.requestedAt.getTime());
    assert.deepEqual(
      view.asked.map((one) => [one.displayName, one.userId, one.reached]),
      [
        ['Alex', alex.userId, null],
        ['Maya', maya.userId, null],
      ],
    );
    assert.deepEqual(await jobs(), [
      ['ask_approvers', `ask/${action.id}`],
      ['device_action', `action/${action.id}`],
    ]);
  });

  it('goes ahead at once where the tenant asks for no approval', async () => {
    await policy({ approval: noApproval });
    const { view } = await services.actions.request(...asking(ann, device, { kind: 'scan', parameter: 'Full' }));
    const { action } = view;
    assert.deepEqual(
      [action.status, action.parameter, action.needsApproval, action.approveBy, view.asked],
      ['approved', 'Full', false, null, []],
    );
    assert.deepEqual([action.approvedAt?.getTime(), action.approvedBy], [action.requestedAt.getTime(), null]);
    assert.deepEqual(await jobs(), [['device_action', `action/${action.id}`]]);
  });

  it('on a server, a domain controller or a high-value device always waits for approval', async () => {
    await policy({ approval: noApproval });
    for (const given of [
      { operating_system: 'WindowsServer2022' },
      { operating_system: 'Linux' },
      { device_value: 'High' },
      { machine_tags: JSON.stringify(['Tier 0', 'Domain Controllers']) },
    ]) {
      const id = await insertDevice(t.admin, tenantId, given);
      for (const kind of ['isolate', 'scan'] as const) {
        const { view } = await services.actions.request(...asking(ann, id, { kind }));
        assert.equal(view.action.status, 'requested', JSON.stringify(given));
      }
      assert.equal((await services.devices.view(ann, id)).isSensitive, true);
    }
  });

  it('is written down with who, what, why, and marks the cards that show it', async () => {
    const channel = await linkedChannel(t.admin, tenantId, maya.userId);
    const alert = await openAlert(t.db, tenantId, { device: sourceDevice({ onboarding: 'onboarded' }) });
    const other = await openAlert(t.db, tenantId);
    const onDevice = first(await rowsOf(t.admin, 'security_alerts', tenantId, { id: alert })).device_id ?? '';
    await t.admin('security_alerts').where({ id: other }).update({ device_id: onDevice });
    await t.admin('posted_cards').insert(
      [alert, other].map((id) => ({
        tenant_id: tenantId,
        entity_type: 'alert',
        entity_id: id,
        conversation_id: channel,
        activity_id: `f:${id}`,
        card_schema: 1,
      })),
    );
    await t.admin('outbox').where({ tenant_id: tenantId }).delete();
    const cause: ActionCause = { entity: 'alert', entityId: alert };
    const { view } = await services.actions.request(
      { ...click(ann, onDevice), activityId: 'f:click' },
      order(onDevice, { cause }),
    );
    assert.equal(view.alert?.id, alert);
    const row = first((await rowsOf(t.admin, 'audit_log', tenantId)).slice(-1));
    assert.deepEqual(
      [row.action, row.entity_type, row.entity_id, row.actor, row.reason, row.activity_id],
      ['device.isolate', 'action', view.action.id, ann.userId, 'beacons to a known address', 'f:click'],
    );
    const stale = (await rowsOf(t.admin, 'outbox', tenantId)).map((one) => one.stale_key);
    assert.deepEqual(
      stale.toSorted(),
      [`action:${view.action.id}`, `alert:${alert}`, `alert:${other}`, `thread:${row.id}`].toSorted(),
    );
    assert.deepEqual(
      (await services.alerts.view(ann, alert)).device?.openActions.map((one) => [one.number, one.kind, one.status]),
      [[1, 'isolate', 'requested']],
    );
    const { history } = await services.devices.view(ann, onDevice);
    assert.deepEqual(
      history.map((line) => [line.action, line.by, line.reason]),
      [['device.isolate', 'Ann', 'beacons to a known address']],
    );
  });

  it('from an incident names a device of its alerts, and shows there', async () => {
    const alert = await openAlert(t.db, tenantId, { device: sourceDevice() });
    for (const act of ['take', 'investigate', 'escalate'] as const) await services.alerts[act](click(ann, alert));
    const incident = (await services.alerts.view(ann, alert)).incident?.id ?? '';
    const onDevice = first(await rowsOf(t.admin, 'security_alerts', tenantId)).device_id ?? '';
    const cause: ActionCause = { entity: 'incident', entityId: incident };
    const form = await services.actions.form(ann, 'isolate', cause);
    assert.deepEqual(
      form.devices.map((one) => [one.id, one.fault, one.approvers, one.actionCount]),
      [[onDevice, null, ['Maya'], 0]],
    );
    const { view } = await services.actions.request(...asking(ann, onDevice, { cause }));
    assert.equal(view.incident?.id, incident);
    const { devices } = await services.incidents.view(ann, incident);
    assert.deepEqual(
      devices.map((one) => [one.id, one.openActions.length]),
      [[onDevice, 1]],
    );
    await refused(ann, 'not_found', /Not found here/, { cause });
  });

  it('needs a reason of at most 500 characters that says something', async () => {
    await refused(ann, 'invalid', /reason must not be blank/, { reason: ' \u200b ' });
    await refused(ann, 'invalid', /500 characters at most/, { reason: 'x'.repeat(501) });
    const { view } = await services.actions.request(...asking(ann, device, { reason: ` ${'x'.repeat(500)} ` }));
    assert.equal(view.action.reason.length, 500);
  });

  it('knows the kinds of isolation and scan that Microsoft knows, and no others', async () => {
    await refused(ann, 'invalid', /as Full or Selective/, { parameter: 'full' });
    await refused(ann, 'invalid', /as Quick or Full/, { kind: 'scan', parameter: 'Selective' });
    await refused(ann, 'invalid', /A release has no kinds/, { kind: 'unisolate', parameter: 'Full' });
    const { view } = await services.actions.request(...asking(ann, device, { parameter: 'Selective' }));
    assert.equal(view.action.parameter, 'Selective');
  });

  it('is refused for devices that nothing can be done to, with what to do instead', async () => {
    const newer = await insertDevice(t.admin, tenantId, { device_name: 'newer' });
    const cases: [Parameters<typeof insertDevice>[2], RegExp, Parameters<typeof order>[1]?][] = [
      [{ gone_at: new Date() }, /Neither Defender nor Intune/],
      [{ superseded_by: newer }, /use the newer record/],
      [{ microsoft_device_id: null }, /only Intune or Entra/],
      [{ onboarding_status: 'CanBeOnboarded' }, /not onboarded/],
      [{ onboarding_status: 'Unsupported' }, /does not support/],
      [{ onboarding_status: 'InsufficientInfo' }, /too little/],
      [{ operating_system: 'Android' }, /platform/, { kind: 'scan' }],
      [{ operating_system: 'Windows7' }, /too old/],
      [{ operating_system: 'Windows10', os_version: '1607' }, /too old/],
      [{ operating_system: 'WindowsServer2008R2' }, /too old/, { kind: 'unisolate' }],
      [{ operating_system: 'macOS' }, /Windows only/, { parameter: 'Selective' }],
      [{ operating_system: 'Windows10', os_version: '1703' }, /1709/, { parameter: 'Selective' }],
    ];
    for (const [given, message, asked] of cases) {
      const id = await insertDevice(t.admin, tenantId, given);
      await refused(ann, 'conflict', message, asked, id);
    }
    assert.deepEqual(await actions(), []);
  });

  it('is possible on a stub of which nothing is known yet', async () => {
    const stub = await insertDevice(t.admin, tenantId, {
      is_stub: true,
      operating_system: null,
      onboarding_status: null,
    });
    const { view } = await services.actions.request(...asking(ann, stub, { parameter: 'Selective' }));
    assert.equal(view.action.status, 'requested');
  });

  it('says at once when nobody else could approve it', async () => {
    await t.admin('tenant_members').where({ user_id: maya.userId }).update({ is_active: false });
    await actorIn(t.admin, tenantId, 'security_analyst', 'Bo');
    await refused(ann, 'conflict', /nobody else here could give it.*member add/);
    assert.deepEqual((await services.actions.form(ann, 'isolate', order(device).cause)).devices[0]?.approvers, []);
    await policy({ peers: true });
    const { view } = await services.actions.request(...asking(ann, device));
    assert.deepEqual(
      view.asked.map((one) => one.displayName),
      ['Bo'],
    );
  });

  it('by a manager alone in the tenant finds nobody who could approve', async () => {
    await refused(maya, 'conflict', /nobody else here could give it/);
  });

  it('lets a break-glass person act alone, tells the channel, and asks the other admins to look at it', async () => {
    const channel = await linkedChannel(t.admin, tenantId, maya.userId);
    await policy({ breakGlass: [ann.userId] });
    const form = await services.actions.form(ann, 'isolate', order(device).cause);
    assert.deepEqual([form.devices[0]?.actsAlone, form.devices[0]?.needsApproval], [true, true]);
    const { view } = await services.actions.request(...asking(ann, device));
    const { action } = view;
    assert.deepEqual(
      [action.status, action.isBreakGlass, action.needsApproval, action.approvedBy, action.approveBy],
      ['approved', true, true, null, null],
    );
    const notices = (await rowsOf(t.admin, 'outbox', tenantId)).filter((one) => one.kind === 'notice');
    assert.deepEqual(
      notices.map((one) => one.conversation_id),
      [channel],
    );
    assert.match(String(notices[0]?.payload.text), /^Ann used break-glass: ACT-1 goes ahead without approval\./);
    assert.deepEqual(
      view.asked.map((one) => one.displayName),
      ['Maya'],
    );
  });

  it('is no use of break-glass where no approval is needed', async () => {
    await policy({ breakGlass: [ann.userId], approval: noApproval });
    const { view } = await services.actions.request(...asking(ann, device));
    assert.deepEqual([view.action.status, view.action.isBreakGlass], ['approved', false]);
  });

  it('is a dry run where the tenant or the installation says so, and needs no application for acting then', async () => {
    const powerless = createServices({ db: t.db });
    await assert.rejects(
      powerless.actions.request(...asking(ann, device)),
      refusal('conflict', /no credential for acting/),
    );
    const { devices } = await powerless.actions.form(ann, 'isolate', order(device).cause);
    assert.match(devices[0]?.fault ?? '', /no credential for acting/);
    const forced = createServices({ db: t.db, acting: { forceDryRun: true, canAct: false } });
    const { view } = await forced.actions.request(...asking(ann, device));
    assert.equal(view.action.isDryRun, true);
    const second = await insertDevice(t.admin, tenantId);
    await setPolicy(t.admin, tenantId, {});
    assert.equal((await powerless.actions.request(...asking(ann, second))).view.action.isDryRun, true);
    assert.equal((await services.actions.form(ann, 'scan', order(second).cause)).isDryRun, true);
  });

  it('that comes again, also at the same moment, has one effect; later it may be made anew', async () => {
    const [one, what] = asking(ann, device);
    const answers = await Promise.all([1, 2, 3].map(() => services.actions.request(one, what)));
    assert.deepEqual(answers.map((answer) => answer.repeated).toSorted(), [false, true, true]);
    assert.equal(new Set(answers.map((answer) => answer.view.action.id)).size, 1);
    await services.actions.cancel(click(ann, answers[0]?.view.action.id ?? ''), '');
    const { view } = await services.actions.request({ ...one, idempotencyKey: randomUUID() }, what);
    assert.equal(view.action.number, 2);
    const form = await services.actions.form(ann, 'isolate', what.cause);
    assert.equal(form.devices[0]?.actionCount, 2);
  });

  it('by several people in the same moment makes one containment action; the others read which', async () => {
    const crowd = await Promise.all([1, 2, 3, 4].map((i) => actorIn(t.admin, tenantId, 'security_analyst', `P${i}`)));
    const outcomes = await Promise.allSettled(crowd.map((who) => services.actions.request(...asking(who, device))));
    const lost = outcomes.filter((one) => one.status === 'rejected');
    assert.equal(lost.length, 3);
    for (const one of lost) refusal('conflict', /^ACT-1, the isolation of this device, is waiting/)(one.reason);
    assert.equal((await actions()).length, 1);
    assert.equal((await services.actions.request(...asking(ann, device, { kind: 'scan' }))).view.action.number, 2);
    await refused(ann, 'conflict', /^ACT-2, the scan of this device/, { kind: 'scan' });
  });

  it('names what another writer of the table was faster with', async () => {
    const lock = await t.admin.transaction();
    await insertActionRow(t.admin, ann, device, { status: 'completed' });
    await lock('edr_actions').insert({
      tenant_id: tenantId,
      device_id: device,
      user_id: ann.userId,
      action_type: 'isolate',
      status: 'pending',
      number: 77,
    });
    const request = services.actions.request(...asking(ann, device)).catch((error: unknown) => error);
    await waitingFor(t, 'edr_actions_one_containment_idx');
    await lock.commit();
    refusal('conflict', /^ACT-77, the isolation of this device, is queued/)(await request);
  });

  describe('a release', () => {
    const release = (who = ann) => services.actions.request(...asking(who, device, { kind: 'unisolate' }));

    it('cancels an isolation that has not been sent, in the same transaction', async () => {
      for (const status of ['requested', 'approved'] as const) {
        const id = await insertActionRow(t.admin, maya, device, { status });
        const { view } = await release();
        assert.equal(view.action.status, 'approved');
        const cancelled = await services.actions.view(ann, id);
        assert.deepEqual(
          [cancelled.action.status, cancelled.endedBy?.displayName, cancelled.action.nextStepAt],
          ['cancelled', 'Ann', null],
        );
        assert.match(cancelled.action.resultMessage ?? '', /release of the device/);
        assert.equal(cancelled.history[0]?.action, 'action.cancel');
        await services.actions.cancel(click(ann, view.action.id), '');
      }
    });

    it('gives up an isolation whose outcome is not known after 10 minutes, and lets it be followed', async () => {
      const sent_at = await nowOf(t.admin);
      const id = await insertActionRow(t.admin, maya, device, { status: 'unknown', sent_at, next_step_at: sent_at });
      await assert.rejects(release(), refusal('conflict', /ACT-1 was sent, .*10 minutes/));
      await moveClock(t.admin, '10 minutes');
      await release();
      const { action } = await services.actions.view(ann, id);
      assert.equal(action.status, 'timed_out');
      assert.equal(action.nextStepAt?.getTime(), sent_at.getTime());
      assert.match(action.resultMessage ?? '', /never known/);
    });

    it('is refused while an isolation is queued, runs or is being sent, with what to do', async () => {
      const now = await nowOf(t.admin);
      const cases = [
        ['pending', null, /would isolate the device after the release\. Cancel it first/],
        ['in_progress', null, /isolating the device at this moment/],
        ['approved', now, /was sent/],
        ['unknown', now, /was sent/],
      ] as const;
      for (const [status, sent_at, message] of cases) {
        const id = await insertActionRow(t.admin, maya, device, { status, sent_at });
        await assert.rejects(release(), refusal('conflict', message));
        const form = await services.actions.form(ann, 'unisolate', { entity: 'action', entityId: id });
        assert.match(form.devices[0]?.fault ?? '', message);
        await t.admin('edr_actions').where({ id }).update({ status: 'completed' });
      }
    });

    it('is one of one at a time', async () => {
      await release();
      await assert.rejects(release(maya), refusal('conflict', /^ACT-1, the release of this device/));
      await refused(ann, 'conflict', /^ACT-1, the release of this device/);
    });

    it('and an approval of the isolation in the same moment: the isolation is never left to be sent', async () => {
      for (let round = 0; round < 6; round += 1) {
        const { view } = await services.actions.request(...asking(ann, device));
        const id = view.action.id;
        const [, released] = await Promise.allSettled([services.actions.approve(click(maya, id)), release()]);
        assert.equal(released.status, 'fulfilled');
        assert.equal((await services.actions.view(ann, id)).action.status, 'cancelled');
        await t
          .admin('edr_actions')
          .where({ tenant_id: tenantId, action_type: 'unisolate' })
          .update({ status: 'completed' });
      }
    });
  });

  it('may be done by those whose role allows it, and by nobody else', async () => {
    const allowed: readonly Role[] = ['super_admin', 'tenant_admin', 'security_analyst'];
    for (const role of roles) {
      const who = await actorIn(t.admin, tenantId, role, role);
      const id = await insertDevice(t.admin, tenantId);
      if (allowed.includes(role)) await services.actions.request(...asking(who, id));
      else await refused(who, 'refused', /Your role here/, {}, id);
    }
  });

  it('on a device or from a cause of another tenant is not found here, and audited', async () => {
    const other = await insertTenant(t.admin);
    const foreign = await insertDevice(t.admin, other.tenantId);
    const alert = await openAlert(t.db, other.tenantId, { device: sourceDevice() });
    const own = await openAlert(t.db, tenantId);
    const cases: [string, Partial<Parameters<typeof order>[1]>][] = [
      [foreign, {}],
      [randomUUID(), {}],
      ['no id at all', {}],
      [device, { cause: { entity: 'alert', entityId: alert } }],
      [device, { cause: { entity: 'alert', entityId: own } }],
      [device, { cause: { entity: 'incident', entityId: randomUUID() } }],
      [device, { cause: { entity: 'device', entityId: foreign } }],
      [device, { cause: { entity: 'action', entityId: "'; drop table" } }],
    ];
    for (const [on, given] of cases) await refused(ann, 'not_found', /^Not found here/, given, on);
    const audit = await rowsOf(t.admin, 'audit_log', tenantId, { action: 'device.isolate', outcome: 'refused' });
    assert.deepEqual(
      audit.map((row) => row.entity_id),
      cases.map(([on]) => on),
    );
    assert.equal((await rowsOf(t.admin, 'edr_actions', other.tenantId)).length, 0);
    for (const read of [
      () => services.devices.view(ann, foreign),
      () => services.actions.form(ann, 'isolate', { entity: 'alert', entityId: alert }),
      () => services.actions.view(ann, randomUUID()),
      () => services.actions.findByNumber(ann, 9),
    ])
      await assert.rejects(read(), refusal('not_found', /^Not found here/));
  });
});

/** Until somebody waits for a transaction that holds a lock; the name says what for. */
async function waitingFor(t: TestDatabase, what: string): Promise<void> {
  for (let i = 0; i < 2_000; i += 1) {
    const { rows } = await t.admin.raw<{ rows: unknown[] }>(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
  throw new Error(`nobody waits for ${what}`);
}
