import assert from 'node:assert/strict';
import { testDatabase, insertTenant } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import type { Actor } from '../../domain/access/actor.js';
import { createServices } from '../../domain/create-services.js';
import type { Services } from '../../domain/services.js';
import {
  actorIn,
  click,
  ingest,
  linkedChannel,
  moveClock,
  openAlert,
  sourceAlert,
  sourceDevice,
  updateTime,
} from '../helpers/builders.js';
import { first, rowsOf } from '../helpers/rows.js';

describe('an alert of the EDR arrives', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let ann: Actor;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db });
  });
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
  });

  const alerts = () => rowsOf(t.admin, 'security_alerts', tenantId);
  const rows = <Name extends Parameters<typeof rowsOf>[1]>(table: Name, match = {}) =>
    rowsOf(t.admin, table, tenantId, match);
  const inTable = (table: string) => t.admin(table).where({ tenant_id: tenantId });
  const closedAlert = async (microsoftAlertId: string) => {
    const id = await openAlert(t.db, tenantId, { microsoftAlertId });
    await services.alerts.take(click(ann, id));
    await services.alerts.close(click(ann, id), 'closed_benign', 'a known test of the red team');
    return id;
  };

  it('and becomes one alert with a number, its targets, one card and one audit row', async () => {
    const channel = await linkedChannel(t.admin, tenantId, ann.userId);
    const result = await ingest(t.db, tenantId, [sourceAlert(), sourceAlert({ severity: 'low' })]);
    assert.deepEqual(
      { ...result, ids: result.ids.length },
      {
        new: 2,
        repeated: 0,
        unchanged: 0,
        mirrored: 0,
        ids: 2,
        unknownSeverities: [],
      },
    );
    const [one, two] = await alerts();
    assert.ok(one && two);
    assert.deepEqual([one.number, two.number], [1, 2]);
    assert.equal(Number(one.take_by) - Number(one.created_at), 30 * 60_000);
    assert.equal(Number(one.triage_by) - Number(one.created_at), 120 * 60_000);
    assert.equal(two.take_by, null);
    const outbox = await rows('outbox');
    assert.deepEqual(
      outbox.map((row) => row.stale_key),
      [`alert:${one.id}`, `alert:${two.id}`],
    );
    assert.ok(outbox.every((row) => row.conversation_id === channel && row.kind === 'card'));
    const audit = await rows('audit_log');
    assert.deepEqual(
      audit.map((row) => [row.action, row.after.new, row.after.lastNumber]),
      [['alerts.ingest', 2, 2]],
    );
  });

  it('a hundred times unchanged, and by two processes at once, is one row that was seen once', async () => {
    const alert = sourceAlert({ device: sourceDevice() });
    await Promise.all([ingest(t.db, tenantId, [alert]), ingest(t.db, tenantId, [alert, alert])]);
    for (let i = 0; i < 49; i += 1)
      await Promise.all([ingest(t.db, tenantId, [alert]), ingest(t.db, tenantId, [alert])]);
    const found = await alerts();
    assert.deepEqual(
      found.map((row) => [row.seen_count, row.version]),
      [[1, 1]],
    );
    assert.equal((await rows('audit_log')).length, 1);
  });

  it('updated five times is seen six times, and an older state that comes late changes nothing', async () => {
    const alert = sourceAlert();
    const states = [0, 1, 2, 3, 4, 5].map((seconds) => ({ ...alert, lastUpdate: updateTime(seconds) }));
    for (const state of states) await ingest(t.db, tenantId, [state]);
    const late = await ingest(t.db, tenantId, [{ ...alert, lastUpdate: updateTime(2), severity: 'critical' }]);
    assert.equal(late.unchanged, 1);
    const row = first(await alerts());
    assert.deepEqual([row.seen_count, row.severity, row.status], [6, 'high', 'open']);
    assert.ok(row.first_seen_at < row.last_seen_at);
  });

  it('in several states within one batch is counted for each of them', async () => {
    const alert = sourceAlert();
    const state = (seconds: number) => ({ ...alert, lastUpdate: updateTime(seconds) });
    const result = await ingest(t.db, tenantId, [state(2), state(0), state(2), state(1)]);
    assert.deepEqual([result.new, result.repeated, result.unchanged], [1, 2, 1]);
    assert.equal(first(await alerts()).seen_count, 3);
  });

  it('updates that differ by 100 ns are two observations', async () => {
    const alert = sourceAlert({ lastUpdate: '2026-03-01T08:00:00.1234561Z' });
    await ingest(t.db, tenantId, [alert]);
    await ingest(t.db, tenantId, [{ ...alert, lastUpdate: '2026-03-01T08:00:00.1234562Z' }]);
    await ingest(t.db, tenantId, [{ ...alert, lastUpdate: '2026-03-01T08:00:00.123456Z' }]);
    assert.equal(first(await alerts()).seen_count, 2);
  });

  it('the echo of our own write-back is no observation', async () => {
    const alert = sourceAlert();
    await ingest(t.db, tenantId, [alert]);
    await inTable('edr_alerts').update({ own_update_raw: updateTime(9) });
    const result = await ingest(t.db, tenantId, [{ ...alert, lastUpdate: updateTime(9), status: 'inProgress' }]);
    assert.deepEqual([result.unchanged, result.repeated], [1, 0]);
    assert.equal(first(await alerts()).seen_count, 1);
    assert.equal(first(await rows('edr_alerts')).status, 'inProgress');
  });

  it('from a device nobody knows creates that device in the same transaction, and newer alerts tell more of it', async () => {
    const device = sourceDevice({ risk: 'low', aadDeviceId: 'ABC' });
    await openAlert(t.db, tenantId, { device });
    await openAlert(t.db, tenantId, { device: { ...device, risk: 'high', health: null } });
    const [stub, ...others] = await rows('edr_devices');
    assert.ok(stub);
    assert.equal(others.length, 0);
    assert.deepEqual([stub.is_stub, stub.risk_score, stub.aad_device_id], [true, 90, 'abc']);
    assert.ok((await alerts()).every((row) => row.device_id === stub.id));
  });

  it('resolved already when first seen is mirrored only, unless everything is taken', async () => {
    const [resolved, other] = [sourceAlert({ status: 'resolved' }), sourceAlert({ status: 'Resolved' })];
    assert.equal((await ingest(t.db, tenantId, [resolved])).mirrored, 1);
    assert.equal((await alerts()).length, 0);
    assert.equal((await ingest(t.db, tenantId, [other], { takeEverything: true })).new, 1);
    assert.ok(first(await alerts()).source_resolved_at);
    const back = await ingest(t.db, tenantId, [{ ...resolved, status: 'new', lastUpdate: updateTime(5) }]);
    assert.equal(back.new, 1);
  });

  it('in the first sync becomes an alert only when it is unresolved and a day old at most', async () => {
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
    const batch = [sourceAlert({ createdAt: hoursAgo(23) }), sourceAlert({ createdAt: hoursAgo(25) })];
    const result = await ingest(t.db, tenantId, batch, { firstSync: true });
    assert.deepEqual([result.new, result.mirrored], [1, 1]);
    assert.equal((await rows('edr_alerts')).length, 2);
  });

  it('resolved at the source while it is open here says so, and no longer when it comes back', async () => {
    const alert = sourceAlert();
    await ingest(t.db, tenantId, [alert]);
    await ingest(t.db, tenantId, [{ ...alert, status: 'resolved', lastUpdate: updateTime(1) }]);
    const resolved = first(await alerts());
    assert.ok(resolved.source_resolved_at);
    assert.equal(resolved.status, 'open');
    await ingest(t.db, tenantId, [{ ...alert, status: 'new', lastUpdate: updateTime(2) }]);
    assert.equal(first(await alerts()).source_resolved_at, null);
  });

  it('a severity that rises while it is open is taken over and audited, one that falls is recorded only', async () => {
    const alert = sourceAlert({ severity: 'medium' });
    await ingest(t.db, tenantId, [alert]);
    await ingest(t.db, tenantId, [{ ...alert, severity: 'high', lastUpdate: updateTime(1) }]);
    await ingest(t.db, tenantId, [{ ...alert, severity: 'low', lastUpdate: updateTime(2) }]);
    const row = first(await alerts());
    assert.deepEqual([row.severity, row.defender_severity, row.version], ['high', 'low', 1]);
    assert.ok(row.take_by, 'a severity with a target brings one');
    const audit = await rows('audit_log', { action: 'alert.severity' });
    assert.deepEqual(
      audit.map((one) => [one.before.severity, one.after.severity]),
      [['medium', 'high']],
    );
  });

  it('after closing only counts within the window', async () => {
    const id = await closedAlert('da-window');
    const state = { microsoftAlertId: 'da-window', lastUpdate: updateTime(1), lastActivityAt: updateTime(1) };
    await ingest(t.db, tenantId, [sourceAlert({ ...state, status: 'resolved' })]);
    const again = await ingest(t.db, tenantId, [sourceAlert({ ...state, lastUpdate: updateTime(2) })]);
    assert.deepEqual([again.new, again.repeated], [0, 1]);
    assert.deepEqual(
      (await alerts()).map((row) => [row.id, row.seen_count]),
      [[id, 3]],
    );
  });

  describe('after closing and the window', () => {
    it('mere edits count and open nothing', async () => {
      const id = await closedAlert('da-edit');
      await moveClock(t.admin, '6 minutes');
      await ingest(t.db, tenantId, [sourceAlert({ microsoftAlertId: 'da-edit', lastUpdate: updateTime(9) })]);
      assert.deepEqual(
        (await alerts()).map((row) => [row.id, row.seen_count]),
        [[id, 2]],
      );
    });

    it('a change from resolved back to new opens a recurrence that takes the bare id, again and again', async () => {
      const original = await closedAlert('da-back');
      const state = (seconds: number, status: string) =>
        sourceAlert({ microsoftAlertId: 'da-back', lastUpdate: updateTime(seconds), status });
      await moveClock(t.admin, '6 minutes');
      await ingest(t.db, tenantId, [state(1, 'resolved'), state(2, 'inProgress')]);
      const second = (await alerts())[1]?.id ?? '';
      await services.alerts.take(click(ann, second));
      await services.alerts.close(click(ann, second), 'closed_benign', 'a known test of the red team');
      await moveClock(t.admin, '6 minutes');
      await ingest(t.db, tenantId, [state(3, 'resolved')]);
      const result = await ingest(t.db, tenantId, [state(4, 'new')]);
      assert.equal(result.new, 1);
      assert.deepEqual(
        (await alerts()).map((row) => [row.source_id, row.recurrence_of, row.status, row.defender_alert_id]),
        [
          ['da-back#1', null, 'closed_benign', 'da-back'],
          ['da-back#2', original, 'closed_benign', 'da-back'],
          ['da-back', second, 'open', 'da-back'],
        ],
      );
      await assert.rejects(services.alerts.reopen(click(ann, original), 'was wrong'), /came back as A-2/);
    });

    it('an activity later than closing and window opens a recurrence', async () => {
      await closedAlert('da-activity');
      await moveClock(t.admin, '6 minutes');
      const [{ now }] = (await t.admin.raw<{ rows: [{ now: Date }] }>('select app.now() as now')).rows;
      const state = { microsoftAlertId: 'da-activity', lastUpdate: updateTime(1) };
      await ingest(t.db, tenantId, [sourceAlert({ ...state, lastActivityAt: now.toISOString() })]);
      assert.equal((await alerts()).length, 2);
    });
  });

  it('a repeat of an escalated alert shows on its incident until that is final', async () => {
    const channel = await linkedChannel(t.admin, tenantId, ann.userId);
    const state = (seconds: number, status = 'new') =>
      sourceAlert({ microsoftAlertId: 'da-esc', lastUpdate: updateTime(seconds), status });
    const id = await openAlert(t.db, tenantId, { microsoftAlertId: 'da-esc' });
    await services.alerts.take(click(ann, id));
    await services.alerts.investigate(click(ann, id));
    const { view } = await services.alerts.escalate(click(ann, id));
    const incident = view.incident?.id ?? '';
    for (const entity of [
      ['alert', id],
      ['incident', incident],
    ])
      await t.admin('posted_cards').insert({
        tenant_id: tenantId,
        entity_type: entity[0],
        entity_id: entity[1],
        conversation_id: channel,
        activity_id: 'a',
        card_schema: 1,
      });
    await inTable('outbox').delete();
    await ingest(t.db, tenantId, [state(1)]);
    assert.deepEqual((await rows('outbox')).map((row) => row.stale_key).toSorted(), [
      `alert:${id}`,
      `incident:${incident}`,
    ]);
    await services.incidents.resolve(click(ann, incident), 'cleaned');
    await moveClock(t.admin, '6 minutes');
    await ingest(t.db, tenantId, [state(2, 'resolved'), state(3)]);
    assert.deepEqual(
      (await alerts()).map((row) => [row.status, row.seen_count]),
      [
        ['escalated', 2],
        ['open', 2],
      ],
    );
  });

  it('ids that are too long are hashed, unknown severities count as medium and are named', async () => {
    const result = await ingest(t.db, tenantId, [
      sourceAlert({ microsoftAlertId: 'x'.repeat(255), severity: 'weird' }),
    ]);
    assert.deepEqual(result.unknownSeverities, ['weird']);
    const row = first(await alerts());
    assert.match(row.source_id, /^sha256:[0-9a-f]{64}$/);
    assert.equal(row.severity, 'medium');
  });

  it('and its failure leaves nothing, no number either', async () => {
    const broken = sourceAlert({ createdAt: 'no time' });
    await assert.rejects(ingest(t.db, tenantId, [sourceAlert(), broken]));
    await ingest(t.db, tenantId, [sourceAlert()]);
    assert.deepEqual(
      (await alerts()).map((row) => row.number),
      [1],
    );
    assert.equal((await rows('edr_alerts')).length, 1);
  });
});
