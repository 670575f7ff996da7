import type { MicrosoftAction } from '../../domain/actions/action-gateway.js';
import type { DeviceAction } from '../../domain/actions/action.js';
import { again } from '../../domain/actions/step.js';
import type { Moved } from '../../domain/actions/step.js';
import type { StepPatch } from '../../domain/actions/step-rules.js';
import { begunAt, cancelAgainAt, followWindow, hasEnded, pollDelay } from '../../domain/actions/step-rules.js';
import { cancelComment } from '../../domain/actions/comment.js';
import { stepSentences as say } from '../../domain/actions/step-sentences.js';
import { channelForAdmins, channelOfAction } from '../../domain/channels/links.js';
import { enqueueNotices } from '../../domain/channels/outbox.js';
import { chatsOfAdmins } from '../../domain/channels/personal-cards.js';
import { minute, plus } from '../../domain/durations.js';
import { actionName } from '../../domain/names.js';
import { SourceError } from '../../domain/sync/source.js';
import { storable } from '../../domain/text.js';
import type { Trx } from '../../domain/transaction.js';
import type { ActionContext } from './context.js';
import { findOurs } from './reconcile.js';
import { move, reading, targetOf } from './step.js';
import type { Step, Target } from './step.js';

/** A release gave the isolation up when its outcome was not known: should it happen after all, people must hear of it. */
export const followLate: Step = async (context, facts, signal) => {
  const { action, now } = facts;
  if (action.nextStepAt === null) return null;
  if (action.lateOutcome !== null || now > plus(begunAt(action), followWindow))
    return move(context, action, ['timed_out'], () => ({ nextStepAt: null }));
  const target = targetOf(context, facts);
  if (!target) return move(context, action, ['timed_out'], (_seen, at) => again(at, 5 * minute));
  const found = await look(target, signal);
  const report = found instanceof SourceError ? null : found;
  if (report && action.kind === 'isolate' && isWaiting(report)) await endIt(context, target, report, signal);
  return move(context, action, ['timed_out'], (seen, at) => patchOf(seen, report, at), report ? tell : undefined);
};

function look(target: Target, signal: AbortSignal): Promise<MicrosoftAction | SourceError | null> {
  const { action, actions, connection } = target;
  const { microsoftActionId } = action;
  if (microsoftActionId === null) return findOurs(target, signal);
  return reading(() => actions.read(connection, microsoftActionId, signal));
}

function patchOf(seen: DeviceAction, report: MicrosoftAction | null, now: Date): StepPatch {
  const polls = seen.polls + 1;
  const next = { polls, ...again(now, pollDelay(polls)) };
  if (!report) return next;
  const word = storable(report.status, 50);
  const known = { microsoftActionId: report.id, microsoftStatus: word, reportedAt: report.updatedAt };
  return hasEnded(report) ? { ...known, polls, lateOutcome: word, nextStepAt: null } : { ...known, ...next };
}

function isWaiting(report: MicrosoftAction): boolean {
  return report.status.toLowerCase() === 'pending';
}

/** It would fire after the release and isolate the device again. */
async function endIt(context: ActionContext, target: Target, report: MicrosoftAction, signal: AbortSignal) {
  const { action, actions, connection, now } = target;
  if (context.forceDryRun) return;
  if (
    action.cancelSentAt !== null &&
    now < cancelAgainAt(action.cancelSentAt, action.completedAt ?? action.cancelSentAt)
  )
    return;
  await move(context, action, ['timed_out'], (_seen, at) => ({ microsoftActionId: report.id, cancelSentAt: at }));
  await actions.cancel(connection, report.id, cancelComment(action), signal);
}

/** In the channel of its card, where admins read, and to the admins in person. */
async function tell(trx: Trx, { action }: Moved): Promise<void> {
  if (action.kind !== 'isolate' || action.lateOutcome?.toLowerCase() !== 'succeeded') return;
  const places = [
    ...(await channelOfAction(trx, action.id, action.incidentId !== null)),
    ...(await channelForAdmins(trx)),
    ...(await chatsOfAdmins(trx)),
  ];
  await enqueueNotices(trx, places, `late:${action.id}`, say.lateIsolation(actionName(action.number)));
}
