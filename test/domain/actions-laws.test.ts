import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Actor } from '../../domain/access/actor.js';
import type { ActionStatus, DeviceActionKind } from '../../domain/actions/action.js';
import { actionStatuses } from '../../domain/actions/action.js';
import { isOpenAction } from '../../domain/actions/life-cycle.js';
import type { ActionPolicy } from '../../domain/actions/policy.js';
import type { EdrActionsRow } from '../../database/rows.js';
import { createServices } from '../../domain/create-services.js';
import { DomainError } from '../../domain/errors.js';
import type { Services } from '../../domain/services.js';
import { actorIn, click, moveClock } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { asking, insertDevice, setPolicy } from '../helpers/actions.js';
import { rowsOf } from '../helpers/rows.js';

const people = ['ann', 'bo', 'maya', 'alex'] as const;
type Name = (typeof people)[number];
type Step =
  | { readonly act: 'request'; readonly who: Name; readonly kind: DeviceActionKind; readonly onServer: boolean }
  | { readonly act: 'approve' | 'reject' | 'cancel'; readonly who: Name; readonly nth: number }
  | { readonly act: 'microsoft'; readonly nth: number; readonly to: ActionStatus }
  | { readonly act: 'wait'; readonly minutes: number };

const who = fc.constantFrom(...people);
const nth = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('request' as const),
      who,
      kind: fc.constantFrom('isolate', 'isolate', 'unisolate', 'scan'),
      onServer: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ act: fc.constantFrom('approve', 'approve', 'reject', 'cancel'), who, nth }) },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constant('microsoft' as const),
      nth,
      to: fc.constantFrom('pending', 'in_progress', 'unknown', 'completed', 'failed'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('wait' as const), minutes: fc.constantFrom(5, 11, 31) }) },
);
const policy: fc.Arbitrary<ActionPolicy> = fc.record({
  approval: fc.record({ isolate: fc.boolean(), release: fc.boolean(), scan: fc.boolean() }),
  peers: fc.boolean(),
  dryRun: fc.boolean(),
  breakGlass: fc.constant([]),
  queueHours: fc.constant(24),
  writeBack: fc.constant(false),
});

