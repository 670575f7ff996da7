import type { Trx } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import type { StaleRef } from '../channels/outbox.js';
import { notBefore } from '../durations.js';
import type { Click } from '../services.js';
import { actionSentences as say } from './action-sentences.js';
import type { DeviceAction } from './action.js';
import { saveAction, staleOf } from './action-store.js';
import { yieldsToRelease } from './request-rules.js';

/**
 * A release ends what is left before it: an isolation that was not sent is cancelled, what was sent long ago without an
 * answer is given up. Reconciliation of the latter goes on, so that a late isolation is reported.
 */
export async function endEarlier(
  trx: Trx,
  open: readonly DeviceAction[],
  click: Click,
  reason: string,
): Promise<StaleRef[]> {
  const stale: StaleRef[] = [];
  for (const earlier of open) {
    const to = yieldsToRelease(earlier, trx.now);
    if (to !== null) stale.push(...(await endOne(trx, earlier, to, click, reason)));
  }
  return stale;
}

async function endOne(
  trx: Trx,
  earlier: DeviceAction,
  to: 'cancelled' | 'timed_out',
  { actor, activityId }: Click,
  reason: string,
): Promise<StaleRef[]> {
  const completedAt = notBefore(trx.now, earlier.requestedAt, earlier.approvedAt, earlier.sentAt);
  const after = await saveAction(trx, earlier, {
    status: to,
    completedAt,
    ...(to === 'cancelled'
      ? { endedBy: actor.userId, endReason: reason, nextStepAt: null, resultMessage: say.cancelledByRelease }
      : { nextStepAt: earlier.nextStepAt ?? trx.now, resultMessage: say.neverKnown }),
  });
  const threadOf = await recordAudit(trx, {
    by: { kind: 'person', id: actor.userId },
    action: to === 'cancelled' ? 'action.cancel' : 'action.giveUp',
    entity: { type: 'action', id: earlier.id },
    before: { status: earlier.status },
    after: { status: to },
    reason,
    activityId,
  });
  return staleOf(after, threadOf);
}
