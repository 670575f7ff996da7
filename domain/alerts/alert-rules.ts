import { day, minute, notBefore } from '../durations.js';
import { DomainError } from '../errors.js';
import { alertName } from '../names.js';
import { sentences } from '../sentences.js';
import { written } from '../text.js';
import type { Alert } from './alert.js';
import type { ClosingOutcome } from './life-cycle.js';
import { closingOutcomes } from './life-cycle.js';

/** Pure rules: an alert in a state that its life cycle allows -> what the act sets. */
export type Patch = Partial<Alert>;

const leastNotes = 10;
const undoWithin = 5 * minute;
const reopenWithin = 7 * day;
const nobody = { status: 'open', assignedTo: null, assignedAt: null, investigationStartedAt: null } as const;

export function taken(alert: Alert, now: Date, userId: string): Patch {
  return { status: 'assigned', assignedTo: userId, assignedAt: notBefore(now, alert.createdAt) };
}

/** Assigning an open alert, or handing over one that somebody works on, which stays as far as it is. */
export function assigned(
  alert: Alert,
  now: Date,
  to: { readonly userId: string; readonly displayName: string },
  reason: string,
): Patch {
  written('The reason', reason);
  if (alert.assignedTo === to.userId)
    throw new DomainError('conflict', sentences.sameAssignee(alertName(alert.number), to.displayName));
  return { ...taken(alert, now, to.userId), status: alert.status === 'open' ? 'assigned' : alert.status };
}

export function investigated(alert: Alert, now: Date): Patch {
  return { status: 'investigating', investigationStartedAt: notBefore(now, alert.assignedAt) };
}

export function escalated(alert: Alert, now: Date): Patch {
  return { status: 'escalated', escalatedAt: notBefore(now, alert.investigationStartedAt) };
}

/** `outcome` and `notes` as a form sent them; throws when the outcome is none or the notes say too little. */
export function closed(alert: Alert, now: Date, by: string, outcome: ClosingOutcome, notes: string): Patch {
  if (!closingOutcomes.includes(outcome)) throw new DomainError('invalid', sentences.noSuchOutcome);
  const closingNotes = written('The notes', notes, leastNotes);
  return { status: outcome, closedAt: notBefore(now, alert.assignedAt), closedBy: by, closingNotes };
}

export function released(note: string): Patch {
  written('The note', note);
  return nobody;
}

/** Within 5 minutes it is an undo, which needs no reason; afterwards a reason, and never after 7 days. */
export function reopened(alert: Alert, now: Date, reason: string, recurrence: number | null): Patch {
  const name = alertName(alert.number);
  if (recurrence !== null) throw new DomainError('conflict', sentences.hasRecurrence(name, alertName(recurrence)));
  const since = now.getTime() - (alert.closedAt?.getTime() ?? 0);
  if (since > reopenWithin) throw new DomainError('conflict', sentences.tooLateToReopen(name));
  if (since > undoWithin) written('The reason', reason);
  return { ...nobody, closedAt: null, closedBy: null, closingNotes: null };
}
