import type { Trx } from '../../database/transaction.js';
import { recordAudit } from '../audit/record.js';
import { markStale } from '../channels/outbox.js';
import { noteIsolation } from '../devices/isolation-store.js';
import { notBefore, plus } from '../durations.js';
import { lockAction, noteAction, saveAction, staleAround } from './action-store.js';
import type { ActionStatus, DeviceAction } from './action.js';
import { isolationAfter } from './step-rules.js';
import type { StepPatch } from './step-rules.js';

/** What a step changes; null when there is nothing to change any more. */
export type Decide = (action: DeviceAction, now: Date) => StepPatch | null;

export interface Moved {
  readonly action: DeviceAction;
  readonly now: Date;
}

const job = { kind: 'job', id: 'device_action' } as const;

/**
 * One step of an action by the job, if its state still is one of `from`: saved, audited, cards marked, in the caller's
 * transaction, which shares the lock of the links. Null when the state is another one by now.
 */
export async function moveAction(
  trx: Trx,
  id: string,
  from: readonly ActionStatus[],
  decide: Decide,
): Promise<Moved | null> {
  const before = await lockAction(trx, id);
  if (!before || !from.includes(before.status)) return null;
  const now = notBefore(trx.now, before.requestedAt, before.sentAt);
  const decided = decide(before, now);
  if (!decided) return null;
  const { reportedAt, ...patch } = decided;
  if (!isVisible(before, patch)) return { action: await noteAction(trx, before, patch), now };
  const after = await saveAction(trx, before, patch);
  await auditStep(trx, before, after);
  if (after.deviceId !== null && hasSucceeded(before, after))
    await noteOutcome(trx, after, after.deviceId, reportedAt ?? now.toISOString());
  // Between sending and the answer lies a moment; what people want to see is the answer.
  if (after.sentAt === null || before.sentAt !== null) await markStale(trx, await staleAround(trx, after));
  return { action: after, now };
}

/** Milliseconds until the action needs something again, by its own note; null when it needs nothing. */
export function waitOf({ action, now }: Moved): number | null {
  return action.nextStepAt && Math.max(0, action.nextStepAt.getTime() - now.getTime());
}

/** When the next step is due, as a patch. */
export function again(now: Date, inMs: number): Partial<DeviceAction> {
  return { nextStepAt: plus(now, inMs) };
}

const shown = [
  'status',
  'microsoftStatus',
  'resultMessage',
  'cancelRequestedAt',
  'cancelSentAt',
  'isAttached',
  'isDryRun',
  'lateOutcome',
] as const satisfies readonly (keyof DeviceAction)[];

function isVisible(before: DeviceAction, patch: Partial<DeviceAction>): boolean {
  return shown.some((field) => field in patch && patch[field]?.valueOf() !== before[field]?.valueOf());
}

function hasSucceeded(before: DeviceAction, after: DeviceAction): boolean {
  const isLate = before.lateOutcome === null && after.lateOutcome?.toLowerCase() === 'succeeded';
  return isLate || (before.status !== 'completed' && after.status === 'completed' && !after.isDryRun);
}

async function noteOutcome(trx: Trx, action: DeviceAction, deviceId: string, at: string): Promise<void> {
  const state = isolationAfter(action);
  if (state !== null) await noteIsolation(trx, deviceId, state, at);
}

/** Names who asked, who approved, why, and what Microsoft calls it. */
async function auditStep(trx: Trx, before: DeviceAction, after: DeviceAction): Promise<void> {
  const isFailed = after.status !== before.status && (after.status === 'failed' || after.status === 'timed_out');
  await recordAudit(trx, {
    by: job,
    action: `action.${nameOf(before, after)}`,
    outcome: isFailed ? 'failed' : 'done',
    entity: { type: 'action', id: after.id },
    before: { status: before.status, microsoftStatus: before.microsoftStatus },
    after: {
      kind: after.kind,
      deviceId: after.deviceId,
      status: after.status,
      requestedBy: after.requestedBy,
      approvedBy: after.approvedBy,
      isDryRun: after.isDryRun,
      isAttached: after.isAttached,
      microsoftActionId: after.microsoftActionId,
      microsoftStatus: after.microsoftStatus,
      lateOutcome: after.lateOutcome,
      result: after.resultMessage,
    },
    reason: after.reason || null,
  });
}

/** A release has ended an isolation at Microsoft that waited there, whoever had begun it. */
export async function auditCleared(trx: Trx, action: DeviceAction, microsoftActionId: string): Promise<void> {
  await recordAudit(trx, {
    by: job,
    action: 'action.clearedTheWay',
    entity: { type: 'action', id: action.id },
    after: { deviceId: action.deviceId, requestedBy: action.requestedBy, cancelledAtMicrosoft: microsoftActionId },
    reason: action.reason || null,
  });
}

/** What happened, as the trail calls it: the new state, or what changed beside it. */
function nameOf(before: DeviceAction, after: DeviceAction): string {
  if (after.sentAt && !before.sentAt) return 'sent';
  if (after.status !== before.status) return after.status;
  if (after.lateOutcome !== before.lateOutcome) return 'lateOutcome';
  return after.cancelSentAt?.valueOf() === before.cancelSentAt?.valueOf() ? 'reported' : 'cancelSent';
}
