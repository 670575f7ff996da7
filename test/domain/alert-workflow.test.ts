import assert from 'node:assert/strict';
import type { Actor } from '../../domain/access/actor.js';
import { createServices } from '../../domain/create-services.js';
import { DomainError } from '../../domain/errors.js';
import type { Services } from '../../domain/services.js';
import { actorIn, click, linkedChannel, moveClock, openAlert } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';

const notes = 'a known test of the red team';
import { first, rowsOf } from '../helpers/rows.js';

describe('working on an alert', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;
  let bo: Actor;
  let manager: Actor;
  let id: string;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
    bo = await actorIn(t.admin, tenantId, 'security_analyst', 'Bo');
    manager = await actorIn(t.admin, tenantId, 'tenant_admin', 'Mia');
    id = await openAlert(t.db, tenantId);
  });

  const audit = () => rowsOf(t.admin, 'audit_log', tenantId);
  const refusal = (code: string, message: RegExp) => (error: unknown) => {
    assert.ok(error instanceof DomainError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
  const closeByAnn = async () => {
    await services.alerts.take(click(ann, id));
    return services.alerts.close(click(ann, id), 'closed_false_positive', notes);
  };

  it('goes from open over assigned and investigating to an incident with its clocks', async () => {
    await services.alerts.take(click(ann, id));
    await services.alerts.investigate(click(ann, id));
    const { view } = await services.alerts.escalate(click(ann, id));
    assert.deepEqual([view.alert.status, view.alert.version, view.assignee?.displayName], ['escalated', 4, 'Ann']);
    assert.deepEqual(
      view.history.map((line) => [line.action, line.by]),
      [
        ['alert.escalate', 'Ann'],
        ['alert.investigate', 'Ann'],
        ['alert.take', 'Ann'],
      ],
    );
    const incident = await services.incidents.view(ann, view.incident?.id ?? '');
    assert.equal(incident.owner.userId, ann.userId);
    assert.deepEqual(
      [incident.incident.number, incident.incident.severity, incident.incident.status],
      [1, 'high', 'open'],
    );
    const minutes = incident.clocks.map(
      (clock) => (clock.deadline.getTime() - incident.incident.createdAt.getTime()) / 60_000,
    );
    assert.deepEqual(minutes, [30, 120, 480]);
    assert.deepEqual(
      incident.alerts.map((alert) => [alert.id, alert.isPrimary]),
      [[id, true]],
    );
  });

  it('writes who did what, before and after, and a line for the thread', async () => {
    const channel = await linkedChannel(t.admin, tenantId, manager.userId);
    await services.alerts.take({ ...click(ann, id), activityId: 'f:1' });
    const row = first((await audit()).slice(1));
    assert.deepEqual(
      [row.action, row.actor, row.activity_id, row.before.status, row.after.status, row.after.assignedTo],
      ['alert.take', ann.userId, 'f:1', 'open', 'assigned', ann.userId],
    );
    const outbox = await rowsOf(t.admin, 'outbox', tenantId);
    assert.deepEqual(
      outbox.map((one) => [one.kind, one.stale_key, one.conversation_id]),
      [
        ['card', `alert:${id}`, channel],
        ['thread', `thread:${row.id}`, channel],
      ],
    );
    assert.deepEqual(outbox[1]?.payload, { auditId: row.id });
  });

  it('the second of two people reads who was faster, how long ago, and what to do', async () => {
    await services.alerts.take(click(ann, id));
    await moveClock(t.admin, '4 seconds');
    await assert.rejects(
      services.alerts.take(click(bo, id)),
      refusal(
        'conflict',
        /^Ann took this 4 s ago\. A-1 is assigned; this needs it to be open\. Its assignee can .* hand it over\.$/,
      ),
    );
    assert.deepEqual((await audit()).at(-1)?.after, { code: 'conflict' });
  });

  it('only the assignee acts; an admin can hand over, with a reason', async () => {
    await services.alerts.take(click(ann, id));
    await assert.rejects(services.alerts.investigate(click(bo, id)), refusal('refused', /A-1 belongs to Ann/));
    await assert.rejects(
      services.alerts.assign(click(bo, id), bo.userId, 'mine'),
      refusal('refused', /Your role here/),
    );
    await assert.rejects(
      services.alerts.assign(click(manager, id), bo.userId, ' \u200b '),
      refusal('invalid', /reason/),
    );
    await assert.rejects(
      services.alerts.assign(click(manager, id), manager.userId, 'x'),
      refusal('invalid', /Mia has no active role/),
    );
    await assert.rejects(
      services.alerts.assign(click(manager, id), ann.userId, 'x'),
      refusal('conflict', /with Ann already/),
    );
    const { view } = await services.alerts.assign(click(manager, id), bo.userId, 'Ann is ill');
    assert.deepEqual(
      [view.alert.status, view.assignee?.displayName, view.history[0]?.reason],
      ['assigned', 'Bo', 'Ann is ill'],
    );
    await services.alerts.investigate(click(bo, id));
  });

  it('an admin assigns an open alert to somebody who may do the work', async () => {
    const { view } = await services.alerts.assign(click(manager, id), ann.userId, 'her customer');
    assert.equal(view.alert.status, 'assigned');
    await assert.rejects(services.alerts.take(click(manager, id)), refusal('refused', /manager.*security analyst/));
  });

  it('closing needs an outcome and notes that say something', async () => {
    await services.alerts.take(click(ann, id));
    for (const poor of ['', '          ', 'a b c d e f', '\u200b'.repeat(20)])
      await assert.rejects(
        services.alerts.close(click(ann, id), 'closed_benign', poor),
        refusal('invalid', /at least 10/),
      );
    await assert.rejects(
      services.alerts.close(click(ann, id), 'open' as 'closed_benign', notes),
      refusal('invalid', /benign/),
    );
    const { view } = await services.alerts.close(click(ann, id), 'closed_benign', `  ${notes}\u0000 `);
    assert.deepEqual(
      [view.alert.status, view.alert.closingNotes, view.closedBy?.displayName],
      ['closed_benign', notes, 'Ann'],
    );
  });

  it('released, with a note, it is open to everybody again', async () => {
    await services.alerts.take(click(ann, id));
    await services.alerts.investigate(click(ann, id));
    await services.alerts.release(click(ann, id), 'end of shift');
    const { view } = await services.alerts.take(click(bo, id));
    assert.deepEqual([view.assignee?.displayName, view.alert.investigationStartedAt], ['Bo', null]);
  });

  it('a closing can be undone for 5 minutes without a reason, and reopened for 7 days with one', async () => {
    await closeByAnn();
    await assert.rejects(services.alerts.reopen(click(bo, id), 'x'), refusal('refused', /closed by Ann/));
    const undone = await services.alerts.reopen(click(ann, id), '');
    assert.deepEqual(
      [undone.view.alert.status, undone.view.alert.closedAt, undone.view.closedBy],
      ['open', null, null],
    );
    await closeByAnn();
    await moveClock(t.admin, '6 minutes');
    await assert.rejects(services.alerts.reopen(click(ann, id), ' '), refusal('invalid', /reason/));
    await services.alerts.reopen(click(manager, id), 'the customer called');
    await closeByAnn();
    await moveClock(t.admin, '7 days 1 second');
    await assert.rejects(services.alerts.reopen(click(ann, id), 'x'), refusal('conflict', /more than 7 days/));
  });

  it('an installation admin becomes a member with the first act, in the same transaction', async () => {
    const other = await insertTenant(t.admin);
    const root = {
      ...(await actorIn(t.admin, other.tenantId, 'user', 'Root')),
      tenantId,
      role: 'super_admin',
    } as const;
    await assert.rejects(services.alerts.investigate(click(root, id)));
    const member = () => rowsOf(t.admin, 'tenant_members', tenantId, { user_id: root.userId });
    assert.equal((await member()).length, 0);
    const { view } = await services.alerts.take(click(root, id));
    assert.equal(view.assignee?.displayName, 'Root');
    assert.equal(first(await member()).role, 'super_admin');
  });

  it('ids that are foreign, unknown or no ids at all get one answer and an audit row', async () => {
    const other = await insertTenant(t.admin);
    const foreign = await openAlert(t.db, other.tenantId);
    const before = (await audit()).length;
    const said = new Set<string>();
    for (const bad of [foreign, '00000000-0000-4000-8000-000000000000', '__proto__', "' or 1=1 --", '\u0000']) {
      for (const attempt of [() => services.alerts.take(click(ann, bad)), () => services.alerts.view(ann, bad)])
        await attempt().then(
          () => said.add('done'),
          (error: Error) => said.add(error.message),
        );
    }
    assert.deepEqual([...said], ['Not found here. Check the number; it may belong to another tenant.']);
    assert.equal((await audit()).length, before + 10);
    await assert.rejects(services.alerts.findByNumber(ann, 4711), refusal('not_found', /Not found here/));
    await assert.rejects(services.alerts.findByNumber(ann, 1e12), refusal('not_found', /Not found here/));
    assert.equal((await services.alerts.findByNumber(ann, 1)).alert.id, id);
  });
});
