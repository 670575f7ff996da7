import { SourceError } from '../../domain/alerts/alert-source.js';
import type { SourceFault } from '../../domain/alerts/alert-source.js';
import { recordAudit } from '../../domain/audit/record.js';
import { hour, minute, second } from '../../domain/durations.js';
import { noticeToAdmins } from '../../domain/sync/admin-notice.js';
import { hold, noteAnswer, noteThrottled, setNextRun } from '../../domain/sync/cursor-store.js';
import { summariseFirstSync } from '../../domain/sync/first-sync.js';
import { finishRun } from '../../domain/sync/run-store.js';
import type { RunOutcome } from '../../domain/sync/run-store.js';
import { syncSentences } from '../../domain/sync/sync-sentences.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import { backOffMs } from '../back-off.js';
import type { Begun, SyncContext } from './context.js';
import type { Progress } from './page.js';

const throttledTooOften = 5;

/** Everything was read, as far as Microsoft had it. Resolves to the milliseconds until the next sync. */
export function finishAnswered(context: SyncContext, begun: Begun, { partial }: Progress): Promise<number> {
  return inTenant(context.db, begun.tenantId, async (trx) => {
    await endRun(trx, begun, partial ? 'partial' : 'complete', null);
    await noteAnswer(trx, 'alerts', !partial);
    if (begun.holdReason !== null) await noteHold(trx, 'sync.resumed', null, syncSentences.resumed);
    if (begun.isFirst && !partial) await summariseFirstSync(trx);
    return next(trx, begun.everyMs);
  });
}

type Reaction = (trx: Trx, begun: Begun, error: SourceError) => Promise<number>;

/** Records why the read ended, with the reaction that the fault asks for. What is no fault of the source is a bug: logged. */
export async function finishFailed(
  context: SyncContext,
  begun: Begun,
  error: unknown,
  stopped: boolean,
): Promise<number> {
  const { db, log } = context;
  const { tenantId } = begun;
  if (stopped) return inTenant(db, tenantId, (trx) => finishStopped(trx, begun));
  if (!(error instanceof SourceError)) {
    log.error({ err: error, tenantId, runId: begun.runId }, 'a sync of alerts failed in a way of its own');
    return inTenant(db, tenantId, (trx) => finishBroken(trx, begun));
  }
  log.warn({ tenantId, runId: begun.runId, fault: error.fault }, `reading alerts failed: ${error.message}`);
  return inTenant(db, tenantId, async (trx) => next(trx, await reactions[error.fault](trx, begun, error)));
}

const onHold: Reaction = async (trx, begun, error) => {
  await endRun(trx, begun, 'held', error.message);
  await hold(trx, 'alerts', error.message);
  if (begun.holdReason !== error.message) {
    await noteHold(trx, 'sync.held', error.message, syncSentences.onHold(error.message));
  }
  return hour;
};

const throttled: Reaction = async (trx, begun, error) => {
  await endRun(trx, begun, 'failed', error.message);
  await noteThrottled(trx, 'alerts');
  const times = begun.throttledInARow + 1;
  const wait = error.retryAfterMs ?? backOffMs(times, { baseMs: 10 * second, capMs: 5 * minute });
  if (times < throttledTooOften) return wait;
  if (times === throttledTooOften) await noticeToAdmins(trx, 'sync.throttled', syncSentences.throttled(times));
  return Math.max(wait, 2 * begun.everyMs);
};

const tryLater: Reaction = async (trx, begun, error) => {
  await endRun(trx, begun, 'failed', error.message);
  return error.retryAfterMs ?? begun.everyMs;
};

const reactions: Readonly<Record<SourceFault, Reaction>> = {
  on_hold: onHold,
  throttled,
  unavailable: tryLater,
  protocol: tryLater,
};

/** The rest follows at once, here or in another process. */
async function finishStopped(trx: Trx, begun: Begun): Promise<number> {
  await endRun(trx, begun, 'failed', 'the program was stopped');
  return next(trx, 0);
}

async function finishBroken(trx: Trx, begun: Begun): Promise<number> {
  await endRun(trx, begun, 'failed', `an error of the program; the log has it under ${begun.runId}`);
  return next(trx, begun.everyMs);
}

async function next(trx: Trx, ms: number): Promise<number> {
  await setNextRun(trx, 'alerts', ms);
  return ms;
}

async function endRun(trx: Trx, begun: Begun, outcome: RunOutcome, error: string | null): Promise<void> {
  const run = await finishRun(trx, begun.runId, outcome, error);
  await recordAudit(trx, {
    by: { kind: 'job', id: 'sync_alerts' },
    action: 'sync.alerts',
    outcome: outcome === 'complete' || outcome === 'partial' ? 'done' : 'failed',
    entity: { type: 'sync_run', id: run.id },
    after: {
      outcome,
      read: run.read_count,
      new: run.new_count,
      repeated: run.repeated_count,
      mirrored: run.mirrored_count,
      malformed: run.malformed_count,
      error,
    },
  });
}

async function noteHold(
  trx: Trx,
  action: 'sync.held' | 'sync.resumed',
  why: string | null,
  text: string,
): Promise<void> {
  const entity = { type: 'sync', id: 'alerts' };
  await recordAudit(trx, { by: { kind: 'job', id: 'sync_alerts' }, action, entity, after: { why } });
  await noticeToAdmins(trx, 'sync.hold', text);
}
