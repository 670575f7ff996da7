import type { Posture, PostureBand, PostureFactors, PostureInputs } from './posture.js';

type Factor = keyof PostureFactors;

/** Of 1; spec/domain.md, section 7. */
const weights: Readonly<Record<Factor, number>> = {
  deviceRisk: 0.3,
  alerts: 0.25,
  vulnerabilities: 0.25,
  compliance: 0.2,
};
const factorNames = Object.keys(weights) as Factor[];

/** What an active alert costs, by severity; ten points bring the factor to 1/e of what it was. */
const alertPoints = { critical: 2, high: 1, medium: 0.5, low: 0.2 } as const;

const bands: readonly (readonly [least: number, PostureBand])[] = [
  [90, 'excellent'],
  [75, 'good'],
  [60, 'fair'],
  [40, 'poor'],
];

/** The one formula. Null = insufficient data: no device, or nothing at all that could be judged. */
export function postureOf(inputs: PostureInputs): Posture | null {
  if (inputs.deviceCount === 0) return null;
  const factors = factorsOf(inputs);
  const shares = sharesOf(factors);
  const present = factorNames.filter((name) => shares[name] > 0);
  if (present.length === 0) return null;
  const score = halfUp(present.reduce((sum, name) => sum + shares[name] * (factors[name] ?? 0), 0));
  return { score, band: bandOf(score), factors, inputs };
}

/** Each 0 to 100. Compliance also drops out when no device has a known state. */
export function factorsOf({
  meanRisk,
  activeAlerts,
  severeVulnerabilityCount,
  compliance,
}: PostureInputs): PostureFactors {
  return {
    deviceRisk: meanRisk === null ? null : 100 - meanRisk,
    alerts: activeAlerts === null ? null : 100 * Math.exp(-pointsOf(activeAlerts) / 10),
    vulnerabilities: severeVulnerabilityCount === null ? null : 100 * Math.exp(-severeVulnerabilityCount / 20),
    compliance: compliance === null || compliance.known === 0 ? null : (100 * compliance.compliant) / compliance.known,
  };
}

/** What each factor weighs, of 1: the weight of those that dropped out is spread over the others in proportion. */
export function sharesOf(factors: PostureFactors): Readonly<Record<Factor, number>> {
  const whole = factorNames.reduce((sum, name) => sum + (factors[name] === null ? 0 : weights[name]), 0);
  const share = (name: Factor) => (factors[name] === null ? 0 : weights[name] / whole);
  return {
    deviceRisk: share('deviceRisk'),
    alerts: share('alerts'),
    vulnerabilities: share('vulnerabilities'),
    compliance: share('compliance'),
  };
}

export function bandOf(score: number): PostureBand {
  return bands.find(([least]) => score >= least)?.[1] ?? 'critical';
}

function pointsOf(active: NonNullable<PostureInputs['activeAlerts']>): number {
  const { critical, high, medium, low } = active;
  return (
    critical * alertPoints.critical + high * alertPoints.high + medium * alertPoints.medium + low * alertPoints.low
  );
}

/** A half that binary fractions bring a hair below itself counts as a half. */
function halfUp(value: number): number {
  return Math.floor(Number(value.toFixed(9)) + 0.5);
}