describe('laws of actions on devices', () => {
  let t: TestDatabase;
  let services: Services;
  let tenantId: string;
  let cast: Record<Name, Actor>;
  let desk: string;
  let server: string;

  before(async () => {
    t = await testDatabase();
    services = createServices({ db: t.db, acting: { forceDryRun: false, canAct: true } });
  });
  after(() => t.drop());

  async function newTenant(): Promise<void> {
    ({ tenantId } = await insertTenant(t.admin));
    cast = {
      ann: await actorIn(t.admin, tenantId, 'security_analyst', 'Ann'),
      bo: await actorIn(t.admin, tenantId, 'security_analyst', 'Bo'),
      maya: await actorIn(t.admin, tenantId, 'tenant_admin', 'Maya'),
      alex: await actorIn(t.admin, tenantId, 'tenant_admin', 'Alex'),
    };
    desk = await insertDevice(t.admin, tenantId);
    server = await insertDevice(t.admin, tenantId, { operating_system: 'WindowsServer2022' });
  }

  const actions = () => rowsOf(t.admin, 'edr_actions', tenantId);

  /** What the step is done to is chosen before: steps of one batch meet on it. */
  async function perform(one: Step, newest: readonly EdrActionsRow[]): Promise<void> {
    if (one.act === 'wait') return moveClock(t.admin, `${one.minutes} minutes`);
    if (one.act === 'request') {
      await services.actions.request(...asking(cast[one.who], one.onServer ? server : desk, { kind: one.kind }));
      return;
    }
    const target = newest[one.nth];
    if (!target) return;
    if (one.act === 'microsoft') return atMicrosoft(target.id, one.to);
    const clicked = click(cast[one.who], target.id);
    if (one.act === 'approve') await services.actions.approve(clicked);
    else if (one.act === 'reject') await services.actions.reject(clicked, 'no');
    else await services.actions.cancel(clicked, 'no');
  }

  /** The job sends what is approved, and Microsoft moves what was sent. */
  async function atMicrosoft(id: string, to: ActionStatus): Promise<void> {
    await t
      .admin('edr_actions')
      .where({ id })
      .whereIn('status', ['approved', 'pending', 'in_progress', 'unknown'])
      .update({ status: to, sent_at: t.admin.raw('coalesce(sent_at, app.now())') });
  }

  function judge(rows: readonly EdrActionsRow[], rules: ActionPolicy): void {
    for (const device of [desk, server]) {
      const open = rows.filter(
        (row) => row.device_id === device && row.action_type !== 'scan' && isOpenAction(row.status),
      );
      assert.ok(open.length <= 1, `${open.length} open containment actions of one device`);
    }
    for (const row of rows) judgeOne(row, rules);
  }

  function judgeOne(row: EdrActionsRow, { approval, peers, breakGlass }: ActionPolicy): void {
    const asked = { isolate: approval.isolate, unisolate: approval.release, scan: approval.scan, resolve_alert: false };
    assert.equal(row.needs_approval, asked[row.action_type] || row.device_id === server);
    assert.equal(row.is_break_glass, row.needs_approval && breakGlass.includes(row.user_id));
    const left = row.sent_at !== null || !['requested', 'rejected', 'expired', 'cancelled'].includes(row.status);
    if (!left) return;
    assert.ok(row.approved_at !== null, `${row.status} and never approved`);
    if (!row.needs_approval || row.is_break_glass) return;
    assert.ok(row.approved_by !== null && row.approved_by !== row.user_id, 'approved by somebody else');
    const admins = [cast.maya.userId, cast.alex.userId];
    assert.ok(peers || admins.includes(row.approved_by), 'approved by somebody who may');
    assert.ok(row.approve_by !== null && row.approved_at <= row.approve_by, 'approved in time');
  }

  it('one open containment action a device at most, and nothing leaves without the approval that the rules asked for', async () => {
    const batches = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 8 });
    const alone = fc.option(who, { nil: null });
    const seen = new Set<string>();
    const law = fc.asyncProperty(batches, policy, alone, async (given, drawn, breakGlass) => {
      await newTenant();
      const rules = { ...drawn, breakGlass: breakGlass === null ? [] : [cast[breakGlass].userId] };
      await setPolicy(t.admin, tenantId, rules);
      for (const batch of given) {
        const newest = (await actions()).toReversed();
        const outcomes = await Promise.allSettled(batch.map((one) => perform(one, newest)));
        for (const one of outcomes)
          if (one.status === 'rejected') assert.ok(one.reason instanceof DomainError, String(one.reason));
        const rows = await actions();
        judge(rows, rules);
        for (const row of rows) seen.add(row.status);
      }
    });
    await fc.assert(law, { numRuns: 40, endOnFailure: true });
    const reached = actionStatuses.filter((status) => seen.has(status));
    assert.ok(reached.length >= 7, `the walks reached only ${reached.join(', ')}`);
  });

  it('a click on an action that comes several times at once has one effect', async () => {
    await newTenant();
    await setPolicy(t.admin, tenantId, { dryRun: false });
    const { view } = await services.actions.request(...asking(cast.ann, desk));
    const approval = click(cast.maya, view.action.id);
    const approvals = await Promise.all([1, 2, 3, 4].map(() => services.actions.approve(approval)));
    assert.deepEqual(approvals.map((one) => one.repeated).toSorted(), [false, true, true, true]);
    const audit = await rowsOf(t.admin, 'audit_log', tenantId, { action: 'action.approve' });
    assert.deepEqual([audit.length, (await actions())[0]?.version], [1, 2]);
  });
});
