import type { AlertStatus } from '../alerts/alert.js';
import { hour, minute, second } from '../durations.js';
import type { IncidentStatus } from '../incidents/incident.js';
import { actionName, alertName } from '../names.js';
import { storable } from '../text.js';
import type { AlertVerdict } from './action-gateway.js';
import type { DeviceAction } from './action.js';
import { writeBackSentences as say } from './write-back-sentences.js';

/** What people decided here; stands in the action as its parameter. */
export type Decision = 'benign' | 'false_positive' | 'true_positive';

/** What is known of the alert when the action's turn comes. */
export interface AlertNow {
  readonly microsoftAlertId: string;
  readonly number: number;
  readonly status: AlertStatus;
  readonly incidentStatus: IncidentStatus | null;
  /** Another action that resolves the same alert was made since. */
  readonly isReplaced: boolean;
}

const verdicts: Readonly<Record<Decision, Omit<AlertVerdict, 'comment'>>> = {
  benign: { classification: 'informationalExpectedActivity', determination: 'confirmedActivity' },
  false_positive: { classification: 'falsePositive', determination: 'notMalicious' },
  true_positive: { classification: 'truePositive', determination: null },
};

const words: Readonly<Record<Decision, string>> = {
  benign: 'Closed as benign',
  false_positive: 'Closed as false positive',
  true_positive: 'Its incident was resolved',
};

const commentLimit = 1_000;
const nameLimit = 100;

/** The comment is the same in every try, and names the action: so it is recognised, and stands there once. */
export function verdictOf(action: DeviceAction, alert: AlertNow, who: string): AlertVerdict {
  const decision = decisionOf(action);
  const head = `${words[decision]} by ${storable(who, nameLimit)} in Teams: `;
  const tail = ` [${alertName(alert.number)} ${actionName(action.number)}]`;
  const reason = storable(action.reason, commentLimit - head.length - tail.length);
  return { ...verdicts[decision], comment: `${head}${reason}${tail}` };
}

/** Why nothing is sent any more; null when it is. */
export function overtakenBy(alert: AlertNow): string | null {
  if (alert.isReplaced) return say.replaced;
  const isClosed = alert.status === 'closed_benign' || alert.status === 'closed_false_positive';
  return isClosed || alert.incidentStatus === 'resolved' ? null : say.undone;
}

function decisionOf({ parameter }: DeviceAction): Decision {
  if (parameter === 'benign' || parameter === 'false_positive') return parameter;
  return 'true_positive';
}

export const attempts = 5;
const waits = [30 * second, 2 * minute, 10 * minute, 30 * minute];
const longest = 6 * hour;

/** Milliseconds until the next try after so many failed ones, at least as long as Microsoft asks; null when it was the last. */
export function waitAfter(failed: number, askedMs: number): number | null {
  if (failed >= attempts) return null;
  return Math.min(longest, Math.max(waits[failed - 1] ?? longest, askedMs));
}
