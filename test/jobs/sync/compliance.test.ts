import assert from 'node:assert/strict';
import { ingest, sourceAlert, sourceDevice } from '../../helpers/builders.js';
import { testDatabase } from '../../helpers/database.js';
import type { TestDatabase } from '../../helpers/database.js';
import { guid, machine, machineId, managed } from './device-records.js';
import { deviceWorld } from './device-world.js';
import { fault } from './scripted-source.js';

const hourMs = 3_600_000;
const aadDeviceId = guid('entra');

describe('syncing compliance', () => {
  let base: TestDatabase;
  let world: Awaited<ReturnType<typeof deviceWorld>>;
  before(async () => {
    base = await testDatabase();
  });
  beforeEach(async () => {
    world = await deviceWorld(base);
  });
  after(() => base.drop());

  const rule = (device: string, name: string, state = 'nonCompliant') => ({
    intuneDeviceId: guid(device),
    rule: name,
    state,
  });
  const rulesOf = async (device: string) => (await world.device('intune', device)).verdict?.rules;

  it('makes devices of what only Intune knows, with its verdict', async () => {
    world.managed.script.push([[managed('pc-1', { compliance: 'inGracePeriod', aadDeviceId })], [managed('pc-2')]]);
    assert.equal(await world.syncCompliance(), hourMs);
    const { microsoft, name, user, serial, compliance, lastSeen, verdict, checkedAt } = await world.device(
      'intune',
      'pc-1',
    );
    assert.deepEqual(
      [microsoft, name, user, serial, compliance, verdict],
      [null, 'pc-1', 'pc-1@contoso.example', 'SN-pc-1', 'inGracePeriod', { state: 'inGracePeriod', rules: [] }],
    );
    assert.deepEqual([lastSeen, checkedAt], [new Date('2026-03-01T07:00:00Z'), new Date('2026-03-01T07:00:00Z')]);
    const run = await world.run();
    assert.deepEqual([run.outcome, run.new_count, run.read_count], ['complete', 2, 2]);
    assert.equal(await world.isPostureDue(), true);
    await world.syncCompliance();
    assert.equal((await world.run()).unchanged_count, 2);
  });

  describe('a device that Defender and Intune know', () => {
    const theMachine = machine('mde', { aadDeviceId, operatingSystem: 'Windows11', osVersion: '23H2' });
    const theManaged = managed('mdm', { aadDeviceId, operatingSystem: 'Windows', compliance: 'noncompliant' });

    it('is one row, by the Entra id, whoever comes first', async () => {
      for (const order of [['syncDevices', 'syncCompliance'] as const, ['syncCompliance', 'syncDevices'] as const]) {
        world = await deviceWorld(base);
        world.machines.script.push([[theMachine]]);
        world.managed.script.push([[theManaged]]);
        for (const sync of order) await world[sync]();
        const [device, ...others] = await world.mirror();
        assert.deepEqual(others, []);
        assert.deepEqual(
          [device?.microsoft, device?.intune, device?.name, device?.os, device?.version, device?.serial],
          [machineId('mde'), guid('mdm'), 'mde', 'Windows11', '23H2', 'SN-mdm'],
        );
        assert.deepEqual([device?.compliance, device?.verdict?.state], ['noncompliant', 'noncompliant']);
        assert.equal(device?.lastSeen?.toISOString(), '2026-03-01T08:00:00.765Z', 'Defender knows it better');
      }
    });

    it('has the name that Intune knows when Defender knows none', async () => {
      for (const order of [['syncDevices', 'syncCompliance'] as const, ['syncCompliance', 'syncDevices'] as const]) {
        world = await deviceWorld(base);
        world.machines.script.push([[{ ...theMachine, name: null }]]);
        world.managed.script.push([[theManaged]]);
        for (const sync of order) await world[sync]();
        assert.equal((await world.device('microsoft', 'mde')).name, 'mdm');
      }
    });

    it('keeps the row that Intune made, and with it the alerts that point at it', async () => {
      world.managed.script.push([[theManaged]]);
      await world.syncCompliance();
      const id = await world.deviceId('intune', 'mdm');
      const device = sourceDevice({ microsoftDeviceId: null, aadDeviceId });
      await ingest(base.db, world.tenantId, [sourceAlert({ device })]);
      world.machines.script.push([[theMachine]]);
      await world.syncDevices();
      assert.equal(await world.deviceId('microsoft', 'mde'), id);
      assert.deepEqual(await base.admin('security_alerts').where({ tenant_id: world.tenantId }).pluck('device_id'), [
        id,
      ]);
    });

    it('takes over that row when an alert is the first to name the machine', async () => {
      world.managed.script.push([[theManaged]]);
      await world.syncCompliance();
      const id = await world.deviceId('intune', 'mdm');
      const device = sourceDevice({ microsoftDeviceId: machineId('mde'), aadDeviceId, onboarding: 'onboarded' });
      await ingest(base.db, world.tenantId, [sourceAlert({ device }), sourceAlert({ device })]);
      const [only, ...others] = await world.mirror();
      assert.deepEqual([only?.microsoft, only?.isStub, only?.verdict?.state], [machineId('mde'), true, 'noncompliant']);
      assert.deepEqual([others, await world.deviceId('microsoft', 'mde')], [[], id]);
      world.machines.script.push([[{ ...theMachine, lastSeenAt: null }]]);
      await world.syncDevices();
      const { isStub, lastSeen } = await world.device('microsoft', 'mde');
      assert.deepEqual([isStub, lastSeen], [false, null], 'what Intune saw is nothing that Defender saw');
    });

    it('becomes one when Defender learns the Entra id later: alerts, actions and the verdict follow', async () => {
      world.machines.script.push([[{ ...theMachine, aadDeviceId: null }]], [[theMachine]]);
      world.managed.script.push([[theManaged]]);
      world.rules.script.push([[rule('mdm', 'Firewall')]]);
      await world.syncDevices();
      await world.syncCompliance();
      assert.equal((await world.mirror()).length, 2);
      const device = sourceDevice({ microsoftDeviceId: null, aadDeviceId });
      await ingest(base.db, world.tenantId, [sourceAlert({ device })]);
      const id = await world.deviceId('microsoft', 'mde');
      await world.syncDevices();
      const [only, ...others] = await world.mirror();
      assert.deepEqual([others, only?.microsoft, only?.intune], [[], machineId('mde'), guid('mdm')]);
      assert.deepEqual(only?.verdict, { state: 'noncompliant', rules: [{ rule: 'Firewall', state: 'nonCompliant' }] });
      for (const table of ['security_alerts', 'edr_alerts'])
        assert.deepEqual(await base.admin(table).where({ tenant_id: world.tenantId }).pluck('device_id'), [id], table);
    });

    it('is two again when the Entra ids differ, on either side', async () => {
      world.machines.script.push([[theMachine]], [[{ ...theMachine, aadDeviceId: guid('another') }]]);
      world.managed.script.push([[theManaged]]);
      await world.syncDevices();
      await world.syncCompliance();
      await world.syncDevices();
      assert.equal((await world.device('microsoft', 'mde')).intune, null);
      assert.deepEqual((await world.device('intune', 'mdm')).verdict, { state: 'noncompliant', rules: [] });
      world.managed.script.push([[{ ...theManaged, aadDeviceId: guid('another') }]], [[theManaged]]);
      await world.syncCompliance();
      assert.equal((await world.mirror()).length, 1);
      await world.syncCompliance();
      const [apart, alone] = await world.mirror();
      assert.deepEqual([apart?.intune, apart?.user, apart?.verdict], [null, null, null]);
      assert.deepEqual([alone?.microsoft, alone?.intune, alone?.name], [null, guid('mdm'), 'mdm']);
    });

    it('is never merged by name or serial number', async () => {
      world.machines.script.push([[machine('pc-1'), machine('pc-2', { name: 'pc-1' })]]);
      world.managed.script.push([[managed('pc-1'), managed('pc-2', { name: 'pc-1', serialNumber: 'SN-pc-1' })]]);
      await world.syncDevices();
      await world.syncCompliance();
      assert.equal((await world.mirror()).length, 4);
    });
  });

  describe('two managed devices of one Entra id', () => {
    const older = managed('older', { aadDeviceId, lastSyncAt: '2026-02-01T00:00:00Z', compliance: 'noncompliant' });
    const newer = managed('newer', { aadDeviceId, lastSyncAt: '2026-03-01T00:00:00Z' });

    it('the newer one belongs to the machine, the older one stands for itself', async () => {
      for (const pages of [[[older, newer]], [[newer, older]], [[older], [newer]], [[newer], [older]]]) {
        world = await deviceWorld(base);
        world.machines.script.push([[machine('mde', { aadDeviceId })]]);
        world.managed.script.push(pages);
        await world.syncDevices();
        await world.syncCompliance();
        const missed = (await world.mirror()).map(({ intuneMissed }) => intuneMissed);
        assert.deepEqual(missed, [0, 0], 'both were met, whoever had to give way');
        await world.syncCompliance();
        const [shared, alone, ...others] = await world.mirror();
        assert.deepEqual(
          [shared?.intune, shared?.aad, shared?.verdict?.state],
          [guid('newer'), aadDeviceId, 'compliant'],
        );
        assert.deepEqual([alone?.microsoft, alone?.intune, alone?.aad], [null, guid('older'), null]);
        assert.deepEqual([alone?.name, alone?.verdict?.state, others], ['older', 'noncompliant', []]);
      }
    });

    it('the other one follows when the newer one is gone', async () => {
      world.machines.script.push([[machine('mde', { aadDeviceId })]]);
      world.managed.script.push([[newer, older]], [[older]]);
      await world.syncDevices();
      for (let n = 0; n < 4; n += 1) await world.syncCompliance();
      const [shared, ...others] = await world.mirror();
      assert.deepEqual([shared?.intune, shared?.verdict?.state], [guid('older'), 'noncompliant']);
      assert.deepEqual(others, []);
    });
  });

  describe('the verdict', () => {
    it('is of the past: when Intune heard of the device, and never later than now', async () => {
      const begun = Date.now();
      const silent = managed('silent', { lastSyncAt: null });
      world.managed.script.push([[silent, managed('ahead', { lastSyncAt: '2199-01-01T00:00:00Z' })]]);
      await world.syncCompliance();
      const first = await world.device('intune', 'silent');
      const at = first.checkedAt?.getTime() ?? 0;
      assert.ok(at >= begun - 60_000 && at <= Date.now());
      assert.equal(first.lastSeen, null, 'but when it was seen is not invented');
      await world.syncCompliance();
      assert.deepEqual((await world.device('intune', 'silent')).checkedAt, first.checkedAt);
      assert.ok(((await world.device('intune', 'ahead')).checkedAt?.getTime() ?? 0) <= Date.now());
    });

    it('keeps words that nobody knows, and says unknown where Intune says nothing', async () => {
      world.managed.script.push([
        [managed('odd', { compliance: 'quantumCompliant' }), managed('none', { compliance: null })],
      ]);
      await world.syncCompliance();
      assert.equal((await world.device('intune', 'odd')).verdict?.state, 'quantumCompliant');
      const { compliance, verdict } = await world.device('intune', 'none');
      assert.deepEqual([compliance, verdict?.state], [null, 'unknown']);
    });
  });

  describe('rules that are failed', () => {
    const failing = managed('pc-1', { compliance: 'noncompliant' });

    it('are those of all pages, once each, fifty at most, and gone when they are met', async () => {
      const many = Array.from({ length: 60 }, (_, n) => rule('pc-1', `Rule ${String(n).padStart(2, '0')}`));
      world.managed.script.push([[failing, managed('pc-2', { compliance: 'error' })]]);
      world.rules.script.push(
        [
          [rule('pc-1', 'B'), rule('pc-2', 'A')],
          [rule('pc-1', 'A', 'error'), rule('pc-1', 'B')],
        ],
        [many],
      );
      await world.syncCompliance();
      assert.deepEqual(await rulesOf('pc-1'), [
        { rule: 'A', state: 'error' },
        { rule: 'B', state: 'nonCompliant' },
      ]);
      await world.syncCompliance();
      assert.deepEqual(
        [(await rulesOf('pc-1'))?.length, (await rulesOf('pc-1'))?.at(-1)],
        [50, { rule: 'Rule 49', state: 'nonCompliant' }],
      );
      assert.deepEqual(await rulesOf('pc-2'), []);
    });

    it('of a device that is not known, or that complies, are of nobody', async () => {
      world.managed.script.push([[failing]], [[managed('pc-1')]]);
      world.rules.script.push([[rule('pc-1', 'A'), rule('nobody', 'A')]]);
      await world.syncCompliance();
      await world.syncCompliance();
      assert.deepEqual([await rulesOf('pc-1'), (await world.run()).outcome], [[], 'complete']);
    });

    it('stay as they are while the permission is missing, which admins read once; the states go on', async () => {
      const why = 'The permission DeviceManagementConfiguration.Read.All is missing.';
      world.managed.script.push([[failing]]);
      world.rules.script.push([[rule('pc-1', 'A')]], [fault('on_hold', why)]);
      await world.syncCompliance();
      world.managed.script.push([[{ ...failing, compliance: 'error' }]]);
      assert.deepEqual([await world.syncCompliance(), await world.syncCompliance()], [hourMs, hourMs]);
      const { verdict } = await world.device('intune', 'pc-1');
      assert.deepEqual(verdict, { state: 'error', rules: [{ rule: 'A', state: 'nonCompliant' }] });
      const [run, cursor] = [await world.run(), await world.cursor('compliance')];
      assert.deepEqual([run.outcome, run.error, run.errors], ['partial', why, { on_hold: 1 }]);
      assert.deepEqual([cursor.hold_reason, cursor.last_success_at?.getTime()], [why, run.finished_at?.getTime()]);
      assert.deepEqual(await world.notices(), [
        `Intune devices are read, but not all that is known of them: ${why} It is tried again with every sync.`,
      ]);
      await world.forgetNotices();
      world.rules.script.push([[]]);
      await world.syncCompliance();
      assert.deepEqual(await world.notices(), ['Reading Intune devices works again.']);
      assert.deepEqual([(await world.cursor('compliance')).hold_since, await rulesOf('pc-1')], [null, []]);
    });

    it('stay where a page was missing, and where the reading failed', async () => {
      world.managed.script.push([[failing]]);
      world.rules.script.push(
        [[rule('pc-1', 'A')]],
        [{ partial: true }],
        [fault('unavailable', 'Graph answered 502.')],
      );
      const outcomes = [];
      for (let n = 0; n < 3; n += 1) {
        await world.syncCompliance();
        outcomes.push((await world.run()).outcome);
      }
      assert.deepEqual([outcomes, (await rulesOf('pc-1'))?.length], [['complete', 'partial', 'failed'], 1]);
    });
  });

  describe('devices that Intune has no more', () => {
    it('lose its words after two complete walks, and are gone when nobody else has them', async () => {
      world.machines.script.push([[machine('mde', { aadDeviceId })]]);
      world.managed.script.push(
        [[managed('mdm', { aadDeviceId }), managed('alone'), managed('stays')]],
        [[managed('stays')]],
      );
      await world.syncDevices();
      await world.syncCompliance();
      await world.syncCompliance();
      assert.deepEqual(
        (await world.mirror()).map(({ isGone, verdict }) => [isGone, verdict?.state]),
        [
          [false, 'compliant'],
          [false, 'compliant'],
          [false, 'compliant'],
        ],
      );
      await world.syncCompliance();
      const shared = await world.device('microsoft', 'mde');
      assert.deepEqual(
        [shared.isGone, shared.intune, shared.user, shared.compliance, shared.verdict],
        [false, null, null, null, null],
      );
      const alone = await world.device('intune', 'alone');
      assert.deepEqual([alone.isGone, alone.compliance, alone.verdict, alone.name], [true, null, null, 'alone']);
      assert.deepEqual([(await world.run()).removed_count, await world.count('edr_compliance')], [1, 1]);
      const id = await world.deviceId('intune', 'alone');
      world.managed.script.push([[managed('alone'), managed('stays')]]);
      await world.syncCompliance();
      assert.deepEqual(
        [await world.deviceId('intune', 'alone'), (await world.device('intune', 'alone')).isGone],
        [id, false],
      );
    });

    it('go on with what Intune says when Defender has them no more: its judgement of them ends', async () => {
      const lastSyncAt = '2026-03-05T07:00:00Z';
      world.machines.script.push([[machine('mde', { aadDeviceId }), machine('other')]], [[machine('other')]]);
      world.managed.script.push([[managed('mdm', { aadDeviceId })]], [[managed('mdm', { aadDeviceId, lastSyncAt })]]);
      await world.syncDevices();
      await world.syncCompliance();
      await world.syncDevices();
      const once = await world.device('microsoft', 'mde');
      assert.deepEqual([once.risk, once.health], [30, 'Active']);
      await world.syncDevices();
      await world.syncCompliance();
      const left = await world.device('microsoft', 'mde');
      assert.deepEqual([left.risk, left.health, left.isGone], [null, null, false]);
      assert.deepEqual([left.name, left.compliance, left.lastSeen], ['mdm', 'compliant', new Date(lastSyncAt)]);
      world.machines.script.push([[machine('mde', { aadDeviceId }), machine('other')]]);
      await world.syncDevices();
      const back = await world.device('microsoft', 'mde');
      assert.deepEqual([back.risk, back.health, back.name], [30, 'Active', 'mde']);
    });

    it('are there as long as one of the two has them', async () => {
      world.machines.script.push([[machine('mde', { aadDeviceId }), machine('other')]], [[machine('other')]]);
      world.managed.script.push([[managed('mdm', { aadDeviceId }), managed('x')]], [[managed('x')]]);
      const isGone = async () => (await world.device('microsoft', 'mde')).isGone;
      await world.syncDevices();
      await world.syncCompliance();
      await world.syncDevices();
      await world.syncDevices();
      assert.equal(await isGone(), false);
      await world.syncCompliance();
      await world.syncCompliance();
      assert.equal(await isGone(), true);
    });
  });
});
