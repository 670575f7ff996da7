import type { Trx } from '../../database/transaction.js';
import type { Alert } from '../alerts/alert.js';
import { recordAudit } from '../audit/record.js';
import type { Click } from '../services.js';
import { readSettings } from '../tenants/settings.js';
import { freeTextLimit, storable } from '../text.js';
import { insertAction } from './action-store.js';
import { enqueueStep } from './approvers.js';
import type { Decision } from './write-back-rules.js';
import { resolvableOf } from './write-back-store.js';
import type { ResolvableAlert } from './write-back-store.js';

interface WriteBack {
  readonly click: Click;
  readonly decision: Decision;
  readonly incidentId: string | null;
  /** The person's notes or summary, as the rule accepted them. */
  readonly reason: string;
}

const decisions = { closed_benign: 'benign', closed_false_positive: 'false_positive' } as const;

/**
 * An alert is closed here: where the tenant wants it, it will be resolved at Microsoft too. Nothing is sent from here; a job
 * does it once this transaction is done. Reopening the alert later undoes nothing at Microsoft.
 */
export async function writeBackClosing(
  trx: Trx,
  click: Click,
  alert: Alert,
  outcome: keyof typeof decisions,
  reason: string,
): Promise<void> {
  if (alert.sourceSystem !== 'edr' || alert.defenderAlertId === null || alert.sourceResolvedAt !== null) return;
  await writeBack(trx, { click, decision: decisions[outcome], incidentId: null, reason }, () => [alert]);
}

/** The same for all alerts of an incident that is resolved. Those of a dismissed one are left to Microsoft. */
export async function writeBackResolution(trx: Trx, click: Click, incidentId: string, reason: string): Promise<void> {
  const asked: WriteBack = { click, decision: 'true_positive', incidentId, reason };
  await writeBack(trx, asked, () => resolvableOf(trx, incidentId));
}

async function writeBack(
  trx: Trx,
  asked: WriteBack,
  find: () => readonly ResolvableAlert[] | Promise<readonly ResolvableAlert[]>,
): Promise<void> {
  const { actions } = await readSettings(trx);
  if (!actions.writeBack) return;
  for (const alert of await find()) await record(trx, asked, alert, actions.dryRun);
}

async function record(trx: Trx, asked: WriteBack, alert: ResolvableAlert, isDryRun: boolean): Promise<void> {
  const { click, decision, incidentId } = asked;
  const reason = storable(asked.reason.trim(), freeTextLimit);
  const action = await insertAction(trx, {
    kind: 'resolve_alert',
    status: 'approved',
    deviceId: alert.deviceId,
    alertId: alert.id,
    incidentId,
    parameter: decision,
    requestedBy: click.actor.userId,
    reason,
    needsApproval: false,
    approveBy: null,
    approvedAt: null,
    isDryRun,
    isBreakGlass: false,
    queueExpiresAt: null,
  });
  if (!action) throw new Error('an action that contains nothing met one that does');
  await recordAudit(trx, {
    by: { kind: 'person', id: click.actor.userId },
    action: 'alert.writeBack',
    entity: { type: 'action', id: action.id },
    after: { status: action.status, alertId: alert.id, incidentId, decision, isDryRun },
    reason,
    activityId: click.activityId,
  });
  await enqueueStep(trx, action.id);
}
