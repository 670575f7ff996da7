import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Actor } from '../../domain/access/actor.js';
import { roles } from '../../domain/access/actor.js';
import { readActionPolicy, setActionPolicy } from '../../domain/actions/operator-policy.js';
import type { ActionPolicy } from '../../domain/actions/policy.js';
import { createServices } from '../../domain/create-services.js';
import { DomainError } from '../../domain/errors.js';
import type { Services } from '../../domain/services.js';
import { actorIn, click, moveClock } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { asking, insertDevice } from '../helpers/actions.js';
import { first, rowsOf } from '../helpers/rows.js';

describe("changing a tenant's rules for actions", () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;
  let maya: Actor;
  let alex: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db, acting: { forceDryRun: false, canAct: true } });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
    maya = await actorIn(t.admin, tenantId, 'tenant_admin', 'Maya');
    alex = await actorIn(t.admin, tenantId, 'tenant_admin', 'Alex');
  });

  const refusal = (code: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
  const propose = (
    who: Actor,
    change: Partial<ActionPolicy>,
    reason = 'the pilot is over',
    key: string = randomUUID(),
  ) => services.policy.propose({ actor: who, idempotencyKey: key, activityId: null }, change, reason);
  const proposed = async (change: Partial<ActionPolicy>) => (await propose(maya, change)).view.change.id;
  const confirm = (who: Actor, id: string) => services.policy.confirm(click(who, id));
  const current = () => services.policy.current(ann);

  it('takes a second admin: nothing changes before, and only what was proposed changes then', async () => {
    await t
      .admin('tenants')
      .where({ id: tenantId })
      .update({
        settings: JSON.stringify({ dedupWindowSeconds: 60, actions: { queueHours: 48 } }),
      });
    const { view } = await propose(maya, { dryRun: false, breakGlass: [ann.userId], queueHours: 48 });
    assert.deepEqual(view.lines, ['Dry run: on → off', 'Break-glass people: nobody → Ann']);
    assert.deepEqual(
      [view.change.status, view.proposer.displayName, view.asked.map((one) => one.displayName)],
      ['proposed', 'Maya', ['Alex']],
    );
    assert.equal((await current()).dryRun, true);
    const confirmed = await confirm(alex, view.change.id);
    assert.deepEqual(
      [confirmed.view.change.status, confirmed.view.decider?.displayName, confirmed.view.lines],
      ['confirmed', 'Alex', view.lines],
    );
    const rules = await current();
    assert.deepEqual([rules.dryRun, rules.breakGlass, rules.queueHours], [false, [ann.userId], 48]);
    const row = first(
      await t.admin<{ id: string; settings: Record<string, unknown> }>('tenants').where({ id: tenantId }),
    );
    assert.deepEqual(row.settings, {
      dedupWindowSeconds: 60,
      actions: { queueHours: 48, dryRun: false, breakGlass: [ann.userId] },
    });
    const audit = first(await rowsOf(t.admin, 'audit_log', tenantId, { action: 'policy.change' }));
    assert.deepEqual(
      [audit.actor, audit.before, audit.after],
      [
        alex.userId,
        { dryRun: true, breakGlass: [] },
        { dryRun: false, breakGlass: [ann.userId], change: view.change.id, proposedBy: maya.userId },
      ],
    );
  });

  it('asks for a device action by the new rules at once', async () => {
    const device = await insertDevice(t.admin, tenantId);
    const change = { approval: { isolate: false, release: false, scan: false }, dryRun: false };
    await confirm(alex, await proposed(change));
    const { view } = await services.actions.request(...asking(ann, device));
    assert.deepEqual([view.action.status, view.action.isDryRun], ['approved', false]);
  });

  it('is never confirmed by the proposer, nor by somebody who is no admin', async () => {
    const id = await proposed({ dryRun: false });
    await assert.rejects(confirm(maya, id), refusal('refused', /your own proposal.*Alex/));
    await assert.rejects(confirm({ ...maya, role: 'super_admin' }, id), refusal('refused', /your own proposal/));
    await assert.rejects(confirm(ann, id), refusal('refused', /Your role here/));
    assert.equal((await current()).dryRun, true);
    for (const role of roles.filter((one) => !['super_admin', 'tenant_admin'].includes(one))) {
      const who = await actorIn(t.admin, tenantId, role, role);
      await assert.rejects(propose(who, { peers: true }), refusal('refused', /Your role here/));
    }
  });

  it('needs another admin to be there, and says what to do when there is none', async () => {
    await t.admin('tenant_members').where({ user_id: alex.userId }).update({ is_active: false });
    await assert.rejects(propose(maya, { dryRun: false }), refusal('conflict', /no other one here\. .*member add/));
  });

  it('of two admins who confirm in the same moment one wins; confirm and reject do not both hold', async () => {
    const zoe = await actorIn(t.admin, tenantId, 'tenant_admin', 'Zoe');
    const id = await proposed({ peers: true });
    const outcomes = await Promise.allSettled([confirm(alex, id), confirm(zoe, id)]);
    const lost = outcomes.filter((one) => one.status === 'rejected');
    assert.equal(lost.length, 1);
    refusal('conflict', /(Alex|Zoe) confirmed this .* is confirmed/)(lost[0]?.reason);
    const second = await proposed({ peers: false });
    const both = await Promise.allSettled([confirm(alex, second), services.policy.reject(click(zoe, second))]);
    assert.equal(both.filter((one) => one.status === 'fulfilled').length, 1);
    assert.equal((await current()).peers, both[0].status === 'rejected');
  });

  it('waits one at a time, whoever proposes in the same moment', async () => {
    const outcomes = await Promise.allSettled([propose(maya, { peers: true }), propose(alex, { dryRun: false })]);
    const lost = outcomes.filter((one) => one.status === 'rejected');
    assert.equal(lost.length, 1);
    refusal('conflict', /that (Maya|Alex) proposed waits/)(lost[0]?.reason);
  });

  it('proposed twice by the same click is one proposal', async () => {
    const key = randomUUID();
    const both = [await propose(maya, { peers: true }, 'x', key), await propose(maya, { peers: true }, 'x', key)];
    assert.deepEqual(
      both.map((one) => one.repeated),
      [false, true],
    );
    assert.equal(both[0]?.view.change.id, both[1]?.view.change.id);
  });

  it('not confirmed within a day it expires, and makes room', async () => {
    const id = await proposed({ dryRun: false });
    await moveClock(t.admin, '25 hours');
    await assert.rejects(confirm(alex, id), refusal('conflict', /not confirmed within 24 hours/));
    assert.equal((await services.policy.view(ann, id)).change.status, 'expired');
    assert.equal((await current()).dryRun, true);
    const late = await proposed({ peers: true });
    await moveClock(t.admin, '25 hours');
    const next = await proposed({ writeBack: true });
    assert.equal((await services.policy.view(ann, late)).change.status, 'expired');
    await services.policy.reject(click(alex, next));
    assert.equal((await services.policy.view(ann, next)).change.status, 'rejected');
  });

  it('is taken back by its proposer', async () => {
    const id = await proposed({ dryRun: false });
    await services.policy.reject(click(maya, id));
    await assert.rejects(confirm(alex, id), refusal('conflict', /^Maya rejected this/));
    await proposed({ dryRun: false });
  });

  it('names what cannot be: nothing to change, bad values, strangers as break-glass people', async () => {
    const helpdesk = await actorIn(t.admin, tenantId, 'it_helpdesk_analyst', 'Hal');
    const cases: [unknown, RegExp][] = [
      [{}, /nothing to change/],
      [{ dryRun: true, peers: false }, /nothing to change/],
      [{ queueHours: 73 }, /"queueHours"/],
      [{ queueHours: Number.NaN }, /"queueHours"/],
      [{ dryRun: 'off' }, /"dryRun"/],
      [{ approval: { isolate: false } }, /"approval"/],
      [{ somethingElse: true }, /"unknown"/],
      [{ breakGlass: ['Ann'] }, /"breakGlass"/],
      [{ breakGlass: [randomUUID()] }, /active member here/],
      [{ breakGlass: [helpdesk.userId] }, /active member here/],
    ];
    for (const [change, message] of cases)
      await assert.rejects(propose(maya, change as Partial<ActionPolicy>), refusal('invalid', message));
    await assert.rejects(propose(maya, { dryRun: false }, '  '), refusal('invalid', /reason/));
  });

  it('of another tenant is not found here', async () => {
    const id = await proposed({ dryRun: false });
    const other = await insertTenant(t.admin);
    const stranger = await actorIn(t.admin, other.tenantId, 'tenant_admin', 'Zoe');
    await assert.rejects(confirm(stranger, id), refusal('not_found', /Not found here/));
    await assert.rejects(services.policy.view(stranger, id), refusal('not_found', /Not found here/));
    assert.equal((await services.policy.current(stranger)).dryRun, true);
  });

  it('does not undo what the operator has changed since', async () => {
    await setActionPolicy(t.admin, tenantId, { breakGlass: [alex.userId] });
    const id = await proposed({ breakGlass: [alex.userId, ann.userId] });
    await setActionPolicy(t.admin, tenantId, { breakGlass: [] });
    await assert.rejects(confirm(alex, id), refusal('conflict', /changed by other means/));
    assert.deepEqual((await current()).breakGlass, []);
    await services.policy.reject(click(alex, id));
    await confirm(alex, await proposed({ breakGlass: [ann.userId] }));
    assert.deepEqual((await current()).breakGlass, [ann.userId]);
  });

  it('is done by the operator without a second admin, audited', async () => {
    await setActionPolicy(t.admin, tenantId, { dryRun: false, breakGlass: [ann.userId.toUpperCase()] });
    const rules = await readActionPolicy(t.admin, tenantId);
    assert.deepEqual([rules.dryRun, rules.breakGlass], [false, [ann.userId]]);
    const row = first(await rowsOf(t.admin, 'audit_log', tenantId, { action: 'policy.change' }));
    assert.deepEqual([row.actor_kind, row.actor, row.before], ['system', 'cli', { dryRun: true, breakGlass: [] }]);
    await assert.rejects(
      setActionPolicy(t.admin, tenantId, { dryRun: false }),
      refusal('invalid', /nothing to change/),
    );
    await assert.rejects(
      setActionPolicy(t.admin, tenantId, { breakGlass: [randomUUID()] }),
      refusal('invalid', /active member/),
    );
    await assert.rejects(
      setActionPolicy(t.admin, randomUUID(), { peers: true }),
      refusal('not_found', /no such tenant/),
    );
  });
});
