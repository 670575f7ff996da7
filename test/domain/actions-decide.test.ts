import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Actor, Role } from '../../domain/access/actor.js';
import { roles } from '../../domain/access/actor.js';
import { grantInstallationAdmin } from '../../domain/access/provision.js';
import type { ActionView, DeviceActionKind } from '../../domain/actions/action.js';
import type { ActionPolicy } from '../../domain/actions/policy.js';
import { createServices } from '../../domain/create-services.js';
import { DomainError } from '../../domain/errors.js';
import type { Changed, Services } from '../../domain/services.js';
import { actorIn, click, linkedChannel, moveClock } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { asking, insertActionRow, insertDevice, nowOf, setPolicy } from '../helpers/actions.js';
import { first, rowsOf } from '../helpers/rows.js';

describe('deciding about an action', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;
  let bo: Actor;
  let maya: Actor;
  let alex: Actor;
  let device: string;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db, acting: { forceDryRun: false, canAct: true } });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
    bo = await actorIn(t.admin, tenantId, 'security_analyst', 'Bo');
    maya = await actorIn(t.admin, tenantId, 'tenant_admin', 'Maya');
    alex = await actorIn(t.admin, tenantId, 'tenant_admin', 'Alex');
    device = await insertDevice(t.admin, tenantId);
    await setPolicy(t.admin, tenantId, { dryRun: false });
  });

  const policy = (given: Partial<ActionPolicy>) => setPolicy(t.admin, tenantId, { dryRun: false, ...given });
  const statusOf = async (id: string) => (await services.actions.view(maya, id)).action.status;
  const audit = (action: string) => rowsOf(t.admin, 'audit_log', tenantId, { action });
  const refusal = (code: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
  const requested = async (who = ann, kind: DeviceActionKind = 'isolate', on = device) =>
    (await services.actions.request(...asking(who, on, { kind }))).view.action.id;
  const approve = (who: Actor, id: string) => services.actions.approve(click(who, id));

  it('another person who may approves it, and it goes on at once', async () => {
    const channel = await linkedChannel(t.admin, tenantId, maya.userId);
    const id = await requested();
    await t.admin('outbox').where({ tenant_id: tenantId }).delete();
    const { view } = await services.actions.approve({ ...click(maya, id), activityId: 'f:1' });
    const { action } = view;
    assert.deepEqual(
      [action.status, view.approver?.displayName, action.version, action.approvedBy],
      ['approved', 'Maya', 2, maya.userId],
    );
    assert.equal(action.nextStepAt?.getTime(), action.approvedAt?.getTime());
    const row = first(await audit('action.approve'));
    assert.deepEqual(
      [row.entity_id, row.actor, row.activity_id, row.after.status],
      [id, maya.userId, 'f:1', 'approved'],
    );
    const outbox = await rowsOf(t.admin, 'outbox', tenantId);
    assert.deepEqual(
      outbox.map((one) => [one.conversation_id, one.stale_key]),
      [
        [channel, `action:${id}`],
        [channel, `thread:${row.id}`],
      ],
    );
  });

  it('nobody approves an own request, whatever the roles', async () => {
    await policy({ peers: true });
    await grantInstallationAdmin(t.admin, ann.entraTenantId, ann.aadObjectId);
    const own: [Actor, Actor][] = [
      [ann, ann],
      [maya, maya],
      [bo, { ...bo, role: 'tenant_admin' }],
      [ann, { ...ann, role: 'super_admin' }],
    ];
    for (const [requester, approver] of own) {
      const id = await requested(requester, 'isolate', await insertDevice(t.admin, tenantId));
      await assert.rejects(approve(approver, id), refusal('refused', /is your own request/));
      await assert.rejects(services.actions.reject(click(approver, id), 'no'), refusal('refused', /You can cancel it/));
      assert.equal(await statusOf(id), 'requested');
    }
    const elsewhere = await insertTenant(t.admin);
    const other = { ...ann, tenantId: elsewhere.tenantId, role: 'tenant_admin' as const };
    const id = await requested();
    await assert.rejects(approve(other, id), refusal('not_found', /Not found here/));
    assert.equal((await audit('action.approve')).filter((row) => row.outcome === 'refused').length, own.length);
  });

  it('analysts approve for each other only where the tenant lets them, and else read who may', async () => {
    const id = await requested();
    await assert.rejects(approve(bo, id), refusal('refused', /ACT-1 waits for Alex or Maya\. Two admins/));
    await policy({ peers: true });
    assert.equal((await approve(bo, id)).view.approver?.displayName, 'Bo');
  });

  it('may be done by the roles of the table, and by nobody else', async () => {
    const verdicts: Record<Role, string> = {
      super_admin: 'approved',
      tenant_admin: 'approved',
      security_analyst: 'refused',
      it_helpdesk_analyst: 'refused',
      user: 'refused',
    };
    for (const role of roles) {
      const who = await actorIn(t.admin, tenantId, role, role);
      const id = await requested(ann, 'isolate', await insertDevice(t.admin, tenantId));
      const outcome = await approve(who, id).then(
        ({ view }) => view.action.status,
        (error: DomainError) => error.code,
      );
      assert.equal(outcome, verdicts[role], role);
    }
  });

  it('after 30 minutes an approval comes too late: the request expires, and stays so', async () => {
    const id = await requested();
    await moveClock(t.admin, '31 minutes');
    await assert.rejects(approve(maya, id), refusal('conflict', /not approved within 30 minutes/));
    const { action } = await services.actions.view(ann, id);
    assert.deepEqual([action.status, action.approvedBy, action.nextStepAt], ['expired', null, null]);
    await assert.rejects(approve(alex, id), refusal('conflict', /ACT-1 is expired; this needs it to be waiting/));
    const [, late] = [await requested(), first(await audit('action.expired'))];
    assert.equal(late.entity_id, id);
  });

  it('of two who approve in the same moment one wins, and the other reads who did', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await requested(ann, 'isolate', await insertDevice(t.admin, tenantId));
      const outcomes = await Promise.allSettled([approve(maya, id), approve(alex, id)]);
      const lost = outcomes.filter((one) => one.status === 'rejected');
      assert.equal(lost.length, 1);
      const winner = outcomes[0].status === 'fulfilled' ? 'Maya' : 'Alex';
      refusal('conflict', new RegExp(`^${winner} approved this .* is approved and about to be sent`))(lost[0]?.reason);
      const { action } = await services.actions.view(ann, id);
      assert.deepEqual([action.status, action.version], ['approved', 2]);
    }
    assert.equal((await audit('action.approve')).filter((row) => row.outcome === 'done').length, 5);
  });

  it('approved and cancelled in the same moment it is cancelled, and the trail tells in which order', async () => {
    for (let round = 0; round < 6; round += 1) {
      const id = await requested(ann, 'isolate', await insertDevice(t.admin, tenantId));
      const [approval] = await Promise.allSettled([
        approve(maya, id),
        services.actions.cancel(click(ann, id), 'mistake'),
      ]);
      const { action, history } = await services.actions.view(ann, id);
      assert.deepEqual([action.status, action.nextStepAt], ['cancelled', null]);
      const deeds = history.map((line) => line.action).toReversed();
      const approved = approval.status === 'fulfilled' ? ['action.approve'] : [];
      assert.deepEqual(deeds, ['device.isolate', ...approved, 'action.cancel']);
    }
  });

  it('approved and rejected in the same moment only one of them holds', async () => {
    for (let round = 0; round < 4; round += 1) {
      const id = await requested(ann, 'isolate', await insertDevice(t.admin, tenantId));
      const outcomes = await Promise.allSettled([
        approve(maya, id),
        services.actions.reject(click(alex, id), 'not this one'),
      ]);
      assert.equal(outcomes.filter((one) => one.status === 'fulfilled').length, 1);
      assert.equal(await statusOf(id), outcomes[0].status === 'fulfilled' ? 'approved' : 'rejected');
    }
  });

  it('an approval fits exactly one request', async () => {
    const one = await requested();
    const key = randomUUID();
    await services.actions.approve(click(maya, one, key));
    assert.equal((await services.actions.approve(click(maya, one, key))).repeated, true);
    await services.actions.cancel(click(ann, one), '');
    const two = await requested();
    assert.equal((await services.actions.approve(click(maya, one, key))).view.action.id, one);
    assert.equal(await statusOf(two), 'requested', 'the approval of the first is not one of the second');
    await assert.rejects(approve(maya, one), refusal('conflict', /ACT-1 is cancelled/));
    assert.equal(await statusOf(two), 'requested');
  });

  it('is judged by the device as it is by then', async () => {
    for (const given of [{ gone_at: new Date() }, { superseded_by: await insertDevice(t.admin, tenantId) }]) {
      const on = await insertDevice(t.admin, tenantId);
      const id = await requested(ann, 'isolate', on);
      await t.admin('edr_devices').where({ id: on }).update(given);
      await assert.rejects(approve(maya, id), refusal('conflict', /any more|superseded/));
      assert.equal(await statusOf(id), 'requested');
    }
  });

  it('a dry run that was asked for stays one; what was none becomes one if that is the rule by then', async () => {
    await policy({ dryRun: true });
    const dry = await requested();
    await policy({ dryRun: false });
    assert.equal((await approve(maya, dry)).view.action.isDryRun, true);
    const real = await requested(ann, 'isolate', await insertDevice(t.admin, tenantId));
    await policy({ dryRun: true });
    assert.equal((await approve(maya, real)).view.action.isDryRun, true);
  });

  it('rejected, with a reason, it ends', async () => {
    const id = await requested();
    await assert.rejects(services.actions.reject(click(maya, id), ' '), refusal('invalid', /reason/));
    const { view } = await services.actions.reject(click(maya, id), 'the customer works on it');
    assert.deepEqual(
      [view.action.status, view.endedBy?.displayName, view.action.endReason, view.action.nextStepAt],
      ['rejected', 'Maya', 'the customer works on it', null],
    );
    await assert.rejects(approve(alex, id), refusal('conflict', /^Maya rejected this .* Talk to whoever rejected it/));
    assert.notEqual(await requested(), id);
  });

  describe('cancelling', () => {
    const cancel = (who: Actor, id: string) => services.actions.cancel(click(who, id), 'wrong device');

    it('ends at once what has not been sent, by the requester or an admin', async () => {
      const id = await requested();
      await assert.rejects(cancel(bo, id), refusal('refused', /asked for by Ann: only Ann or an admin/));
      assert.equal((await cancel(ann, id)).view.action.status, 'cancelled');
      const second = await requested();
      await approve(maya, second);
      const { view } = await cancel(alex, second);
      assert.deepEqual([view.action.status, view.endedBy?.displayName], ['cancelled', 'Alex']);
    });

    it('asks Microsoft to stop what it has, once, and leaves the status alone', async () => {
      const sent_at = await nowOf(t.admin);
      for (const status of ['pending', 'in_progress', 'approved'] as const) {
        const id = await insertActionRow(t.admin, ann, device, { status, sent_at });
        const { view } = await cancel(ann, id);
        assert.deepEqual(
          [view.action.status, view.action.cancelRequestedBy, view.action.endReason],
          [status, ann.userId, 'wrong device'],
        );
        assert.equal(view.action.nextStepAt?.getTime(), view.action.cancelRequestedAt?.getTime());
        const again = await cancel(maya, id);
        assert.deepEqual([again.repeated, again.view.action.cancelRequestedBy], [true, ann.userId]);
        await t.admin('edr_actions').where({ id }).update({ status: 'completed' });
      }
    });

    it('is explained where it cannot be', async () => {
      const cases = [
        ['unknown', /nothing to cancel yet\. If the device must work again/],
        ['completed', /ACT-\d is completed/],
      ] as const;
      for (const [status, message] of cases) {
        const id = await insertActionRow(t.admin, ann, device, { status });
        await assert.rejects(cancel(ann, id), refusal('conflict', message));
      }
    });
  });

  it('another admin than the one who used break-glass reviews it, once', async () => {
    await policy({ breakGlass: [maya.userId] });
    const id = await requested(maya);
    const review = (who: Actor, action = id) => services.actions.review(click(who, action), 'called the customer');
    await assert.rejects(review(ann), refusal('refused', /Your role here/));
    await assert.rejects(review(maya), refusal('refused', /your own use of break-glass/));
    const { view } = await review(alex);
    assert.deepEqual([view.reviewer?.displayName, view.action.status], ['Alex', 'approved']);
    assert.equal(view.history[0]?.reason, 'called the customer');
    await assert.rejects(review(alex), refusal('conflict', /^Alex reviewed this .* nothing to review/));
    const usual = await requested(ann, 'isolate', await insertDevice(t.admin, tenantId));
    await assert.rejects(review(alex, usual), refusal('conflict', /was not asked for as break-glass/));
  });

  it('waiting are the requests of others that one may approve, and uses of break-glass to review', async () => {
    const waiting = async (who: Actor) => (await services.actions.waiting(who)).map((one) => one.action.number);
    const [one, two, three] = [
      await requested(),
      await requested(maya, 'isolate', await insertDevice(t.admin, tenantId)),
      await requested(bo, 'isolate', await insertDevice(t.admin, tenantId)),
    ];
    await policy({ breakGlass: [alex.userId] });
    await requested(alex, 'isolate', await insertDevice(t.admin, tenantId));
    assert.deepEqual(await waiting(maya), [1, 3, 4]);
    assert.deepEqual(await waiting(alex), [1, 2, 3]);
    assert.deepEqual(await waiting(ann), []);
    await policy({ peers: true });
    assert.deepEqual(await waiting(ann), [2, 3]);
    await approve(maya, one);
    await services.actions.cancel(click(bo, three), '');
    assert.deepEqual(await waiting(ann), [2]);
    await moveClock(t.admin, '31 minutes');
    assert.deepEqual(await waiting(alex), []);
    assert.equal(await statusOf(two), 'requested', 'the job ends it');
  });

  it('ids that are foreign, unknown or no ids at all get one answer and an audit row', async () => {
    const other = await insertTenant(t.admin);
    const stranger = await actorIn(t.admin, other.tenantId, 'tenant_admin', 'Zoe');
    await actorIn(t.admin, other.tenantId, 'tenant_admin', 'Yves');
    const foreign = await services.actions.request(...asking(stranger, await insertDevice(t.admin, other.tenantId)));
    const acts: Record<string, (id: string) => Promise<Changed<ActionView>>> = {
      'action.approve': (id) => services.actions.approve(click(maya, id)),
      'action.reject': (id) => services.actions.reject(click(maya, id), 'no'),
      'action.cancel': (id) => services.actions.cancel(click(maya, id), 'no'),
      'action.review': (id) => services.actions.review(click(maya, id), 'no'),
    };
    for (const [verb, act] of Object.entries(acts)) {
      for (const id of [foreign.view.action.id, randomUUID(), 'ACT-1'])
        await assert.rejects(act(id), refusal('not_found', /^Not found here/));
      assert.equal((await audit(verb)).length, 3);
    }
    assert.equal((await services.actions.view(stranger, foreign.view.action.id)).action.status, 'requested');
  });
});
