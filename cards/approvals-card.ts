import type { ActionView } from '../domain/actions/action.js';
import type { PolicyChangeView } from '../domain/actions/policy.js';
import { reviewable } from '../domain/actions/life-cycle.js';
import { kindLooks } from './action-words.js';
import { directButton } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card, CardContent } from './card.js';
import { drawCard, entityData } from './layout.js';
import { expand } from './templates.js';
import { asRun } from './text.js';
import { viewerClock, viewerTime } from './times.js';
import { actionName } from './words.js';

const NOTHING = 'No request of somebody else waits for your approval, and no use of break-glass for review.';

interface ListLimits {
  readonly rows: number;
  readonly text: number;
}

const limits: readonly [ListLimits, ...ListLimits[]] = [
  { rows: 20, text: 120 },
  { rows: 12, text: 80 },
  { rows: 10, text: 40 },
];

/** What waits for a second person: requests, uses of break-glass, changes of the rules. Each row leads to its card. */
export function drawApprovals(actions: readonly ActionView[], changes: readonly PolicyChangeView[]): Card {
  const total = actions.length + changes.length;
  const heading =
    total === 0 ? 'Nothing waits for you' : `${total} ${total === 1 ? 'waits' : 'wait'} for a second person`;
  const hint = total === 0 ? NOTHING : 'Show opens the card with everything that is known.';
  return drawWithin(limits, ({ rows, text }) => {
    const all = [...changes.map((view) => drawChangeRow(view, text)), ...actions.map((view) => drawRow(view, text))];
    const drawn = all.slice(0, rows);
    return drawCard({
      about: 'approvals',
      fallbackText: [heading, ...actions.map(({ action }) => actionName(action.number))].join('. '),
      summary: heading,
      body: [
        expand('message', { heading, lines: [{ strong: '', text: hint }] }),
        ...(drawn.length > 0 ? [expand('choiceRows', { rows: drawn })] : []),
      ],
      actions: [],
    });
  });
}

function drawChangeRow({ change, proposer, lines }: PolicyChangeView, max: number): CardContent {
  return {
    name: '◇ Change of the rules for device actions',
    facts: `${asRun(proposer.displayName, 60)}: ${asRun(lines.join('; '), max)}`,
    time: `◷ Waits for a second admin until ${viewerTime(change.expiresAt)}`,
    actions: [directButton('Show', { verb: 'card.refresh', ...entityData('policy_change', change) })],
  };
}

function drawRow(view: ActionView, max: number): CardContent {
  const { action, device, requester } = view;
  const { icon, title } = kindLooks[action.kind];
  const dryRun = action.isDryRun ? ' (dry run)' : '';
  return {
    name: `${icon} ${actionName(action.number)} · ${title}${dryRun}: ${asRun(device?.name, max) || 'device without a name'}`,
    facts: `${asRun(requester.displayName, 60)}: ${asRun(action.reason, max)}`,
    time: waitsFor(view),
    actions: [directButton('Show', { verb: 'card.refresh', ...entityData('action', action) })],
  };
}

function waitsFor({ action }: ActionView): string {
  if (action.status !== 'requested' && reviewable(action)) return '▲ Break-glass: waits for review';
  return action.approveBy ? `◷ Waits for approval until ${viewerClock(action.approveBy)}` : '◷ Waits for approval';
}
