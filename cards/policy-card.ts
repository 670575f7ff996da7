import type { PolicyChange, PolicyChangeView } from '../domain/actions/policy.js';
import { reached } from './action-words.js';
import { drawButtons, policyButtons } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card, CardContent, CardOptions } from './card.js';
import {
  drawCard,
  drawFacts,
  drawHint,
  drawLines,
  drawNoticeLine,
  entityData,
  fact,
  timeFact,
  withRefresh,
} from './layout.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';
import { utcTime, viewerTime } from './times.js';
import type { HeaderLook } from './words.js';

type Status = PolicyChange['status'];

const looks: Record<Status, HeaderLook & { readonly icon: string; readonly word: string }> = {
  proposed: { icon: '◷', word: 'Waiting for an admin', style: 'warning', color: 'Warning' },
  confirmed: { icon: '✓', word: 'In force', style: 'good', color: 'Default' },
  rejected: { icon: '✕', word: 'Rejected', style: 'emphasis', color: 'Default' },
  expired: { icon: '◷', word: 'Ended', style: 'emphasis', color: 'Default' },
};

interface PolicyLimits {
  readonly lines: number;
  readonly line: number;
  readonly reason: number;
  readonly asked: number;
}

const limits: readonly [PolicyLimits, ...PolicyLimits[]] = [
  { lines: 12, line: 300, reason: 500, asked: 10 },
  { lines: 12, line: 160, reason: 200, asked: 3 },
];

/** A change of the rules for device actions: what it changes, and who has to agree. */
export function drawPolicyChangeCard(view: PolicyChangeView, options: CardOptions = {}): Card {
  return drawWithin(limits, (within) => drawChange(view, options, within));
}

function drawChange(view: PolicyChangeView, options: CardOptions, within: PolicyLimits): Card {
  const { change, proposer } = view;
  const data = entityData('policy_change', change);
  const isOpen = change.status === 'proposed';
  const state = `${looks[change.status].icon} ${looks[change.status].word}`;
  const card = drawCard({
    about: 'policy',
    fallbackText: `Rules for device actions, ${state}: ${view.lines.map((line) => asPlain(line, 120)).join('; ')}. Proposed by ${asPlain(proposer.displayName, 60)}, ${utcTime(change.proposedAt)}: ${asPlain(change.reason, 200)}`,
    summary: `Rules for device actions · ${state} · ${view.lines.map((line) => asRun(line, 80)).join('; ')}`,
    body: drawBody(view, options, within),
    actions: isOpen ? drawButtons(policyButtons, ['policy.confirm', 'policy.reject'], data) : [],
  });
  return withRefresh(card, data, options.refreshFor);
}

function drawBody(view: PolicyChangeView, options: CardOptions, within: PolicyLimits): CardContent[] {
  const { change, lines } = view;
  const isOpen = change.status === 'proposed';
  return [
    ...drawNoticeLine(options.notice),
    drawHeader(view),
    drawHint('emphasis', hintOf(view)),
    ...drawLines(
      'What changes',
      lines.slice(0, within.lines).map((text) => ({ text })),
      within.line,
    ),
    drawFacts(factsOf(view, within)),
    ...(isOpen ? drawAsked(view, within) : []),
  ];
}

function drawHeader({ change, tenantName }: PolicyChangeView): CardContent {
  const { icon, word, style, color } = looks[change.status];
  return expand('header', {
    style,
    color,
    severity: '◇ Rules',
    name: 'Change',
    status: `${icon} ${word}`,
    title:
      change.status === 'confirmed'
        ? 'The rules for device actions have changed'
        : 'Change the rules for device actions?',
    tenant: asRun(tenantName, 80),
  });
}

function hintOf({ change, decider }: PolicyChangeView): string {
  const by = decider ? ` by ${asPlain(decider.displayName, 60)}` : '';
  if (change.status === 'proposed')
    return `◷ It takes effect when another admin confirms it, until ${viewerTime(change.expiresAt)}.`;
  if (change.status === 'confirmed') return `✓ Confirmed${by}.`;
  if (change.status === 'rejected') return `✕ Rejected${by}: nothing has changed.`;
  const isTakenBack = change.decidedAt !== null && change.decidedAt < change.expiresAt;
  return `◷ ${isTakenBack ? 'Its proposer took it back' : 'Nobody confirmed it in time'}: nothing has changed.`;
}

function factsOf({ change, proposer, decider }: PolicyChangeView, within: PolicyLimits) {
  return [
    fact('Proposed by', proposer.displayName, 80),
    timeFact('Proposed', viewerTime(change.proposedAt)),
    fact('Reason', change.reason, within.reason),
    fact('Decided by', decider?.displayName, 80),
    ...(change.decidedAt ? [timeFact('Decided', viewerTime(change.decidedAt))] : []),
  ];
}

function drawAsked({ asked }: PolicyChangeView, within: PolicyLimits): CardContent[] {
  const people = asked
    .slice(0, within.asked)
    .map((person) => ({ strong: asRun(person.displayName, 60) || 'Somebody', text: reached(person) }));
  const nobody = asked.length === 0 ? [{ text: 'There is no other admin here who could confirm it.' }] : [];
  const left = asked.length - people.length;
  return drawLines(
    'Asked to confirm',
    [...people, ...nobody, ...(left > 0 ? [{ text: `${left} more` }] : [])],
    80,
    true,
  );
}
