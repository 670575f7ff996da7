import { recordAudit } from '../../domain/audit/record.js';
import { hour } from '../../domain/durations.js';
import { noticeToAdmins } from '../../domain/sync/admin-notice.js';
import { noteAnswer, setNextRun } from '../../domain/sync/cursor-store.js';
import { enqueuePosture } from '../../domain/sync/follow-up.js';
import { isSameReason } from '../../domain/sync/hold-reason.js';
import { addToRun, finishRun } from '../../domain/sync/run-store.js';
import type { RunOutcome } from '../../domain/sync/run-store.js';
import { SourceError } from '../../domain/sync/source.js';
import { syncSentences } from '../../domain/sync/sync-sentences.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import type { RunFrame, SourceSync, WalkResult } from './context.js';
import { reactions } from './reactions.js';

/** Everything was read, as far as Microsoft had it. Resolves to the milliseconds until the next sync. */
export function finishAnswered(frame: RunFrame, sync: SourceSync, result: WalkResult): Promise<number> {
  const { context, source, tenantId, runId } = frame;
  const lacking = result.lacking ?? null;
  const error = lacking ?? result.missed ?? null;
  return inTenant(context.db, tenantId, async (trx) => {
    if (!result.partial) await conclude(trx, frame, sync);
    await endRun(trx, frame, result.partial || error !== null ? 'partial' : 'complete', error, result.faults);
    await noteAnswer(trx, source, { complete: !result.partial, full: frame.kind === 'full', lacking });
    await noteChangeOfHold(trx, frame, lacking);
    context.log.debug({ tenantId, runId, source, ...result }, 'a sync is done');
    return next(trx, frame, frame.everyMs);
  });
}

async function conclude(trx: Trx, frame: RunFrame, sync: SourceSync): Promise<void> {
  const counts = await sync.conclude?.(trx, frame);
  if (counts) await addToRun(trx, frame.runId, counts);
  if (frame.source !== 'alerts') await enqueuePosture(trx);
}

/** Admins read once that a part is missing, and once that nothing is missing any more. */
async function noteChangeOfHold(trx: Trx, frame: RunFrame, lacking: string | null): Promise<void> {
  const { source, holdReason, unlicensedSince } = frame;
  if (lacking !== null) {
    if (!isSameReason(holdReason, lacking))
      await noteHold(trx, frame, 'sync.held', lacking, syncSentences.lacking(source, lacking));
  } else if (holdReason !== null || unlicensedSince !== null) {
    await noteHold(trx, frame, 'sync.resumed', null, syncSentences.resumed(source));
  }
}

/** Records why the walk ended, with the reaction that the fault asks for. What is no fault of the source is a bug: logged. */
export async function finishFailed(frame: RunFrame, error: unknown, stopped: boolean): Promise<number> {
  const { context, tenantId, runId, source } = frame;
  if (stopped) return inTenant(context.db, tenantId, (trx) => finishStopped(trx, frame));
  if (!(error instanceof SourceError)) {
    context.log.error({ err: error, tenantId, runId, source }, 'a sync failed in a way of its own');
    return inTenant(context.db, tenantId, (trx) => finishBroken(trx, frame));
  }
  context.log.warn({ tenantId, runId, source, fault: error.fault }, `reading failed: ${error.message}`);
  return inTenant(context.db, tenantId, (trx) => finishWithFault(trx, frame, error));
}

async function finishWithFault(trx: Trx, frame: RunFrame, error: SourceError): Promise<number> {
  const { outcome, react } = reactions[error.fault];
  await endRun(trx, frame, outcome, error.message, [error.fault]);
  const { waitMs, changed } = await react(trx, frame, error);
  if (changed) await noteHold(trx, frame, changed.action, error.message, changed.text);
  return next(trx, frame, waitMs);
}

/** The rest follows at once, here or in another process. */
async function finishStopped(trx: Trx, frame: RunFrame): Promise<number> {
  await endRun(trx, frame, 'failed', 'the program was stopped', ['interrupted']);
  return next(trx, frame, 0);
}

async function finishBroken(trx: Trx, frame: RunFrame): Promise<number> {
  await endRun(trx, frame, 'failed', `an error of the program; the log has it under ${frame.runId}`, ['program']);
  return next(trx, frame, Math.min(frame.everyMs, hour));
}

async function next(trx: Trx, { source }: RunFrame, ms: number): Promise<number> {
  await setNextRun(trx, source, ms);
  return ms;
}

async function endRun(
  trx: Trx,
  { runId, source, kind }: RunFrame,
  outcome: RunOutcome,
  error: string | null,
  faults: readonly string[] = [],
): Promise<void> {
  const run = await finishRun(trx, runId, outcome, error, faults);
  await recordAudit(trx, {
    by: { kind: 'job', id: `sync_${source}` },
    action: `sync.${source}`,
    outcome: outcome === 'complete' || outcome === 'partial' ? 'done' : 'failed',
    entity: { type: 'sync_run', id: run.id },
    after: {
      outcome,
      kind,
      read: run.read_count,
      new: run.new_count,
      changed: run.changed_count,
      repeated: run.repeated_count,
      mirrored: run.mirrored_count,
      removed: run.removed_count,
      malformed: run.malformed_count,
      error,
    },
  });
}

async function noteHold(
  trx: Trx,
  { source }: RunFrame,
  action: 'sync.held' | 'sync.resumed' | 'sync.unlicensed',
  why: string | null,
  text: string,
): Promise<void> {
  const entity = { type: 'sync', id: source };
  await recordAudit(trx, { by: { kind: 'job', id: `sync_${source}` }, action, entity, after: { why } });
  await noticeToAdmins(trx, `sync.hold.${source}`, text);
}
