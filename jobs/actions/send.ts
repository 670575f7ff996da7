import type { MicrosoftAction, OrderOutcome } from '../../domain/actions/action-gateway.js';
import type { DeviceAction } from '../../domain/actions/action.js';
import { commentFor } from '../../domain/actions/comment.js';
import { again, moveAction } from '../../domain/actions/step.js';
import { ended, followed, isOfKind, mayBeUnderWay, pollDelay, sendDeadline } from '../../domain/actions/step-rules.js';
import { stepSentences as say } from '../../domain/actions/step-sentences.js';
import { sharingLinks } from '../../domain/channels/link-lock.js';
import { preflightFault } from '../../domain/devices/preflight.js';
import { hour, plus, second } from '../../domain/durations.js';
import { SourceError } from '../../domain/sync/source.js';
import { storable } from '../../domain/text.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import { attach, attachment, checkMachine, clearTheWay } from './before.js';
import type { ActionContext } from './context.js';
import { fail, isOnDevice, move, reading, targetOf } from './step.js';
import type { Step, Target } from './step.js';

/** An approval is used at once or not at all. Nothing is committed before everything that can be looked at was looked at. */
export const sendApproved: Step = async (context, facts, signal) => {
  const { action, now } = facts;
  if (now > sendDeadline(action))
    return move(context, action, ['approved'], (_seen, at) => ended('expired', say.notSentInTime, at));
  const isDryRun = action.isDryRun || facts.isDryRunTenant || context.forceDryRun;
  const obstacle = obstacleOf(context, facts, isDryRun);
  if (obstacle !== null) return fail(context, action, obstacle);
  const target = targetOf(context, facts);
  const fault = target && (await checkMachine(context, target, signal));
  if (fault) return fault.wait;
  if (isDryRun || !target)
    return move(context, action, ['approved'], (_seen, at) => ({ ...ended('completed', say.dryRun, at), isDryRun }));
  const way = await clearTheWay(context, target, signal);
  if (way) return way.wait;
  return signal.aborted ? second : send(context, target);
};

/** What makes asking Microsoft needless. */
function obstacleOf(context: ActionContext, { action, connection, device }: Parameters<Step>[1], isDryRun: boolean) {
  if (!connection || !device || !isOnDevice(action)) return say.noConnection;
  if (!context.deviceActions && !isDryRun) return say.cannotAct;
  return device.microsoftDeviceId ? null : preflightFault(device, action.kind, action.parameter);
}

/** Nothing ends the one request early: what became of it would then be known to nobody. */
const untilAnswered = new AbortController().signal;

/** That it leaves is committed before it does: whoever finds it so never sends, but looks for it at Microsoft. */
async function send(context: ActionContext, target: Target): Promise<number | null> {
  const { action, actions, connection, machineId } = target;
  const commit = (trx: Trx) =>
    moveAction(trx, action.id, ['approved'], (seen, now) => {
      if (seen.sentAt !== null) return null;
      const queueExpiresAt = seen.queueExpiresAt ?? plus(now, target.queueHours * hour);
      return { status: 'unknown', sentAt: now, polls: 0, queueExpiresAt, ...again(now, pollDelay(0)) };
    });
  const begun = await inTenant(context.db, action.tenantId, commit, sharingLinks);
  if (!begun) return 0;
  const { kind, parameter } = action;
  const comment = commentFor(action, target.requester, target.approver);
  const order = { kind, microsoftDeviceId: machineId, parameter, comment };
  const outcome = await actions.order(connection, order, untilAnswered);
  context.log.info({ tenantId: action.tenantId, actionId: action.id, kind, outcome: outcome.is }, 'an action was sent');
  return record(context, target, outcome);
}

function record(context: ActionContext, target: Target, outcome: OrderOutcome): Promise<number | null> {
  const { action, queueHours } = target;
  if (outcome.is === 'active') return followActive(context, target);
  return move(context, action, ['unknown', 'timed_out'], (seen, now) => {
    if (seen.status === 'timed_out') return lateAnswer(outcome, now);
    if (outcome.is === 'accepted')
      return { ...othersOf(target, outcome.action), ...followed(seen, outcome.action, now, queueHours, 0) };
    const resultMessage = storable(outcome.message, 1_000);
    return outcome.is === 'refused' ? ended('failed', resultMessage, now) : lost(resultMessage, now);
  });
}

/** Microsoft may answer with what somebody else had begun; without a comment nothing says so. */
function othersOf({ action }: Target, report: MicrosoftAction): Partial<DeviceAction> {
  return report.comment === null ? {} : attachment(action, report);
}

function lost(resultMessage: string, now: Date): Partial<DeviceAction> {
  return { resultMessage, ...again(now, pollDelay(0)) };
}

/** A release gave the action up while it was sent; reading goes on by what the answer told. */
function lateAnswer(outcome: OrderOutcome, now: Date): Partial<DeviceAction> | null {
  if (outcome.is === 'accepted') return { microsoftActionId: outcome.action.id, ...again(now, pollDelay(0)) };
  return outcome.is === 'refused' ? { nextStepAt: null } : null;
}

/** "Already in progress": somebody else began the same in the moment since we looked, and ours was not begun. */
async function followActive(context: ActionContext, target: Target): Promise<number | null> {
  const { action, actions, connection, machineId, now } = target;
  const listed = await reading(() => actions.ofMachine(connection, machineId, null, untilAnswered));
  const same =
    listed instanceof SourceError ? null : listed.find((one) => mayBeUnderWay(one, now) && isOfKind(one, action.kind));
  if (same) return attach(context, target, same);
  return move(context, action, ['unknown'], (_seen, at) => ended('failed', say.activeElsewhere, at));
}
