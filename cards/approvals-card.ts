import type { ActionView } from '../domain/actions/action.js';
import { reviewable } from '../domain/actions/life-cycle.js';
import { kindLooks } from './action-words.js';
import { directButton } from './buttons.js';
import { drawWithin } from './card.js';
import type { Card, CardContent } from './card.js';
import { drawCard, entityData } from './layout.js';
import { expand } from './templates.js';
import { asPlain, asRun } from './text.js';
import { viewerClock } from './times.js';
import { actionName, count } from './words.js';

interface ListLimits {
  readonly rows: number;
  readonly text: number;
}

const limits: readonly [ListLimits, ...ListLimits[]] = [
  { rows: 20, text: 120 },
  { rows: 12, text: 80 },
  { rows: 10, text: 40 },
];

/** What waits for the reader: requests to approve, and uses of break-glass to look at. Each row leads to its card. */
export function drawApprovals(views: readonly ActionView[]): Card {
  const heading =
    views.length === 0
      ? 'Nothing waits for you'
      : `${count(views.length, 'action')} ${views.length === 1 ? 'waits' : 'wait'} for you`;
  const hint =
    views.length === 0
      ? 'No request of somebody else waits for your approval, and no use of break-glass for review.'
      : 'Show opens the card with everything that is known.';
  return drawWithin(limits, ({ rows, text }) => {
    const drawn = views.slice(0, rows).map((view) => drawRow(view, text));
    return drawCard({
      about: 'approvals',
      fallbackText: `${heading}. ${views.map((view) => `${actionName(view.action.number)} ${asPlain(view.device?.name, 40)}`).join('; ')}`,
      summary: heading,
      body: [
        expand('message', { heading, lines: [{ strong: '', text: hint }] }),
        ...(drawn.length > 0 ? [expand('choiceRows', { rows: drawn })] : []),
      ],
      actions: [],
    });
  });
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
