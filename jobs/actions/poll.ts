import type { DeviceAction } from '../../domain/actions/action.js';
import { again, moveAction, waitOf } from '../../domain/actions/step.js';
import { begunAt, cancelAgainAt, cancelPoll, ended, followed, followWindow } from '../../domain/actions/step-rules.js';
import { cancelComment } from '../../domain/actions/comment.js';
import { stepSentences as say } from '../../domain/actions/step-sentences.js';
import { sharingLinks } from '../../domain/channels/link-lock.js';
import { minute, plus } from '../../domain/durations.js';
import { SourceError } from '../../domain/sync/source.js';
import { storable } from '../../domain/text.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import type { ActionContext } from './context.js';
import { move, reading, targetOf } from './step.js';
import type { Step, Target } from './step.js';

const followedStates = ['pending', 'in_progress'] as const;

/** Asks Microsoft what became of an action that it has, and ends it there when that is wanted. */
export const follow: Step = async (context, facts, signal) => {
  const { action, now, queueHours } = facts;
  if (now > plus(begunAt(action), followWindow))
    return move(context, action, followedStates, (_seen, at) => ended('timed_out', say.neverEnded, at));
  const target = targetOf(context, facts);
  if (!target) return move(context, action, followedStates, (_seen, at) => again(at, 5 * minute));
  const report = await readReport(target, signal);
  const wait = await move(context, action, followedStates, (seen, at) => {
    const isRead = !(report instanceof SourceError);
    const patch = followed(seen, isRead ? report : null, at, queueHours, seen.polls + 1);
    return { ...patch, ...sooner(seen, patch, at), ...(isRead ? {} : later(report, patch, at)) };
  });
  const mayCancel = wait !== null && !(report instanceof SourceError) && !signal.aborted;
  if (!mayCancel || !isCancelDue(action, now)) return wait;
  return context.forceDryRun ? leave(context, action) : cancel(context, target, wait, signal);
};

async function readReport({ action, actions, connection }: Target, signal: AbortSignal) {
  const { microsoftActionId } = action;
  return microsoftActionId === null ? null : reading(() => actions.read(connection, microsoftActionId, signal));
}

type Patch = Partial<DeviceAction>;

/** Soon after a request to cancel Microsoft knows the end. */
function sooner(seen: DeviceAction, patch: Patch, now: Date): Patch {
  if (!patch.nextStepAt || seen.cancelSentAt === null || now > plus(seen.cancelSentAt, 2 * minute)) return {};
  return again(now, Math.min(cancelPoll, +patch.nextStepAt - +now));
}

function later(error: SourceError, patch: Patch, now: Date): Patch {
  if (!patch.nextStepAt || error.retryAfterMs === undefined) return {};
  return again(now, Math.max(error.retryAfterMs, +patch.nextStepAt - +now));
}

/** A person wants it, or the device did not come online in the tenant's time. Of others' actions only people decide. */
function isCancelDue(action: DeviceAction, now: Date): boolean {
  const { cancelRequestedAt, cancelSentAt, queueExpiresAt, status, isAttached } = action;
  const isOver = status === 'pending' && !isAttached && queueExpiresAt !== null && queueExpiresAt <= now;
  const isWanted = cancelRequestedAt !== null || isOver;
  return isWanted && (cancelSentAt === null || now >= cancelAgainAt(cancelSentAt, cancelRequestedAt ?? cancelSentAt));
}

/** Nothing is sent, a request to cancel neither; whoever waits for it reads so. */
function leave(context: ActionContext, action: DeviceAction): Promise<number | null> {
  return move(context, action, followedStates, () => ({ resultMessage: say.cancelNotSent }));
}

/** That it is cancelled twice is harmless; that nobody knows of it is not, so it is noted first. */
async function cancel(
  context: ActionContext,
  target: Target,
  wait: number,
  signal: AbortSignal,
): Promise<number | null> {
  const { action, actions, connection, queueHours } = target;
  const note = (trx: Trx) =>
    moveAction(trx, action.id, followedStates, (seen, now) => {
      if (!isCancelDue(seen, now)) return null;
      return { cancelRequestedAt: seen.cancelRequestedAt ?? now, cancelSentAt: now, ...again(now, cancelPoll) };
    });
  const noted = await inTenant(context.db, action.tenantId, note, sharingLinks);
  if (!noted || noted.action.microsoftActionId === null) return wait;
  const comment = cancelComment(noted.action);
  const outcome = await actions.cancel(connection, noted.action.microsoftActionId, comment, signal);
  context.log.info({ tenantId: action.tenantId, actionId: action.id, outcome: outcome.is }, 'an action was cancelled');
  if (outcome.is === 'refused')
    return move(context, action, followedStates, (_seen, now) => ({
      resultMessage: say.cancelRefused(storable(outcome.message, 900)),
      ...again(now, cancelPoll),
    }));
  if (outcome.is !== 'accepted') return waitOf(noted);
  return move(context, action, followedStates, (seen, now) => {
    const patch = followed(seen, outcome.action, now, queueHours, seen.polls);
    return { ...patch, ...sooner(seen, patch, now) };
  });
}
