import type { ActionStatus } from '../../domain/actions/action.js';
import { readStep } from '../../domain/actions/step-store.js';
import { stepWriteBack } from '../../domain/actions/write-back-step.js';
import { inTenant } from '../../domain/transaction.js';
import type { ActionContext } from './context.js';
import { followLate } from './late.js';
import { follow } from './poll.js';
import { reconcile } from './reconcile.js';
import { awaitApproval } from './requested.js';
import { sendApproved } from './send.js';
import type { Step } from './step.js';

const nothing: Step = () => Promise.resolve(null);

/** What each state of an action on a device asks the job to do. */
const steps: Readonly<Record<ActionStatus, Step>> = {
  requested: awaitApproval,
  approved: sendApproved,
  unknown: reconcile,
  pending: follow,
  in_progress: follow,
  timed_out: followLate,
  completed: nothing,
  failed: nothing,
  cancelled: nothing,
  rejected: nothing,
  expired: nothing,
};

/** Does what the action needs now. Resolves to the milliseconds until it needs something again, null for never. */
export async function stepAction(
  context: ActionContext,
  tenantId: string,
  actionId: string,
  signal: AbortSignal,
): Promise<number | null> {
  const facts = await inTenant(context.db, tenantId, (trx) => readStep(trx, actionId));
  if (!facts) return null;
  const { kind, status } = facts.action;
  return kind === 'resolve_alert' ? stepWriteBack(context, facts, signal) : steps[status](context, facts, signal);
}
