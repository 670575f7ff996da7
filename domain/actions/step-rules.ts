import { hour, minute, plus, second } from '../durations.js';
import { actionName } from '../names.js';
import { storable } from '../text.js';
import type { MicrosoftAction } from './action-gateway.js';
import type { ActionStatus, DeviceAction, DeviceActionKind } from './action.js';
import { stepSentences as say } from './step-sentences.js';

export const remindAfter = 10 * minute;
export const approvalWindow = 30 * minute;
/** An approval is used at once: what could not be sent in this time is not sent. */
export const sendWindow = 10 * minute;
/** So long Microsoft is asked about an action: it keeps one for an offline device for three days. */
export const followWindow = 74 * hour;
export const cancelEvery = 5 * minute;
/** After a request to cancel the end is near. */
export const cancelPoll = 10 * second;
/** Clocks differ: an action of ours may seem to be older than the request. */
export const clockSkew = 2 * minute;

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

const sentences: Readonly<Partial<Record<ActionStatus, string>>> = {
  completed: say.completed,
  failed: say.failed,
  timed_out: say.timedOut,
  cancelled: say.cancelled,
};

/** What an end sets, whoever brought it about. */
export function ended(status: ActionStatus, resultMessage: string, now: Date): Partial<DeviceAction> {
  return { status, resultMessage, completedAt: now, nextStepAt: null };
}

/** What Microsoft's report changes; a word never seen leaves the status as it is. */
export function reported(
  action: DeviceAction,
  report: MicrosoftAction,
  now: Date,
  queueHours: number,
): Partial<DeviceAction> {
  const known = { microsoftActionId: report.id, microsoftStatus: storable(report.status, 50) };
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
): Partial<DeviceAction> {
  const patch = report ? reported(action, report, now, queueHours) : {};
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

/** Milliseconds until what could not be sent yet is tried again: quickly at first, and once more when its time is over. */
export function retryDelay(action: DeviceAction, now: Date): number {
  const left = sendDeadline(action).getTime() - now.getTime();
  const wait = Math.min(minute, Math.max(5 * second, (sendWindow - left) / 2));
  return Math.min(wait, Math.max(0, left) + 1);
}

/** When it began to be Microsoft's, as far as we know. */
export function begunAt(action: DeviceAction): Date {
  return action.sentAt ?? action.approvedAt ?? action.requestedAt;
}

/** The mark by which an action of ours is found again at Microsoft. */
export function markOf(actionId: string): string {
  return `avian:${actionId}`;
}

export function bearsMark(report: MicrosoftAction, actionId: string): boolean {
  return report.comment?.toLowerCase().includes(markOf(actionId).toLowerCase()) ?? false;
}

const commentLimit = 1_000;
const nameLimit = 100;
const verbs: Readonly<Record<DeviceActionKind, string>> = { isolate: 'Isolate', unisolate: 'Release', scan: 'Scan' };

/** Microsoft shows only the application; this names the people, at most 1,000 characters. */
export function commentFor(
  action: DeviceAction & { readonly kind: DeviceActionKind },
  requester: string,
  approver: string | null,
): string {
  const alone = action.isBreakGlass ? ', acting alone in an emergency' : '';
  const approval = approver === null ? alone : `, approved by ${storable(approver, nameLimit)}`;
  const head = `${verbs[action.kind]} asked for by ${storable(requester, nameLimit)}${approval}: `;
  const tail = ` [${actionName(action.number)} ${markOf(action.id)}]`;
  return `${head}${storable(action.reason, commentLimit - head.length - tail.length)}${tail}`;
}

/** The words for a request to cancel. */
export function cancelComment(action: DeviceAction): string {
  const why = action.cancelRequestedBy === null ? 'its time was over' : 'a person asked for it';
  return `Cancelled by AVIAN, ${why} [${actionName(action.number)} ${markOf(action.id)}]`;
}

const states: Readonly<Record<DeviceActionKind, (parameter: string | null) => string | null>> = {
  isolate: (parameter) => (parameter === 'Selective' ? 'selectively_isolated' : 'isolated'),
  unisolate: () => 'not_isolated',
  scan: () => null,
};

/** What a completed action leaves the device in; null when it changes nothing. */
export function isolationAfter({ kind, parameter }: DeviceAction): string | null {
  return kind === 'resolve_alert' ? null : states[kind](parameter);
}
