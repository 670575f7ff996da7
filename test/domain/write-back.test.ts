import assert from 'node:assert/strict';
import type { EdrActionsRow } from '../../database/rows.js';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../../domain/access/actor.js';
import type { AlertUpdates, AlertVerdict } from '../../domain/actions/action-gateway.js';
import { readStep } from '../../domain/actions/step-store.js';
import { stepWriteBack } from '../../domain/actions/write-back-step.js';
import type { WriteBackContext } from '../../domain/actions/write-back-step.js';
import { createAlertService } from '../../domain/alerts/alert-service.js';
import type { SourceAlert, SourceFault, TenantConnection } from '../../domain/alerts/alert-source.js';
import { SourceError } from '../../domain/alerts/alert-source.js';
import { createIncidentService } from '../../domain/incidents/incident-service.js';
import { actorIn, click, ingest, linkedChannel, moveClock, sourceAlert, updateTime } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { first, rowsOf } from '../helpers/rows.js';

interface Sent {
  readonly connection: TenantConnection;
  readonly id: string;
  readonly verdict: AlertVerdict;
}

describe('an alert that is closed here', () => {
  let t: TestDatabase;
  let tenantId: string;
  let entraTenantId: string;
  let ann: Actor;
  let sent: Sent[];
  let answer: () => Promise<{ lastUpdate: string }>;
  let source: SourceAlert;

  before(async () => (t = await testDatabase()));
  after(() => t.drop());
  beforeEach(async () => {
    ({ tenantId, entraTenantId } = await insertTenant(t.admin));
    ann = await actorIn(t.admin, tenantId, 'security_analyst', 'Ann');
    sent = [];
    answer = () => Promise.resolve({ lastUpdate: updateTime(60) });
    source = sourceAlert();
    await set({ writeBack: true, dryRun: false });
  });

  const set = (actions: object) =>
    t
      .admin('tenants')
      .where({ id: tenantId })
      .update({ settings: JSON.stringify({ actions }) });
  const alerts = () => createAlertService(t.db);
  const incidents = () => createIncidentService(t.db);
  const updates: AlertUpdates = {
    resolve: (connection, id, verdict) => {
      sent.push({ connection, id, verdict });
      return answer();
    },
  };
  const fails = (fault: SourceFault, message: string, ms?: number) => () =>
    Promise.reject(new SourceError(fault, message, ms));

  async function opened(given: SourceAlert = source): Promise<string> {
    return first((await ingest(t.db, tenantId, [given])).ids);
  }
  async function investigating(given: SourceAlert = source): Promise<string> {
    const id = await opened(given);
    await alerts().take(click(ann, id));
    await alerts().investigate(click(ann, id));
    return id;
  }
  async function closed(outcome: 'closed_benign' | 'closed_false_positive' = 'closed_benign'): Promise<string> {
    const id = await investigating();
    await alerts().close(click(ann, id), outcome, 'a known test of the red team');
    return id;
  }
  async function step(given: Partial<WriteBackContext> = {}, which = -1): Promise<number | null> {
    const action = (await actions()).at(which);
    const facts = action && (await inTenant(t.db, tenantId, (trx) => readStep(trx, action.id)));
    if (!facts) throw new Error('there is no action');
    const context = { db: t.db, alertUpdates: updates, forceDryRun: false, ...given };
    return stepWriteBack(context, facts, new AbortController().signal);
  }
  async function actions(): Promise<EdrActionsRow[]> {
    const found: unknown = await t.admin('edr_actions').where({ tenant_id: tenantId }).orderBy('number');
    return found as EdrActionsRow[];
  }
  const ended = async (which = -1) => {
    const action = (await actions()).at(which);
    return [action?.status, action?.result_message];
  };
  const jobs = async (): Promise<unknown[]> =>
    t.admin('graphile_worker.jobs').whereLike('key', `${tenantId}/action/%`).pluck('task_identifier');
  const notices = async () =>
    (await rowsOf(t.admin, 'outbox', tenantId, { kind: 'notice' })).map(({ payload }) => payload.text);

  const mirrored = async () => first(await rowsOf(t.admin, 'edr_alerts', tenantId));

  it('is left alone at Microsoft unless the tenant wants it resolved there', async () => {
    await set({ dryRun: false });
    await closed();
    assert.deepEqual([await actions(), await jobs()], [[], []]);
  });

  it('is resolved there by a job, which the closing enqueues with an action that says who, why and what', async () => {
    const id = await closed('closed_false_positive');
    const action = first(await actions());
    assert.deepEqual(
      [action.action_type, action.status, action.user_id, action.alert_id, action.parameter, action.is_dry_run],
      ['resolve_alert', 'approved', ann.userId, id, 'false_positive', false],
    );
    assert.deepEqual([action.reason, await jobs()], ['a known test of the red team', ['device_action']]);
    assert.equal(await step(), null);
    assert.deepEqual(sent, [
      {
        connection: { tenantId, entraTenantId },
        id: source.microsoftAlertId,
        verdict: {
          classification: 'falsePositive',
          determination: 'notMalicious',
          comment: 'Closed as false positive by Ann in Teams: a known test of the red team [A-1 ACT-1]',
        },
      },
    ]);
    assert.deepEqual(await ended(), ['completed', 'Resolved at Microsoft too.']);
    const trail = await rowsOf(t.admin, 'audit_log', tenantId, { entity_type: 'action' });
    assert.deepEqual(
      trail.map((row) => [row.action, row.actor, row.outcome]),
      [
        ['alert.writeBack', ann.userId, 'done'],
        ['action.completed', 'device_action', 'done'],
      ],
    );
  });

  it('as benign is expected activity there', async () => {
    await closed();
    await step();
    const { classification, determination } = first(sent).verdict;
    assert.deepEqual([classification, determination], ['informationalExpectedActivity', 'confirmedActivity']);
  });

  it('is no observation when Microsoft sends it back resolved, in whatever digits; what changes there later is', async () => {
    const id = await closed();
    answer = () => Promise.resolve({ lastUpdate: '2026-03-01T09:00:00.1900000Z' });
    await step();
    const echo = { ...source, status: 'resolved', lastUpdate: '2026-03-01T09:00:00.19Z' };
    const result = await ingest(t.db, tenantId, [echo]);
    assert.deepEqual([result.unchanged, result.repeated, result.new], [1, 0, 0]);
    const [alert, mirror] = [first(await rowsOf(t.admin, 'security_alerts', tenantId)), await mirrored()];
    assert.deepEqual([alert.id, alert.seen_count, alert.source_resolved_at], [id, 1, null]);
    assert.deepEqual([mirror.status, mirror.last_update_raw], ['resolved', echo.lastUpdate]);
    await moveClock(t.admin, '1 hour');
    const back = await ingest(t.db, tenantId, [{ ...source, status: 'new', lastUpdate: '2026-03-01T10:00:00Z' }]);
    assert.equal(back.new, 1, 'it was reopened there');
  });

  it('is not sent when it was reopened before; what was sent is not undone by reopening', async () => {
    const id = await closed();
    await alerts().reopen(click(ann, id), 'too quick');
    await step();
    assert.deepEqual([sent.length, (await ended())[0]], [0, 'cancelled']);
    await alerts().take(click(ann, id));
    await alerts().close(click(ann, id), 'closed_benign', 'really a red team');
    await step();
    await alerts().reopen(click(ann, id), 'too quick again');
    assert.deepEqual([sent.length, (await actions()).length], [1, 2]);
  });

  it('goes by the last decision only', async () => {
    const id = await closed('closed_benign');
    await alerts().reopen(click(ann, id), 'too quick');
    await alerts().take(click(ann, id));
    await alerts().close(click(ann, id), 'closed_false_positive', 'it was no threat');
    await step({}, 0);
    assert.deepEqual(
      [sent.length, await ended(0)],
      [0, ['cancelled', 'A later decision on the alert took its place before it was sent.']],
    );
    await step();
    assert.equal(first(sent).verdict.classification, 'falsePositive');
  });

  it('that Microsoft has resolved already, or that is not Microsoft’s, is not written back', async () => {
    const id = await investigating();
    await ingest(t.db, tenantId, [{ ...source, status: 'resolved', lastUpdate: updateTime(5) }]);
    await alerts().close(click(ann, id), 'closed_benign', 'a known test of the red team');
    const other = await investigating(sourceAlert());
    await t.admin('security_alerts').where({ id: other }).update({ source_system: 'firewall' });
    await alerts().close(click(ann, other), 'closed_benign', 'a known test of the red team');
    assert.deepEqual(await actions(), []);
  });

  it('is only pretended in a dry run, of the tenant or forced', async () => {
    await set({ writeBack: true, dryRun: true });
    await closed();
    assert.equal(first(await actions()).is_dry_run, true);
    await step();
    assert.deepEqual(await ended(), ['completed', 'Dry run: the alert was not resolved at Microsoft.']);
    await set({ writeBack: true, dryRun: false });
    source = sourceAlert();
    await closed();
    await step({ forceDryRun: true });
    assert.deepEqual([(await ended())[0], (await actions()).at(-1)?.is_dry_run, sent.length], ['completed', true, 0]);
    source = sourceAlert();
    await closed();
    await set({ writeBack: true, dryRun: true });
    await step();
    assert.deepEqual([(await actions()).at(-1)?.is_dry_run, sent.length], [true, 0], 'by the rule as it is by then');
  });

  it('is tried up to five times, with pauses that grow or that Microsoft asks for', async () => {
    await closed();
    const waits: (number | null)[] = [];
    answer = fails('throttled', 'Graph throttles this tenant.', 90_000);
    waits.push(await step());
    assert.deepEqual(await ended(), ['approved', 'Try 1 of 5 failed: Graph throttles this tenant.']);
    assert.ok(((await step()) ?? 0) > 60_000, 'not before its time');
    answer = fails('unavailable', 'Graph answered HTTP 503.');
    for (let more = 0; more < 4; more += 1) {
      await moveClock(t.admin, '31 minutes');
      waits.push(await step());
    }
    assert.deepEqual(waits, [90_000, 120_000, 600_000, 1_800_000, null]);
    assert.deepEqual([sent.length, await ended()], [5, ['failed', 'Graph answered HTTP 503.']]);
    assert.equal(
      new Set(sent.map(({ verdict }) => verdict.comment)).size,
      1,
      'one comment, so that it stands there once',
    );
    assert.equal(await step(), null);
    assert.equal(sent.length, 5);
  });

  it('fails at once for want of a permission, and the admins are told once an hour', async () => {
    await linkedChannel(t.admin, tenantId, ann.userId);
    answer = fails('on_hold', 'The permission SecurityAlert.ReadWrite.All is missing.');
    for (let n = 0; n < 2; n += 1) {
      source = sourceAlert();
      await closed();
      await step();
    }
    assert.equal((await ended())[0], 'failed');
    const told = await notices();
    assert.equal(told.length, 1);
    assert.match(String(told[0]), /^A-1 is dealt with here, but .* SecurityAlert\.ReadWrite\.All is missing/);
    await moveClock(t.admin, '61 minutes');
    await t.admin('outbox').where({ tenant_id: tenantId }).update({ state: 'sent', finished_at: new Date() });
    source = sourceAlert();
    await closed();
    await step({ alertUpdates: null });
    assert.match(String((await notices())[1]), /No application for acting is configured/);
  });

  it('waits no longer for a tenant that is closed', async () => {
    await closed();
    await t.admin('tenants').where({ id: tenantId }).update({ is_active: false });
    await step();
    assert.deepEqual([(await ended())[0], sent.length], ['failed', 0]);
  });

  describe('with others, by resolving their incident', () => {
    async function incidentOf(others: readonly string[]): Promise<string> {
      const { view } = await alerts().escalate(click(ann, await investigating()));
      const id = view.incident?.id ?? '';
      for (const alert of others) await incidents().linkAlert(click(ann, id), alert);
      return id;
    }

    it('is resolved there as a true positive, each alert of Microsoft once', async () => {
      const [second, firewall] = [await investigating(sourceAlert()), await investigating(sourceAlert())];
      await t.admin('security_alerts').where({ id: firewall }).update({ source_system: 'firewall' });
      const incident = await incidentOf([second, firewall]);
      const once = click(ann, incident);
      await incidents().resolve(once, 'cleaned up');
      await incidents().resolve(once, 'cleaned up');
      const made = await actions();
      assert.deepEqual(
        made.map((action) => [action.parameter, action.incident_id, action.status]),
        [
          ['true_positive', incident, 'approved'],
          ['true_positive', incident, 'approved'],
        ],
      );
      await step({}, 0);
      await step({}, 1);
      assert.deepEqual(
        sent.map(({ verdict }) => [verdict.classification, verdict.determination]),
        [
          ['truePositive', null],
          ['truePositive', null],
        ],
      );
      assert.match(
        first(sent).verdict.comment,
        /^Its incident was resolved by Ann in Teams: cleaned up \[A-\d ACT-1\]$/,
      );
    });

    it('is left to Microsoft when the incident is dismissed, or reopened before it was sent', async () => {
      const incident = await incidentOf([]);
      await incidents().dismiss(click(ann, incident), 'a drill');
      assert.deepEqual(await actions(), []);
      await incidents().reopen(click(ann, incident), 'no drill');
      await incidents().resolve(click(ann, incident), 'cleaned up');
      await incidents().reopen(click(ann, incident), 'it is back');
      await step();
      assert.deepEqual([(await ended())[0], sent.length], ['cancelled', 0]);
    });
  });
});
