import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import { holdLinks } from '../channels/link-lock.js';
import { markStale } from '../channels/outbox.js';
import { notBefore, plus } from '../durations.js';
import { alertName } from '../names.js';
import { noticeToAdmins } from '../sync/admin-notice.js';
import type { SourceError } from '../sync/source.js';
import { storable } from '../text.js';
import type { DeviceAction } from './action.js';
import { lockAction, noteAction, saveAction } from './action-store.js';
import { ended } from './step-rules.js';
import { attempts, waitAfter } from './write-back-rules.js';
import { writeBackSentences as say } from './write-back-sentences.js';
import { noteOwnUpdate, wasToldLately } from './write-back-store.js';

/** How an action that resolves an alert ends. */
export interface End {
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly message: string;
  readonly isDryRun?: boolean;
  /** Microsoft's last update in its answer to the write-back. */
  readonly own?: { readonly microsoftAlertId: string; readonly lastUpdate: string };
  /** The alert of a failure, for people; its failure is then told to the admins. */
  readonly alertNumber?: number;
}

const noticeKey = 'write-back.failed';

/** Ends the action, unless somebody else has ended it by now; resolves to null, for nothing is left to do. */
export async function settle(db: Database, action: DeviceAction, end: End): Promise<null> {
  await inTenant(db, action.tenantId, async (trx) => {
    await holdLinks(trx);
    // Even if a person has cancelled the action meanwhile: Microsoft has done it.
    if (end.own) await noteOwnUpdate(trx, end.own.microsoftAlertId, end.own.lastUpdate);
    const before = await lockAction(trx, action.id);
    if (before?.status !== 'approved') return;
    const now = notBefore(trx.now, before.requestedAt);
    const isDryRun = before.isDryRun || (end.isDryRun ?? false);
    const after = await saveAction(trx, before, { ...ended(end.status, end.message, now), isDryRun });
    await audit(trx, after, end);
    await markStale(trx, [{ entity: 'action', id: action.id, mode: 'refresh' }]);
    if (end.status === 'failed' && end.alertNumber !== undefined) await tellAdmins(trx, end.alertNumber, end.message);
  });
  return null;
}

/** After a failed try: milliseconds until the next one, or the end as failed, which then says why. */
export async function tryAgain(
  db: Database,
  action: DeviceAction,
  alertNumber: number,
  error: SourceError,
): Promise<number | null> {
  const isLasting = error.fault === 'on_hold' || error.fault === 'not_licensed';
  const failed = action.polls + 1;
  const wait = isLasting ? null : waitAfter(failed, error.retryAfterMs ?? 0);
  const why = storable(error.message, 1_000);
  if (wait === null) return settle(db, action, { status: 'failed', message: why, alertNumber });
  return inTenant(db, action.tenantId, async (trx) => {
    const before = await lockAction(trx, action.id);
    if (before?.status !== 'approved') return null;
    const resultMessage = say.again(failed, attempts, why);
    await noteAction(trx, before, { polls: failed, nextStepAt: plus(trx.now, wait), resultMessage });
    return wait;
  });
}

async function audit(trx: Trx, action: DeviceAction, end: End): Promise<void> {
  const { status, alertId, parameter: decision, isDryRun, resultMessage: result } = action;
  await recordAudit(trx, {
    by: { kind: 'job', id: 'device_action' },
    action: `action.${status}`,
    outcome: status === 'failed' ? 'failed' : 'done',
    entity: { type: 'action', id: action.id },
    before: { status: 'approved' },
    after: { kind: action.kind, status, alertId, decision, isDryRun, result, lastUpdate: end.own?.lastUpdate },
    reason: action.reason || null,
  });
}

/** A missing permission fails every alert: told once an hour, the trail has all of them. */
async function tellAdmins(trx: Trx, alertNumber: number, why: string): Promise<void> {
  if (await wasToldLately(trx, noticeKey)) return;
  await noticeToAdmins(trx, noticeKey, say.tellAdmins(alertName(alertNumber), why));
}
