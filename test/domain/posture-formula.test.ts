import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bandOf, factorsOf, postureOf, sharesOf } from '../../domain/posture/formula.js';
import type { PostureFactors, PostureInputs } from '../../domain/posture/posture.js';

const golden: PostureInputs = {
  deviceCount: 10,
  meanRisk: 30,
  highRiskDeviceCount: 0,
  activeAlerts: { critical: 0, high: 2, medium: 3, low: 5 },
  severeVulnerabilityCount: 5,
  compliance: { known: 10, compliant: 8 },
};

const scoreOf = (inputs: PostureInputs) => postureOf(inputs)?.score ?? null;
const count = (max: number) => fc.integer({ min: 0, max });
const dropping = <T>(given: fc.Arbitrary<T>) => fc.option(given, { nil: null, freq: 3 });

const valuesOf = ({ deviceRisk, alerts, vulnerabilities, compliance }: PostureFactors) => [
  ...[deviceRisk, alerts, vulnerabilities, compliance],
];

const anyInputs: fc.Arbitrary<PostureInputs> = fc.record({
  deviceCount: fc.integer({ min: 1, max: 500 }),
  meanRisk: dropping(fc.double({ min: 0, max: 100, noNaN: true })),
  highRiskDeviceCount: count(500),
  activeAlerts: dropping(fc.record({ critical: count(60), high: count(60), medium: count(60), low: count(60) })),
  severeVulnerabilityCount: dropping(count(300)),
  compliance: dropping(
    fc
      .tuple(count(100), count(100))
      .map(([one, two]) => ({ known: Math.max(one, two), compliant: Math.min(one, two) })),
  ),
});

describe('the posture formula', () => {
  it('gives the golden case 72, and its factors', () => {
    const posture = postureOf(golden);
    assert.equal(posture?.score, 72);
    assert.equal(posture.band, 'fair');
    const { deviceRisk, alerts, vulnerabilities, compliance } = posture.factors;
    assert.deepEqual([deviceRisk, compliance], [70, 80]);
    assert.ok(Math.abs((alerts ?? 0) - 63.7628) < 1e-4 && Math.abs((vulnerabilities ?? 0) - 77.8801) < 1e-4);
  });

  it('is 100 for a tenant without a problem, and near 0 for one with all of them', () => {
    const none = { critical: 0, high: 0, medium: 0, low: 0 };
    const clean = { ...golden, meanRisk: 0, activeAlerts: none, severeVulnerabilityCount: 0 };
    assert.equal(scoreOf({ ...clean, compliance: { known: 3, compliant: 3 } }), 100);
    const worst = {
      ...golden,
      meanRisk: 100,
      activeAlerts: { ...none, critical: 500 },
      severeVulnerabilityCount: 9_000,
    };
    assert.equal(scoreOf({ ...worst, compliance: { known: 3, compliant: 0 } }), 0);
  });

  it('says nothing without a device, and nothing when no sync has ever completed', () => {
    assert.equal(postureOf({ ...golden, deviceCount: 0 }), null);
    const nothing = { meanRisk: null, activeAlerts: null, severeVulnerabilityCount: null, compliance: null };
    assert.equal(postureOf({ ...golden, ...nothing }), null);
  });

  it('spreads the weight of what drops out over the others in proportion', () => {
    const without = (part: Partial<PostureInputs>) => sharesOf(factorsOf({ ...golden, ...part }));
    assert.deepEqual(without({}), { deviceRisk: 0.3, alerts: 0.25, vulnerabilities: 0.25, compliance: 0.2 });
    const noCompliance = without({ compliance: null });
    assert.deepEqual(noCompliance, {
      deviceRisk: 0.3 / 0.8,
      alerts: 0.25 / 0.8,
      vulnerabilities: 0.25 / 0.8,
      compliance: 0,
    });
    assert.deepEqual(without({ compliance: { known: 0, compliant: 0 } }), noCompliance);
    const onlyRisk = { ...golden, activeAlerts: null, severeVulnerabilityCount: null, compliance: null };
    assert.equal(scoreOf(onlyRisk), 70);
  });

  it('has weights that sum to 1 whatever drops out', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const factors = factorsOf(inputs);
        const sum = Object.values(sharesOf(factors)).reduce((total, share) => total + share, 0);
        const none = valuesOf(factors).every((factor) => factor === null);
        assert.ok(Math.abs(sum - (none ? 0 : 1)) < 1e-12);
      }),
    );
  });

  it('gives whole numbers from 0 to 100, between its worst and its best factor, rounded half up', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const posture = postureOf(inputs);
        const present = valuesOf(factorsOf(inputs)).filter((factor) => factor !== null);
        assert.equal(posture === null, present.length === 0);
        if (!posture) return;
        assert.ok(Number.isInteger(posture.score) && posture.score >= 0 && posture.score <= 100);
        assert.ok(
          posture.score >= Math.floor(Math.min(...present)) && posture.score <= Math.ceil(Math.max(...present)),
        );
      }),
    );
    const onlyRisk = { ...golden, activeAlerts: null, severeVulnerabilityCount: null, compliance: null };
    assert.deepEqual(
      [27.5, 27.49, 98.5, 0.5, 72.5].map((meanRisk) => scoreOf({ ...onlyRisk, meanRisk })),
      [73, 73, 2, 100, 28],
    );
    assert.equal(scoreOf({ ...onlyRisk, meanRisk: 27.51 }), 72);
  });

  it('never rises by one more problem, for a fixed set of devices with a risk', () => {
    const inputs = anyInputs.filter(({ meanRisk }) => meanRisk !== null);
    const problem = fc.constantFrom('critical', 'high', 'medium', 'low', 'cve', 'risk', 'breach', 'first breach');
    fc.assert(
      fc.property(inputs, problem, fc.double({ min: 0, max: 100, noNaN: true }), (given, what, more) => {
        const worse = worsened(given, what, more);
        assert.ok((scoreOf(worse) ?? 0) <= (scoreOf(given) ?? 0), JSON.stringify([given, worse]));
      }),
      { numRuns: 1_000 },
    );
  });

  it('names bands by the score', () => {
    const scores = [100, 90, 89, 75, 74, 60, 59, 40, 39, 0];
    assert.deepEqual(scores.map(bandOf), [
      ...['excellent', 'excellent', 'good', 'good', 'fair', 'fair', 'poor', 'poor', 'critical', 'critical'],
    ]);
  });
});

function worsened(given: PostureInputs, what: string, more: number): PostureInputs {
  const { activeAlerts, compliance, severeVulnerabilityCount, meanRisk } = given;
  switch (what) {
    case 'cve':
      return {
        ...given,
        severeVulnerabilityCount: severeVulnerabilityCount === null ? null : severeVulnerabilityCount + 1,
      };
    case 'risk':
      return { ...given, meanRisk: Math.min(100, (meanRisk ?? 0) + more) };
    case 'breach':
      return compliance && compliance.compliant > 0
        ? { ...given, compliance: { ...compliance, compliant: compliance.compliant - 1 } }
        : given;
    case 'first breach':
      return compliance ? { ...given, compliance: { ...compliance, known: compliance.known + 1 } } : given;
    default: {
      const severity = what as keyof NonNullable<typeof activeAlerts>;
      return { ...given, activeAlerts: activeAlerts && { ...activeAlerts, [severity]: activeAlerts[severity] + 1 } };
    }
  }
}
