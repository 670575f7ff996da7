import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EdrPostureScoresRow } from '../../database/rows.js';
import { inSystem, inTenant } from '../../database/transaction.js';
import { createPostureService } from '../../domain/posture/posture-service.js';
import { storePosture, tenantsWithoutPosture } from '../../domain/posture/posture-store.js';
import { postureTask } from '../../jobs/tasks/posture.js';
import { schedulePostureTask } from '../../jobs/tasks/schedule-posture.js';
import type { TaskRun } from '../../jobs/queue/tasks.js';
import { actorIn, moveClock } from '../helpers/builders.js';
import { insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { completeSyncs, insertAlerts, insertCves, insertDevices } from './posture-world.js';
import type { MadeAlert, MadeCve, MadeDevice } from './posture-world.js';

const all = ['devices', 'alerts', 'vulnerabilities', 'compliance'];
const dayMs = 86_400_000;

describe('the posture of a tenant', () => {
  let t: TestDatabase;
  let tenantId: string;
  before(async () => {
    t = await testDatabase();
  });
  beforeEach(async () => {
    ({ tenantId } = await insertTenant(t.admin));
  });
  after(() => t.drop());

  const store = () => inTenant(t.db, tenantId, storePosture);
  const rows = () =>
    t.admin<EdrPostureScoresRow>('edr_posture_scores').where({ tenant_id: tenantId }).orderBy('calculated_at');
  const read = async () => createPostureService(t.db).read(await actorIn(t.admin, tenantId, 'security_analyst'));
  const synced = (...sources: string[]) => completeSyncs(t.admin, tenantId, sources.length > 0 ? sources : all);
  const past = (days: number, score: number) =>
    t.admin.raw(
      `insert into edr_posture_scores (tenant_id, score, calculated_at)
       values (?, ?, app.now() - ?::float8 * interval '1 day')`,
      [tenantId, score, days],
    );

  it('is the golden case out of the tables, stored as it is shown', async () => {
    const risks = [60, 60, 60, 60, 30, 30, 0, 0, 0, 0];
    const ids = await insertDevices(
      t.admin,
      tenantId,
      risks.map((risk, n) => ({ risk, compliance: n < 8 ? 'compliant' : 'noncompliant' })),
    );
    const alerts = { high: 2, medium: 3, low: 5 } as const;
    for (const severity of ['high', 'medium', 'low'] as const)
      await insertAlerts(t.admin, tenantId, Array(alerts[severity]).fill({ severity, status: 'open' }) as MadeAlert[]);
    const cves = Array.from({ length: 5 }, (_, n) => ({ cveId: `CVE-2024-${n}`, cvss: 8, devices: [n, n + 1] }));
    await insertCves(t.admin, tenantId, cves, ids);
    await synced();
    assert.equal(await store(), 'stored');
    const { posture } = await read();
    assert.deepEqual([posture?.score, posture?.band], [72, 'fair']);
    const [row] = await rows();
    assert.deepEqual(
      [row?.score, row?.device_count, row?.active_alert_count, row?.critical_vulnerability_count],
      [72, 10, 10, 5],
    );
    assert.deepEqual(
      [row?.device_risk_factor, row?.alert_factor, row?.vulnerability_factor, row?.compliance_factor],
      ['70.00', '63.76', '77.88', '80.00'],
    );
    assert.deepEqual([row?.high_risk_device_count, row?.non_compliant_device_count], [0, 2]);
  });

  it('counts what SQL of nobody else counts, whatever is in the tables', async () => {
    const device = fc.record({
      risk: fc.constantFrom(null, 0, 10, 30, 60, 69, 70, 90, 100),
      compliance: fc.constantFrom(
        ...[null, 'compliant', 'Compliant', 'noncompliant', 'error', 'conflict', 'inGracePeriod', 'unknown'],
        ...['configManager', 'a new word'],
      ),
      gone: fc.boolean(),
      superseded: fc.boolean(),
    });
    const severity = fc.constantFrom('critical', 'high', 'medium', 'low');
    const alert = fc.oneof(
      fc.record({ severity, status: fc.constantFrom('open', 'assigned', 'investigating', 'closed_benign') }),
      fc.record({ severity, status: fc.constant('open'), source: fc.constant('email') }),
      fc.record({
        severity,
        status: fc.constant('escalated'),
        incident: fc.constantFrom('open', 'in_progress', 'resolved', 'dismissed'),
      }),
    ) as fc.Arbitrary<MadeAlert>;
    const world = fc.record({
      devices: fc.array(device, { minLength: 1, maxLength: 8 }),
      alerts: fc.array(alert, { maxLength: 8 }),
      scores: fc.array(fc.constantFrom(null, 0, 6.9, 7, 7.1, 10), { maxLength: 5 }),
      places: fc.infiniteStream(fc.nat({ max: 7 })),
    });
    const law = fc.asyncProperty(world, async ({ devices, alerts, scores, places }) => {
      ({ tenantId } = await insertTenant(t.admin));
      const cves = scores.map((cvss, n) => ({
        cveId: `TVM-${n}`,
        cvss,
        devices: [...places.take(n % 3)].map((place) => place % devices.length),
      }));
      const ids = await insertDevices(t.admin, tenantId, devices);
      await insertAlerts(t.admin, tenantId, alerts);
      await insertCves(t.admin, tenantId, cves, ids);
      await synced();
      const inputs = (await read()).posture?.inputs;
      const rounded = inputs && { ...inputs, meanRisk: toDigits(inputs.meanRisk) };
      assert.deepEqual(rounded ?? null, countedByHand(devices, alerts, cves));
    });
    await fc.assert(law, { numRuns: 40, endOnFailure: true });
  }).timeout(60_000);

  it('is unknown without a device that is there, and has no row then', async () => {
    await insertDevices(t.admin, tenantId, [
      { risk: 90, gone: true },
      { risk: 90, superseded: true },
    ]);
    await synced();
    assert.equal(await store(), 'insufficient');
    assert.equal((await read()).posture, null);
    assert.deepEqual(await rows(), []);
  });

  it('leaves out factors whose sync never completed', async () => {
    await insertDevices(t.admin, tenantId, [{ risk: 60, compliance: 'noncompliant' }]);
    await synced('devices', 'alerts');
    const { posture } = await read();
    assert.deepEqual(posture?.factors, { deviceRisk: 40, alerts: 100, vulnerabilities: null, compliance: null });
    assert.equal(posture?.score, 67);
    await store();
    assert.equal((await rows())[0]?.compliance_factor, null);
  });

  it('is stored once for a sync, when something changed, and else once a day', async () => {
    const [id] = await insertDevices(t.admin, tenantId, [{ risk: 60 }]);
    await synced();
    assert.deepEqual([await store(), await store()], ['stored', 'unchanged']);
    const rise = (risk: number) =>
      t.admin('edr_devices').where({ tenant_id: tenantId, id }).update({ risk_score: risk });
    await rise(90);
    assert.equal(await store(), 'unchanged', 'no sync since');
    await synced();
    const together = await Promise.all([store(), store(), store()]);
    assert.deepEqual(together.sort(), ['stored', 'unchanged', 'unchanged']);
    await synced();
    assert.equal(await store(), 'unchanged', 'a sync that changed nothing');
    await moveClock(t.admin, '23 hours 10 minutes');
    assert.deepEqual([await store(), await store()], ['stored', 'unchanged']);
    assert.deepEqual(
      (await rows()).map((row) => row.score),
      [78, 66, 66],
    );
    const told = await t.admin('audit_log').where({ tenant_id: tenantId, action: 'posture.stored' }).select();
    assert.equal(told.length, 3);
  });

  it('is asked for every hour where a day has none, and by nobody else', async () => {
    await insertDevices(t.admin, tenantId, [{ risk: 60 }]);
    const due = () => inSystem(t.db, tenantsWithoutPosture);
    assert.ok(!(await due()).includes(tenantId), 'nothing was ever read');
    await synced();
    const added: string[] = [];
    const run = { addForTenants: (name: string, ids: string[]) => Promise.resolve(added.push(name, ...ids)) };
    await schedulePostureTask(t.db)({}, run as unknown as TaskRun);
    assert.equal(added[0], 'posture');
    assert.ok(added.includes(tenantId));
    await postureTask(t.db)({ tenantId }, run as unknown as TaskRun);
    assert.equal((await rows()).length, 1);
    assert.ok(!(await due()).includes(tenantId));
    await moveClock(t.admin, '23 hours 10 minutes');
    assert.ok((await due()).includes(tenantId), 'soon enough for the next time of looking');
    await t.admin('tenants').where({ id: tenantId }).update({ closed_at: new Date() });
    assert.ok(!(await due()).includes(tenantId));
  });

  it('is compared with the score before, a week and a month ago, and drawn one point a day', async () => {
    await insertDevices(t.admin, tenantId, [{ risk: 60 }]);
    await synced();
    for (const [days, score] of [
      [40, 10],
      [31, 20],
      [7.5, 30],
      [6, 40],
      [1, 50],
    ] as const)
      await past(days, score);
    const before = await read();
    assert.deepEqual(
      [before.previous?.score, before.weekAgo?.score, before.monthAgo?.score],
      [50, 30, 20],
      'the newest row shows another state',
    );
    await store();
    const view = await read();
    assert.equal(view.previous?.score, 50, 'the newest row is the state of now');
    assert.deepEqual(
      view.trend.map((point) => point.score),
      [30, 40, 50, view.posture?.score],
    );
    assert.ok(Math.abs(view.now.getTime() - (view.weekAgo?.at.getTime() ?? 0) - 7.5 * dayMs) < 60_000);
  });

  it('has no week ago when nothing was stored around then', async () => {
    await insertDevices(t.admin, tenantId, [{ risk: 60 }]);
    await synced();
    await past(12, 30);
    const view = await read();
    assert.deepEqual([view.weekAgo, view.monthAgo, view.previous?.score], [null, null, 30]);
  });

  it('names what pulls it down: devices, CVEs by score and spread, and rules', async () => {
    const rules = [{ rule: 'Firewall', state: 'nonCompliant' }, { rule: 'Firewall', state: 'error' }, 'BitLocker'];
    const devices: MadeDevice[] = [
      { risk: 30, name: 'pc-1', rules },
      { risk: 90, name: 'srv-1', rules: ['BitLocker'] },
      { risk: 0, name: 'pc-2' },
      { risk: 100, name: 'gone', gone: true, rules: ['Firewall', 'Antivirus'] },
      { risk: null, name: 'pc-3' },
    ];
    const ids = await insertDevices(t.admin, tenantId, devices);
    const cves: MadeCve[] = [
      { cveId: 'CVE-one', cvss: 10, devices: [0] },
      { cveId: 'CVE-many', cvss: 7, devices: [0, 1, 2] },
      { cveId: 'CVE-mild', cvss: 6.9, devices: [0, 1, 2] },
      { cveId: 'CVE-gone', cvss: 10, devices: [3] },
      { cveId: 'TVM-unknown', cvss: null, devices: [0] },
    ];
    await insertCves(t.admin, tenantId, cves, ids);
    await synced();
    const { contributors } = await read();
    assert.deepEqual(
      contributors.devices.map(({ name, riskScore }) => [name, riskScore]),
      [
        ['srv-1', 90],
        ['pc-1', 30],
      ],
    );
    assert.deepEqual(contributors.vulnerabilities, [
      { cveId: 'CVE-many', cvss: 7, deviceCount: 3 },
      { cveId: 'CVE-one', cvss: 10, deviceCount: 1 },
    ]);
    assert.deepEqual(contributors.rules, [
      { rule: 'BitLocker', deviceCount: 2 },
      { rule: 'Firewall', deviceCount: 1 },
    ]);
  });

  it('is for those who may read reports, and of their tenant only', async () => {
    await insertDevices(t.admin, tenantId, [{ risk: 60 }]);
    await synced();
    const other = await insertTenant(t.admin, { name: 'Fabrikam' });
    const service = createPostureService(t.db);
    const theirs = await service.read(await actorIn(t.admin, other.tenantId, 'tenant_admin'));
    assert.deepEqual([theirs.posture, theirs.tenantName, theirs.contributors.devices], [null, 'Fabrikam', []]);
    const helpdesk = await actorIn(t.admin, tenantId, 'it_helpdesk_analyst');
    await assert.rejects(service.read(helpdesk), /helpdesk analyst/);
    const refused = await t.admin('audit_log').where({ tenant_id: tenantId, outcome: 'refused' }).select();
    assert.equal(refused.length, 1);
  });
});

const toDigits = (value: number | null) => (value === null ? null : Number(value.toFixed(6)));

/** The inputs out of what the test made, in other words than the product's. */
function countedByHand(devices: readonly MadeDevice[], alerts: readonly MadeAlert[], cves: readonly MadeCve[]) {
  const here = (device: MadeDevice | undefined) => device && !device.gone && !device.superseded;
  const present = devices.filter(here);
  if (present.length === 0) return null;
  const risks = present.flatMap(({ risk }) => (typeof risk === 'number' ? [risk] : []));
  const states = present.map(({ compliance }) => compliance?.toLowerCase());
  const bad = states.filter((state) =>
    ['noncompliant', 'error', 'conflict', 'ingraceperiod'].includes(state ?? ''),
  ).length;
  const compliant = states.filter((state) => state === 'compliant').length;
  const active = alerts
    .filter(({ source, status }) => source !== 'email' && !status.startsWith('closed'))
    .filter(({ incident }) => incident !== 'resolved' && incident !== 'dismissed');
  const of = (severity: string) => active.filter((one) => one.severity === severity).length;
  return {
    deviceCount: present.length,
    highRiskDeviceCount: risks.filter((risk) => risk > 69).length,
    meanRisk: toDigits(risks.length === 0 ? null : risks.reduce((sum, risk) => sum + risk, 0) / risks.length),
    activeAlerts: { critical: of('critical'), high: of('high'), medium: of('medium'), low: of('low') },
    severeVulnerabilityCount: cves.filter(
      ({ cvss, devices: places }) => (cvss ?? 0) >= 7 && places.some((place) => here(devices[place])),
    ).length,
    compliance: { known: bad + compliant, compliant },
  };
}
