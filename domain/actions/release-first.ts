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
 * A release ends what is left of the isolation before it: what was not sent is cancelled, what was sent long ago without an
 * answer is given up. Reconciliation of the latter goes on, so that a late isolation is reported.
 */
export async function endIsolations(
  trx: Trx,
  open: readonly DeviceAction[],
  click: Click,
  reason: string,
): Promise<StaleRef[]> {
  const stale: StaleRef[] = [];
  for (const isolation of open) {
    const to = isolation.kind === 'isolate' ? yieldsToRelease(isolation, trx.now) : null;
    if (to !== null) stale.push(...(await endIsolation(trx, isolation, to, click, reason)));
  }
  return stale;
}

async function endIsolation(
  trx: Trx,
  isolation: DeviceAction,
  to: 'cancelled' | 'timed_out',
  { actor, activityId }: Click,
  reason: string,
): Promise<StaleRef[]> {
  const completedAt = notBefore(trx.now, isolation.requestedAt, isolation.approvedAt, isolation.sentAt);
  const after = await saveAction(trx, isolation, {
    status: to,
    completedAt,
    ...(to === 'cancelled'
      ? { endedBy: actor.userId, endReason: reason, nextStepAt: null, resultMessage: say.cancelledByRelease }
      : { nextStepAt: isolation.nextStepAt ?? trx.now, resultMessage: say.neverKnown }),
  });
  const threadOf = await recordAudit(trx, {
    by: { kind: 'person', id: actor.userId },
    action: to === 'cancelled' ? 'action.cancel' : 'action.giveUp',
    entity: { type: 'action', id: isolation.id },
    before: { status: isolation.status },
    after: { status: to },
    reason,
    activityId,
  });
  return staleOf(after, threadOf);
}
