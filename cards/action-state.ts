import type { ActionStatus, ActionView } from '../domain/actions/action.js';
import { reviewable } from '../domain/actions/life-cycle.js';
import { isBeingSent, kindLooks, lookOf } from './action-words.js';
import type { CardContent } from './card.js';
import { drawHint } from './layout.js';
import { asPlain } from './text.js';
import { utcTime, viewerClock, viewerTime } from './times.js';

/** How a time is written: for a card, or for a text in which macros are not read. */
interface Clock {
  readonly near: (at: Date) => string;
  readonly far: (at: Date) => string;
}

type Sentence = (view: ActionView, clock: Clock) => string;

/** Where the action stands at this moment, and what comes next. */
const live: Record<ActionStatus, Sentence> = {
  requested: ({ action, now }, clock) => {
    if (!action.approveBy) return 'Waiting for approval.';
    const by = clock.near(action.approveBy);
    return action.approveBy < now ? `The time for approval ended at ${by}.` : `Waiting for approval until ${by}.`;
  },
  approved: ({ action }) => {
    if (action.sentAt) return 'It is being sent to Microsoft.';
    return action.needsApproval ? 'It is about to be sent.' : 'No approval is needed: it is about to be sent.';
  },
  pending: (view, clock) => queued(view, clock),
  in_progress: () => 'Microsoft is carrying it out.',
  unknown: ({ action }) =>
    isBeingSent(action)
      ? 'It is being sent to Microsoft.'
      : 'It was sent and no answer came. Microsoft is asked what became of it; it is never sent a second time.',
  completed: ({ action }) => (action.isDryRun ? 'The dry run is complete.' : kindLooks[action.kind].done),
  failed: () => 'It failed.',
  timed_out: () => 'It timed out.',
  cancelled: () => 'It was cancelled.',
  rejected: () => 'It was rejected: nothing was sent to Microsoft.',
  expired: () => 'It expired: nothing was sent to Microsoft.',
};

function queued({ action, device }: ActionView, clock: Clock): string {
  const isOffline = device?.health?.toLowerCase() === 'inactive';
  const waits = isOffline
    ? 'Queued at Microsoft: the device is offline; it will happen when it is back.'
    : 'Queued at Microsoft until the device takes it. If the device is offline, it will happen when it is back.';
  return action.queueExpiresAt ? `${waits} Cancelled by itself at ${clock.far(action.queueExpiresAt)}.` : waits;
}

const endsInWords: ReadonlySet<ActionStatus> = new Set(['failed', 'timed_out', 'cancelled', 'expired']);

/** The result says it better where there is one, and belongs to it elsewhere. */
export function liveSentence(view: ActionView, clock: Clock = { near: utcTime, far: utcTime }): string {
  const { action } = view;
  const isDryDone = action.isDryRun && action.status === 'completed';
  const result = isDryDone ? '' : asPlain(action.resultMessage, 400);
  const state = live[action.status](view, clock);
  if (result !== '' && endsInWords.has(action.status)) return result;
  return result === '' ? state : `${state} ${result}`;
}

function drawState(view: ActionView): CardContent {
  const { action } = view;
  const sentence = liveSentence(view, { near: viewerClock, far: viewerTime });
  const style = isBeingSent(action) ? 'emphasis' : (stateStyles[action.status] ?? 'emphasis');
  return drawHint(style, `${lookOf(action).icon} ${sentence}`);
}

const stateStyles: Partial<Record<ActionStatus, 'good' | 'attention' | 'accent'>> = {
  failed: 'attention',
  timed_out: 'attention',
  unknown: 'attention',
};

function drawDryRun({ action }: ActionView): CardContent[] {
  if (!action.isDryRun) return [];
  const tense = action.completedAt ? 'was' : 'is';
  return [drawHint('accent', `◌ Dry run: nothing ${tense} sent to Microsoft.`)];
}

function drawBreakGlass({ action, requester, reviewer }: ActionView): CardContent[] {
  if (!action.isBreakGlass) return [];
  const alone = `${asPlain(requester.displayName, 60)} acted alone (break-glass)`;
  if (reviewable(action))
    return [drawHint('warning', `▲ ${alone}. Another admin has to look at it: Mark as reviewed.`)];
  const by = reviewer ? ` by ${asPlain(reviewer.displayName, 60)}` : '';
  return [drawHint('emphasis', `✓ ${alone}; reviewed${by}.`)];
}

function drawLate({ action }: ActionView): CardContent[] {
  const outcome = asPlain(action.lateOutcome, 60);
  if (outcome === '') return [];
  const isIsolated = action.kind === 'isolate' && outcome.toLowerCase() === 'succeeded';
  const what = isIsolated
    ? 'The device may be isolated: check it, and release it if it should not be.'
    : 'Check the device.';
  return [drawHint('attention', `▲ After this had ended here, Microsoft said: ${outcome}. ${what}`)];
}

function drawCancelling({ action }: ActionView): CardContent[] {
  if (!action.cancelRequestedAt || action.completedAt) return [];
  const wanted = action.cancelRequestedBy === null ? 'Its time is over' : 'Cancelling is wanted';
  const sent = action.cancelSentAt ? 'Microsoft was asked to cancel it.' : 'Microsoft is being asked to cancel it.';
  return [drawHint('warning', `– ${wanted} since ${viewerClock(action.cancelRequestedAt)}. ${sent}`)];
}

function drawAttached({ action }: ActionView): CardContent[] {
  if (!action.isAttached || asPlain(action.resultMessage, 400).includes('followed')) return [];
  return [drawHint('emphasis', 'This follows an action that was under way at Microsoft already; none was begun anew.')];
}

/** Everything that must be known at a glance, the most alarming first. */
export function drawStanding(view: ActionView): CardContent[] {
  return [
    ...drawLate(view),
    drawState(view),
    ...drawDryRun(view),
    ...drawCancelling(view),
    ...drawBreakGlass(view),
    ...drawAttached(view),
  ];
}
