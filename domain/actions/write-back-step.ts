import type { Database } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import { SourceError } from '../sync/source.js';
import type { AlertUpdates } from './action-gateway.js';
import type { StepFacts } from './step-store.js';
import { overtakenBy, verdictOf } from './write-back-rules.js';
import { writeBackSentences as say } from './write-back-sentences.js';
import { settle, tryAgain } from './write-back-settle.js';
import type { End } from './write-back-settle.js';
import { readAlertNow } from './write-back-store.js';

export interface WriteBackContext {
  readonly db: Database;
  /** Null when no application for acting is configured. */
  readonly alertUpdates: AlertUpdates | null;
  /** Nothing is ever sent to Microsoft, whatever a tenant has set. */
  readonly forceDryRun: boolean;
}

/**
 * Resolves the alert of a `resolve_alert` action at Microsoft, if that is still wanted. Doing it twice is harmless, so it is
 * tried up to five times. A sync that reads the alert before Microsoft's answer is stored counts it as one observation.
 * Resolves to the milliseconds until it is tried again, null for never. Throws the reason of `signal`.
 */
export async function stepWriteBack(
  context: WriteBackContext,
  { action, connection, requester, isDryRunTenant, now }: StepFacts,
  signal: AbortSignal,
): Promise<number | null> {
  const { db, alertUpdates } = context;
  if (action.status !== 'approved') return null;
  if (action.nextStepAt && action.nextStepAt > now) return action.nextStepAt.getTime() - now.getTime();
  const alert = await inTenant(db, action.tenantId, (trx) => readAlertNow(trx, action.id));
  const end = (given: End) => settle(db, action, given);
  const overtaken = alert ? overtakenBy(alert) : say.undone;
  if (!alert || overtaken !== null) return end({ status: 'cancelled', message: overtaken ?? say.undone });
  const { microsoftAlertId, number: alertNumber } = alert;
  if (action.isDryRun || isDryRunTenant || context.forceDryRun)
    return end({ status: 'completed', message: say.dryRun, isDryRun: true });
  if (!connection) return end({ status: 'failed', message: say.noConnection });
  if (!alertUpdates) return end({ status: 'failed', message: say.cannotAct, alertNumber });
  try {
    const verdict = verdictOf(action, alert, requester);
    const { lastUpdate } = await alertUpdates.resolve(connection, microsoftAlertId, verdict, signal);
    return await end({ status: 'completed', message: say.resolved, own: { microsoftAlertId, lastUpdate } });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return tryAgain(db, action, alertNumber, error);
  }
}
