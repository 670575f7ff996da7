import { minute, plus } from '../durations.js';
import { preflightFault } from '../devices/preflight.js';
import { isSensitive } from '../devices/sensitive.js';
import type { Device } from '../devices/device.js';
import { DomainError } from '../errors.js';
import { actionName, actionStateWords, nextForAction } from '../names.js';
import { actionNouns, actionSentences as say } from './action-sentences.js';
import type { DeviceAction, DeviceActionKind } from './action.js';
import { isolationTypes, scanTypes } from './action.js';
import type { ActionPolicy } from './policy.js';

/** What this process can do at all. */
export interface Acting {
  /** Nothing is ever sent, whatever the tenant says. */
  readonly forceDryRun: boolean;
  /** An application for acting is configured. */
  readonly canAct: boolean;
}

/** Everything that decides whether an action may be asked for, and what it needs. */
export interface Situation {
  readonly kind: DeviceActionKind;
  readonly parameter: string | null;
  readonly device: Device;
  /** Actions of the device that have not ended. */
  readonly open: readonly DeviceAction[];
  readonly policy: ActionPolicy;
  readonly acting: Acting;
  readonly requesterId: string;
  /** Names of those who could approve it. */
  readonly approvers: readonly string[];
  readonly now: Date;
}

export interface Verdict {
  readonly isDryRun: boolean;
  readonly isSensitive: boolean;
  readonly needsApproval: boolean;
  /** Break-glass: needs approval, and goes ahead without. */
  readonly actsAlone: boolean;
  /** Why it cannot be asked for now. */
  readonly fault: string | null;
}

/** How long an action whose outcome is not known keeps a release from being sent. */
export const unknownFor = 10 * minute;

export function judgeRequest(situation: Situation): Verdict {
  const { kind, device, policy, acting, requesterId, approvers } = situation;
  const sensitive = isSensitive(device);
  const isDryRun = acting.forceDryRun || policy.dryRun;
  const needsApproval = sensitive || policy.approval[approvalOf[kind]];
  const actsAlone = needsApproval && policy.breakGlass.some((id) => id.toLowerCase() === requesterId);
  const lonely = needsApproval && !actsAlone && approvers.length === 0;
  const fault =
    preflightFault(device, kind, situation.parameter) ??
    openActionFault(situation) ??
    (acting.canAct || isDryRun ? null : say.notConnected) ??
    (lonely ? say.nobodyCouldApprove : null);
  return { isDryRun, isSensitive: sensitive, needsApproval, actsAlone, fault };
}

const approvalOf = { isolate: 'isolate', unisolate: 'release', scan: 'scan' } as const;

function openActionFault({ kind, open, now }: Situation): string | null {
  for (const action of open) {
    if (kind === 'unisolate' && yieldsToRelease(action, now) !== null) continue;
    const fault = kind === 'unisolate' && action.kind === 'isolate' ? releaseFault(action) : clash(kind, action);
    if (fault !== null) return fault;
  }
  return null;
}

/** One containment action at a time, and one scan that is known to be under way. */
export function clash(kind: DeviceActionKind, open: DeviceAction): string | null {
  if (open.kind === 'resolve_alert' || (open.kind === 'scan') !== (kind === 'scan')) return null;
  if (open.kind === 'scan' && open.status === 'unknown') return null;
  return say.isOpen(
    `the ${actionNouns[open.kind]}`,
    actionName(open.number),
    actionStateWords[open.status],
    nextForAction[open.status],
  );
}

function releaseFault(isolation: DeviceAction): string {
  const name = actionName(isolation.number);
  if (isolation.status === 'pending') return say.isolationQueued(name);
  return isolation.status === 'in_progress' ? say.isolationRuns(name) : say.isolationUnknown(name);
}

/**
 * How an open action ends when a release is asked for; null when the release has to wait for it. A release whose outcome is
 * not known ends so too: asking for another one does no harm, and nothing else would free the device.
 */
export function yieldsToRelease(action: DeviceAction, now: Date): 'cancelled' | 'timed_out' | null {
  if (action.kind !== 'isolate' && action.kind !== 'unisolate') return null;
  if (action.kind === 'isolate' && isUnsent(action)) return 'cancelled';
  const since = now.getTime() - (action.sentAt ?? action.requestedAt).getTime();
  return action.status === 'unknown' && since >= unknownFor ? 'timed_out' : null;
}

/** Nothing has left for Microsoft, and nothing is leaving at this moment. */
export function isUnsent({ status, sentAt }: DeviceAction): boolean {
  return (status === 'requested' || status === 'approved') && sentAt === null;
}

/** The kind of isolation or scan, the usual one when none is named. Throws for words that Microsoft does not know. */
export function parameterFor(kind: DeviceActionKind, given: string | null): string | null {
  if (kind === 'unisolate') {
    if (given !== null) throw new DomainError('invalid', say.noRelease);
    return null;
  }
  const choices: readonly string[] = kind === 'isolate' ? isolationTypes : scanTypes;
  const [usual] = choices;
  const found = given === null ? usual : choices.find((choice) => choice === given);
  if (found === undefined) throw new DomainError('invalid', say.badParameter(choices));
  return found;
}

/** When a queued action is given up. */
export function queueEnd(policy: ActionPolicy, now: Date): Date {
  return plus(now, policy.queueHours * 60 * minute);
}
