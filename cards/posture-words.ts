import type { Posture, PosturePoint, PostureView } from '../domain/posture/posture.js';
import { fact } from './layout.js';
import type { Fact } from './layout.js';
import { count } from './words.js';

/** "+3 since yesterday". */
export function newestTrend({ previous, now }: PostureView, score: number): string {
  return previous ? `${signed(score - previous.score)} since ${dayWords(previous.at, now)}` : 'First score';
}

/** "+3 since yesterday, -5 in 7 days". */
export function trendWords({ previous, weekAgo, monthAgo, now }: PostureView, score: number): string {
  const since = (point: PosturePoint | null, words: (point: PosturePoint) => string) =>
    point ? [`${signed(score - point.score)} ${words(point)}`] : [];
  const parts = [
    ...since(previous, (point) => `since ${dayWords(point.at, now)}`),
    ...since(weekAgo, () => 'in 7 days'),
    ...since(monthAgo, () => 'in 30 days'),
  ];
  return parts.length === 0 ? 'No earlier score to compare with yet.' : `Trend: ${parts.join(', ')}.`;
}

function signed(difference: number): string {
  if (difference === 0) return '±0';
  return difference > 0 ? `+${difference}` : `−${-difference}`;
}

const DAY = 24 * 3_600_000;

function dayWords(at: Date, now: Date): string {
  const days = Math.round((now.getTime() - at.getTime()) / DAY);
  if (days <= 0) return 'earlier today';
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

export function factorFacts({ factors, inputs }: Posture): Fact[] {
  const { activeAlerts, compliance, severeVulnerabilityCount: severe } = inputs;
  const risk =
    inputs.meanRisk === null
      ? ''
      : `mean risk ${Math.round(inputs.meanRisk)} of 100 over ${count(inputs.deviceCount, 'device')}, ${inputs.highRiskDeviceCount} of high risk`;
  const alerts = activeAlerts
    ? `${activeAlerts.critical} critical, ${activeAlerts.high} high, ${activeAlerts.medium} medium, ${activeAlerts.low} low`
    : '';
  return [
    factor('Device risk (30 %)', factors.deviceRisk, risk),
    factor('Active alerts (25 %)', factors.alerts, alerts),
    factor(
      'Vulnerabilities (25 %)',
      factors.vulnerabilities,
      severe === null ? '' : `${count(severe, 'CVE')} of 7.0 or more`,
    ),
    factor(
      'Compliance (20 %)',
      factors.compliance,
      compliance ? `${compliance.compliant} of ${compliance.known} compliant` : '',
    ),
  ];
}

/** A factor without data drops out, and the others weigh more. */
function factor(label: string, value: number | null, words: string): Fact {
  return fact(label, value === null ? 'No data yet: left out' : `${Math.round(value)} of 100 · ${words}`, 160);
}
