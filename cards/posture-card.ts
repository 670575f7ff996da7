import { postureBands } from '../domain/posture/posture.js';
import type { Posture, PostureBand, PostureView } from '../domain/posture/posture.js';
import { drawWithin } from './card.js';
import type { Card, CardContent } from './card.js';
import { drawCard, drawFacts, drawHint, drawLines } from './layout.js';
import { factorFacts, newestTrend, trendWords } from './posture-words.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';
import { count } from './words.js';
import type { HeaderLook } from './words.js';

const bands: Record<PostureBand, HeaderLook & { readonly icon: string; readonly word: string }> = {
  excellent: { icon: '○', word: 'Excellent', style: 'good', color: 'Default' },
  good: { icon: '○', word: 'Good', style: 'good', color: 'Default' },
  fair: { icon: '●', word: 'Fair', style: 'default', color: 'Accent' },
  poor: { icon: '▲', word: 'Poor', style: 'warning', color: 'Warning' },
  critical: { icon: '◆', word: 'Critical', style: 'attention', color: 'Attention' },
};

const texts: readonly [number, ...number[]] = [160, 80];

/** The posture of a tenant in words; an answer to whoever asks. */
export function drawPostureCard(view: PostureView): Card {
  return drawWithin(texts, (max) => (view.posture ? drawScore(view, view.posture, max) : drawInsufficient(view)));
}

function drawInsufficient({ tenantName }: PostureView): Card {
  const text = 'Insufficient data: no device is known. Connect the tenant and wait for the first sync of devices.';
  return drawCard({
    about: 'posture',
    fallbackText: `Posture of ${asPlain(tenantName, 80)}. ${text}`,
    summary: `Posture of ${asRun(tenantName, 80)}: insufficient data`,
    body: [expand('message', { heading: `Posture · ${asPlain(tenantName, 80)}`, lines: [{ strong: '', text }] })],
    actions: [],
  });
}

function drawScore(view: PostureView, posture: Posture, max: number): Card {
  const { icon, word, style, color } = bands[posture.band];
  const trend = trendWords(view, posture.score);
  return drawCard({
    about: 'posture',
    fallbackText: `Posture of ${asPlain(view.tenantName, 80)}: ${posture.score} of 100, ${word}. ${trend}`,
    summary: `Posture of ${asRun(view.tenantName, 80)}: ${posture.score} of 100 · ${icon} ${word}`,
    body: [
      expand('header', {
        style,
        color,
        severity: `${icon} ${word}`,
        name: 'Posture',
        status: newestTrend(view, posture.score),
        title: `${posture.score} of 100`,
        tenant: asRun(view.tenantName, 80),
      }),
      drawHint('emphasis', trend),
      drawFacts(factorFacts(posture)),
      ...drawContributors(view, max),
      ...drawLines('', [{ text: `Bands: ${bandWords()}` }], 120, true),
    ],
    actions: [],
  });
}

const from: Record<PostureBand, number> = { excellent: 90, good: 75, fair: 60, poor: 40, critical: 0 };

function bandWords(): string {
  return postureBands.map((band) => `${band} from ${from[band]}`).join(', ');
}

function drawContributors({ contributors }: PostureView, max: number): CardContent[] {
  const { devices, vulnerabilities, rules } = contributors;
  return [
    ...drawLines(
      'Devices of the highest risk',
      devices
        .slice(0, 5)
        .map(({ name, riskScore }) => ({ strong: asRun(name, max) || 'Without a name', text: `risk ${riskScore}` })),
      max,
      true,
    ),
    ...drawLines(
      'Vulnerabilities that weigh most',
      vulnerabilities.slice(0, 5).map(({ cveId, cvss, deviceCount }) => ({
        strong: asRun(cveId, 50),
        text: `CVSS ${cvss.toFixed(1)} on ${count(deviceCount, 'device')}`,
      })),
      max,
      true,
    ),
    ...drawLines(
      'Rules that fail most',
      rules
        .slice(0, 5)
        .map(({ rule, deviceCount }) => ({ strong: asRun(rule, max), text: count(deviceCount, 'device') })),
      max,
      true,
    ),
  ];
}
