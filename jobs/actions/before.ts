import type { MachineNow, MicrosoftAction } from '../../domain/actions/action-gateway.js';
import type { DeviceAction } from '../../domain/actions/action.js';
import { bearsMark } from '../../domain/actions/comment.js';
import { again, auditCleared } from '../../domain/actions/step.js';
import { ended, followed, isOfKind, mayBeUnderWay, retryDelay } from '../../domain/actions/step-rules.js';
import { noteSensitivity } from '../../domain/actions/step-store.js';
import { stepSentences as say } from '../../domain/actions/step-sentences.js';
import { preflightFault } from '../../domain/devices/preflight.js';
import { isSensitive } from '../../domain/devices/sensitive.js';
import type { Sensitivity } from '../../domain/devices/sensitive.js';
import { actionName } from '../../domain/names.js';
import { SourceError } from '../../domain/sync/source.js';
import { storable } from '../../domain/text.js';
import type { Trx } from '../../domain/transaction.js';
import type { ActionContext } from './context.js';
import { fail, move, reading } from './step.js';
import type { Target } from './step.js';

/** null: nothing speaks against it. Else what the step ends with. */
export type Obstacle = { readonly wait: number | null } | null;

const over = async (wait: Promise<number | null>): Promise<Obstacle> => ({ wait: await wait });

/** Asks Microsoft what the machine is now: the mirror may be old, and of a device known from an alert it knows little. */
export async function checkMachine(context: ActionContext, target: Target, signal: AbortSignal): Promise<Obstacle> {
  const { action, actions, connection, device, machineId } = target;
  const machine = await reading(() => actions.machine(connection, machineId, signal));
  if (machine instanceof SourceError) return over(unreadable(context, target, machine));
  if (machine === null) return over(fail(context, action, say.machineUnknown));
  const now = { ...device, ...known(machine) };
  const fault = preflightFault(now, action.kind, action.parameter);
  if (fault !== null) return over(fail(context, action, fault));
  const nobodyAgreed = action.approvedBy === null && !action.isBreakGlass;
  const sensitivity = { ...machine, operatingSystem: now.operatingSystem };
  return isSensitive(sensitivity) && nobodyAgreed ? over(refuseSensitive(context, target, sensitivity)) : null;
}

function known(machine: MachineNow): Partial<Target['device']> {
  const { onboarding, operatingSystem, osVersion } = machine;
  return Object.fromEntries(
    Object.entries({ onboarding, operatingSystem, osVersion }).filter(([, word]) => word !== null),
  );
}

/** When it was asked for, nobody knew what the device is; the next request is judged by what is known now. */
function refuseSensitive(context: ActionContext, { action }: Target, known: Sensitivity): Promise<number | null> {
  return move(
    context,
    action,
    ['approved'],
    (_seen, now) => ended('failed', say.isSensitive, now),
    (trx) => noteSensitivity(trx, action.deviceId, known),
  );
}

/**
 * Duplicates may wait at Microsoft and fire after the release: what is under way there is followed instead of repeated, or
 * ended first.
 */
export async function clearTheWay(context: ActionContext, target: Target, signal: AbortSignal): Promise<Obstacle> {
  const { action, actions, connection, machineId, now } = target;
  const listed = await reading(() => actions.ofMachine(connection, machineId, null, signal));
  if (listed instanceof SourceError) return over(unreadable(context, target, listed));
  const open = listed.filter((one) => mayBeUnderWay(one, now));
  if (action.kind === 'isolate' && open.some((one) => isOfKind(one, 'unisolate')))
    return over(fail(context, action, say.releaseUnderWay));
  const isolation = open.find((one) => isOfKind(one, 'isolate'));
  if (action.kind === 'unisolate' && isolation) return over(endIsolation(context, target, isolation, signal));
  const same = open.find((one) => isOfKind(one, action.kind));
  return same ? over(attach(context, target, same)) : null;
}

export function attach(context: ActionContext, target: Target, report: MicrosoftAction): Promise<number | null> {
  const { action, queueHours } = target;
  return move(context, action, ['approved', 'unknown'], (seen, now) => ({
    ...attachment(target.action, report),
    ...followed(seen, report, now, queueHours, 0),
  }));
}

/** What says that the action follows somebody else's; nothing when the report is of our own. */
export function attachment({ id, kind }: Target['action'], report: MicrosoftAction): Partial<DeviceAction> {
  return bearsMark(report, id) ? {} : { isAttached: true, resultMessage: say.attached(kind) };
}

/** A release that overtakes an isolation in the queue would be undone by it. */
async function endIsolation(
  context: ActionContext,
  target: Target,
  isolation: MicrosoftAction,
  signal: AbortSignal,
): Promise<number | null> {
  const { action, actions, connection } = target;
  if (isolation.status.toLowerCase() !== 'pending') return tryAgain(context, target);
  const comment = `Released by AVIAN, ${actionName(action.number)}`;
  const outcome = await actions.cancel(connection, isolation.id, comment, signal);
  const also = (trx: Trx) => auditCleared(trx, action, isolation.id);
  return tryAgain(context, target, undefined, outcome.is === 'accepted' ? also : undefined);
}

/** A fault of a read before anything was sent: what will not pass by itself ends the action, the rest is tried again in time. */
function unreadable(context: ActionContext, target: Target, error: SourceError): Promise<number | null> {
  const isLasting = error.fault === 'on_hold' || error.fault === 'not_licensed';
  if (isLasting) return fail(context, target.action, storable(error.message, 1_000));
  context.log.info({ actionId: target.action.id, fault: error.fault }, 'an action waits for Microsoft to answer');
  return tryAgain(context, target, error.retryAfterMs);
}

function tryAgain(
  context: ActionContext,
  { action }: Target,
  waitMs?: number,
  also?: (trx: Trx) => Promise<void>,
): Promise<number | null> {
  return move(context, action, ['approved'], (seen, now) => again(now, retryDelay(seen, now, waitMs)), also);
}
