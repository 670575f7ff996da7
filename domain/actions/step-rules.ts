import { hour, minute, plus, second } from '../durations.js';
import { storable } from '../text.js';
import type { MicrosoftAction } from './action-gateway.js';
import type { IsolationState } from '../devices/device-source.js';
import type { ActionStatus, DeviceAction, DeviceActionKind } from './action.js';
import { stepSentences as say } from './step-sentences.js';

export const remindAfter = 10 * minute;
export const approvalWindow = 30 * minute;
/** An approval is used at once: what could not be sent in this time is not sent. */
export const sendWindow = 10 * minute;
/** So long Microsoft is asked about an action: it keeps one for an offline device for three days. */
export const followWindow = 74 * hour;
const cancelEvery = 5 * minute;
/** After a request to cancel the end is near. */
export const cancelPoll = 10 * second;
/** Clocks differ: an action of ours may seem to be older than the request. Our mark alone tells which one it is. */
export const clockSkew = hour;

const firstPolls = [5 * second, 10 * second, 20 * second, 40 * second, minute];

/** Milliseconds until Microsoft is asked again, after it was asked so many times. */
export function pollDelay(polls: number): number {
  return firstPolls[polls] ?? 5 * minute;
}

const types: Readonly<Record<DeviceActionKind, string>> = {
  isolate: 'isolate',
  unisolate: 'unisolate',
  scan: 'runantivirusscan',
};

export function isOfKind(action: MicrosoftAction, kind: DeviceActionKind): boolean {
  return action.type.toLowerCase() === types[kind];
}

const ends: ReadonlyMap<string, ActionStatus> = new Map([
  ['succeeded', 'completed'],
  ['failed', 'failed'],
  ['timeout', 'timed_out'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
]);

/** An action whose word was never seen may still be under way. */
export function hasEnded(action: MicrosoftAction): boolean {
  return ends.has(action.status.toLowerCase());
}

/** When a request to cancel may leave again: what is refused is asked for ever more rarely. */
export function cancelAgainAt(sentAt: Date, wantedAt: Date): Date {
  return plus(sentAt, Math.max(cancelEvery, (+sentAt - +wantedAt) / 2));
}

/** What is older than Microsoft keeps any is over, whatever its word means. */
export function mayBeUnderWay(action: MicrosoftAction, now: Date): boolean {
  return !hasEnded(action) && (action.createdAt === null || plus(new Date(action.createdAt), followWindow) > now);
}

const sentences: Readonly<Partial<Record<ActionStatus, string>>> = {
  completed: say.completed,
  failed: say.failed,
  timed_out: say.timedOut,
  cancelled: say.cancelled,
};

/** What a step changes. `reportedAt`: Microsoft's time of what it reports, its own text; not a part of the action. */
export type StepPatch = Partial<DeviceAction> & { readonly reportedAt?: string | null };

/** What an end sets, whoever brought it about. */
export function ended(status: ActionStatus, resultMessage: string, now: Date): Partial<DeviceAction> {
  return { status, resultMessage, completedAt: now, nextStepAt: null };
}

/** What Microsoft's report changes; a word never seen leaves the status as it is. */
export function reported(action: DeviceAction, report: MicrosoftAction, now: Date, queueHours: number): StepPatch {
  const { id: microsoftActionId, updatedAt: reportedAt } = report;
  const known = { microsoftActionId, microsoftStatus: storable(report.status, 50), reportedAt };
  const word = report.status.toLowerCase();
  const end = ends.get(word);
  if (end === 'cancelled' && action.cancelRequestedBy !== null)
    return { ...known, ...ended(end, say.cancelled, now), endedBy: action.cancelRequestedBy };
  if (end) return { ...known, ...ended(end, sentenceOf(action, end, queueHours), now) };
  if (word === 'pending') return { ...known, status: 'pending' };
  if (word === 'inprogress') return { ...known, status: 'in_progress' };
  return { ...known, status: action.status === 'in_progress' ? 'in_progress' : 'pending' };
}

/** The same for an action that is followed: asked again by the schedule until it ends. */
export function followed(
  action: DeviceAction,
  report: MicrosoftAction | null,
  now: Date,
  queueHours: number,
  polls: number,
): StepPatch {
  const patch: StepPatch = report ? reported(action, report, now, queueHours) : {};
  if (patch.nextStepAt === null) return { ...patch, polls };
  return { ...patch, polls, nextStepAt: plus(now, pollDelay(polls)) };
}

function sentenceOf(action: DeviceAction, end: ActionStatus, queueHours: number): string {
  const isCancelWanted = action.cancelRequestedAt !== null;
  if (end === 'completed' && isCancelWanted) return say.completedAnyway;
  if (end === 'cancelled' && isCancelWanted) return say.queueOver(queueHours);
  return sentences[end] ?? '';
}

/** Until when it may be sent. */
export function sendDeadline(action: DeviceAction): Date {
  return plus(action.approvedAt ?? action.requestedAt, sendWindow);
}

/**
 * Milliseconds until what could not be sent yet is tried again: quickly at first or as Microsoft asks, and once more when its
 * time is over.
 */
export function retryDelay(action: DeviceAction, now: Date, askedMs?: number): number {
  const left = sendDeadline(action).getTime() - now.getTime();
  const ours = Math.min(minute, Math.max(5 * second, (sendWindow - left) / 2));
  const wait = askedMs === undefined ? ours : Math.max(second, askedMs);
  return Math.min(wait, Math.max(0, left) + 1);
}

/** When it began to be Microsoft's, as far as we know. */
export function begunAt(action: DeviceAction): Date {
  return action.sentAt ?? action.approvedAt ?? action.requestedAt;
}

const states: Readonly<Record<DeviceActionKind, (parameter: string | null) => IsolationState | null>> = {
  isolate: (parameter) => (parameter === 'Selective' ? 'selectively_isolated' : 'isolated'),
  unisolate: () => 'not_isolated',
  scan: () => null,
};

/** What a completed action leaves the device in; null when it changes nothing. */
export function isolationAfter({ kind, parameter }: DeviceAction): IsolationState | null {
  return kind === 'resolve_alert' ? null : states[kind](parameter);
}
