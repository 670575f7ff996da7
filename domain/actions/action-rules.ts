import type { Actor } from '../access/actor.js';
import { grantOf } from '../access/capabilities.js';
import { preflightFault } from '../devices/preflight.js';
import type { Device } from '../devices/device.js';
import { notBefore } from '../durations.js';
import { DomainError } from '../errors.js';
import { actionName } from '../names.js';
import { storable, written } from '../text.js';
import { actionSentences as say } from './action-sentences.js';
import type { DeviceAction } from './action.js';
import type { ActionPolicy } from './policy.js';
import type { Acting } from './request-rules.js';
import { isUnsent, queueEnd } from './request-rules.js';

/** Pure rules: an action in a state that its life cycle allows -> what the act sets. */
export type Patch = Partial<DeviceAction>;

export const longestReason = 500;

export interface ApprovalFacts {
  readonly policy: ActionPolicy;
  /** Names of those who may approve it. */
  readonly approvers: readonly string[];
  /** The device as it is now; null only for what is no action on a device. */
  readonly device: Device | null;
}

/** Raised instead of an approval that comes too late; the action expires. */
export class LateApproval extends DomainError {
  constructor(name: string) {
    super('conflict', say.tooLate(name));
  }
}

export function approved(action: DeviceAction, now: Date, actor: Actor, facts: ApprovalFacts, acting: Acting): Patch {
  judgeApprover(action, actor, facts);
  if (isLate(action, now)) throw new LateApproval(actionName(action.number));
  const { device, policy } = facts;
  const fault =
    device && action.kind !== 'resolve_alert' ? preflightFault(device, action.kind, action.parameter) : null;
  if (fault !== null) throw new DomainError('conflict', fault);
  return {
    status: 'approved',
    approvedBy: actor.userId,
    approvedAt: notBefore(now, action.requestedAt),
    // What was asked for as a dry run stays one; what was not becomes one if that is the rule by now.
    isDryRun: action.isDryRun || acting.forceDryRun || policy.dryRun,
    queueExpiresAt: queueEnd(policy, now),
    nextStepAt: now,
  };
}

export function isLate(action: DeviceAction, now: Date): boolean {
  return action.approveBy !== null && now > action.approveBy;
}

export function rejected(action: DeviceAction, now: Date, actor: Actor, facts: ApprovalFacts, reason: string): Patch {
  judgeApprover(action, actor, facts);
  return { status: 'rejected', ...ended(action, now, actor, written('The reason', reason, 1, longestReason)) };
}

/** Never the requester, whatever roles the person has; analysts only where the tenant lets them. */
function judgeApprover(action: DeviceAction, actor: Actor, { policy, approvers }: ApprovalFacts): void {
  const name = actionName(action.number);
  if (action.requestedBy === actor.userId) throw new DomainError('refused', say.ownRequest(name));
  if (grantOf(actor.role, 'action.approve') === 'peers' && !policy.peers)
    throw new DomainError('refused', say.peersMayNot(name, approvers));
}

/** By the requester or an admin; what Microsoft has already is only asked to stop. `requester` is a name. */
export function cancelled(action: DeviceAction, now: Date, actor: Actor, requester: string, reason: string): Patch {
  if (action.requestedBy !== actor.userId && grantOf(actor.role, 'administer') !== 'yes')
    throw new DomainError('refused', say.notYoursToCancel(actionName(action.number), requester));
  const endReason = storable(reason.trim(), longestReason) || null;
  if (isUnsent(action)) return { status: 'cancelled', ...ended(action, now, actor, endReason) };
  return {
    cancelRequestedBy: actor.userId,
    cancelRequestedAt: notBefore(now, action.requestedAt),
    endReason,
    nextStepAt: now,
  };
}

export function reviewed(action: DeviceAction, now: Date, actor: Actor): Patch {
  if (action.requestedBy === actor.userId) throw new DomainError('refused', say.ownReview(actionName(action.number)));
  return { reviewedBy: actor.userId, reviewedAt: notBefore(now, action.requestedAt) };
}

function ended(action: DeviceAction, now: Date, actor: Actor, endReason: string | null): Patch {
  return {
    endedBy: actor.userId,
    endReason,
    completedAt: notBefore(now, action.requestedAt, action.approvedAt),
    nextStepAt: null,
  };
}
