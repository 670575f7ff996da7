import assert from 'node:assert/strict';
import type { Actor } from '../../domain/access/actor.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import { actorIn, click, moveClock, openAlert } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { first, rowsOf } from '../helpers/rows.js';

describe('working on an incident', () => {
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
    id = await escalated(ann);
  });

  async function investigating(who: Actor): Promise<string> {
    const alert = await openAlert(t.db, tenantId);
    await services.alerts.take(click(who, alert));
    await services.alerts.investigate(click(who, alert));
    return alert;
  }
  async function escalated(who: Actor): Promise<string> {
    const { view } = await services.alerts.escalate(click(who, await investigating(who)));
    return view.incident?.id ?? '';
  }
  const states = async () => (await services.incidents.view(ann, id)).clocks.map((clock) => clock.state);

  it('started stamps both clocks once, and starting again is harmless', async () => {
    const first = await services.incidents.start(click(ann, id));
    await moveClock(t.admin, '1 minute');
    const again = await services.incidents.start(click(ann, id));
    assert.deepEqual([first.repeated, again.repeated, again.view.incident.version], [false, true, 2]);
    assert.deepEqual(again.view.incident.acknowledgedAt, first.view.incident.acknowledgedAt);
    assert.deepEqual(await states(), ['met', 'met', 'running']);
    await assert.rejects(services.incidents.start(click(bo, id)), /belongs to Ann/);
  });

  it('resolved or dismissed from open sets missing stamps to the same moment and stops all clocks', async () => {
    await assert.rejects(services.incidents.resolve(click(ann, id), ' '), /summary must not be blank/);
    const { view } = await services.incidents.resolve(click(ann, id), 'cleaned');
    const { acknowledgedAt, investigationStartedAt, resolvedAt, resolutionSummary } = view.incident;
    assert.deepEqual([acknowledgedAt, investigationStartedAt], [resolvedAt, resolvedAt]);
    assert.equal(resolutionSummary, 'cleaned');
    await assert.rejects(
      services.incidents.dismiss(click(ann, id), 'x'),
      /Ann resolved this 0 s ago\. INC-1 is resolved; this needs it to be open or in progress\./,
    );
  });

  it('what is late is breached, and stays so', async () => {
    await moveClock(t.admin, '3 hours');
    assert.deepEqual(await states(), ['breached', 'breached', 'running']);
    await services.incidents.dismiss(click(ann, id), 'a drill');
    assert.deepEqual(await states(), ['breached', 'breached', 'met']);
  });

  it('reopened begins a cycle: the old one is kept whole, only the resolve clock runs anew', async () => {
    await moveClock(t.admin, '3 hours');
    const { view: done } = await services.incidents.resolve(click(ann, id), 'cleaned');
    await assert.rejects(services.incidents.reopen(click(bo, id), 'x'), /belongs to Ann/);
    await assert.rejects(services.incidents.reopen(click(ann, id), ''), /reason/);
    await moveClock(t.admin, '1 day');
    const { view } = await services.incidents.reopen(click(manager, id), 'it is back');
    const { incident } = view;
    assert.deepEqual(
      [incident.status, incident.cycle, incident.resolutionSummary, incident.resolvedAt],
      ['in_progress', 2, null, null],
    );
    assert.deepEqual(incident.acknowledgedAt, incident.slaAcknowledgeBy);
    assert.deepEqual(incident.investigationStartedAt, incident.slaInvestigateBy);
    assert.deepEqual(await states(), ['met', 'met', 'running']);
    assert.equal(incident.slaResolveBy.getTime() - incident.slaInvestigateBy.getTime(), 480 * 60_000);
    const cycle = first(await rowsOf(t.admin, 'incident_sla_cycles', tenantId));
    assert.deepEqual(
      [cycle.cycle, cycle.status, cycle.resolution_summary, cycle.reopened_by, cycle.reopen_reason],
      [1, 'resolved', 'cleaned', manager.userId, 'it is back'],
    );
    assert.deepEqual([cycle.resolved_at, cycle.sla_resolve_by], [done.incident.resolvedAt, done.incident.slaResolveBy]);
    await services.incidents.dismiss(click(ann, id), 'a drill');
    await moveClock(t.admin, '7 days 1 second');
    await assert.rejects(services.incidents.reopen(click(ann, id), 'again'), /more than 7 days/);
  });

  it('is handed over by an admin, with a reason, also to a manager', async () => {
    await assert.rejects(services.incidents.handOver(click(ann, id), bo.userId, 'x'), /Your role/);
    const { view } = await services.incidents.handOver(click(manager, id), manager.userId, 'holiday');
    assert.equal(view.owner.displayName, 'Mia');
    await assert.rejects(services.incidents.start(click(ann, id)), /belongs to Mia/);
    await services.incidents.start(click(manager, id));
  });

  it('takes more alerts of its owner, from investigating, which become escalated', async () => {
    const [mine, hers] = [await investigating(ann), await investigating(bo)];
    assert.deepEqual(
      (await services.incidents.linkable(ann, id)).map((alert) => alert.id),
      [mine],
    );
    await assert.rejects(services.incidents.linkAlert(click(ann, id), hers), /not yours/);
    await assert.rejects(services.incidents.linkAlert(click(ann, id), 'no id'), /Not found here/);
    const { view } = await services.incidents.linkAlert(click(ann, id), mine);
    assert.deepEqual(
      view.alerts.map((alert) => [alert.isPrimary, alert.status]),
      [
        [true, 'escalated'],
        [false, 'escalated'],
      ],
    );
    assert.equal((await services.alerts.view(ann, mine)).incident?.number, 1);
  });

  it('follows the deadlines that the tenant sets, in order whatever they are', async () => {
    const sla = { high: { acknowledge: 50, investigate: 10, resolve: 20 }, low: 'nonsense' };
    await t.admin('tenants').where({ id: tenantId }).update({ settings: { sla } });
    const { incident } = await services.incidents.view(ann, await escalated(ann));
    const minutes = [incident.slaAcknowledgeBy, incident.slaInvestigateBy, incident.slaResolveBy].map(
      (by) => (by.getTime() - incident.createdAt.getTime()) / 60_000,
    );
    assert.deepEqual(minutes, [50, 50, 50]);
  });

  it('stands in the list of open ones, gravest first, and in the list of all, newest first', async () => {
    for (let i = 0; i < 11; i += 1) await escalated(bo);
    await t.admin('security_incidents').where({ id }).update({ severity: 'critical' });
    const first = await services.incidents.list(manager, 'open', null);
    assert.deepEqual(
      [first.total, first.items.length, first.items[0]?.id, first.items[0]?.owner.displayName],
      [12, 10, id, 'Ann'],
    );
    const rest = await services.incidents.list(manager, 'open', first.nextCursor);
    assert.deepEqual([rest.items.length, rest.nextCursor], [2, null]);
    assert.equal(new Set([...first.items, ...rest.items].map((item) => item.id)).size, 12);
    await services.incidents.resolve(click(ann, id), 'cleaned');
    assert.equal((await services.incidents.list(manager, 'open', null)).total, 11);
    const all = await services.incidents.list(manager, 'all', null);
    const last = await services.incidents.list(manager, 'all', all.nextCursor);
    assert.deepEqual(
      [all.total, all.items[0]?.number, last.items.at(-1)?.id, last.items.at(-1)?.dueAt],
      [12, 12, id, null],
    );
    await assert.rejects(services.incidents.list(manager, 'open', all.nextCursor), /no longer known/);
  });
});
