import type { Trx } from '../../database/transaction.js';
import { admit } from '../access/admit.js';
import type { Person } from '../access/actor.js';
import { recordAudit } from '../audit/record.js';
import { markStale } from '../channels/outbox.js';
import { plus } from '../durations.js';
import { DomainError } from '../errors.js';
import type { DeviceVerb } from '../devices/device.js';
import { actionName } from '../names.js';
import { sentences } from '../sentences.js';
import type { ActionOrderRequest, Click } from '../services.js';
import { noticeToAdmins } from '../sync/admin-notice.js';
import { readSettings } from '../tenants/settings.js';
import { written } from '../text.js';
import { longestReason } from './action-rules.js';
import { actionSentences as say } from './action-sentences.js';
import type { DeviceAction, DeviceActionKind } from './action.js';
import { insertAction, readActionsOfDevice, staleAround } from './action-store.js';
import { approversFor, askPeople, enqueueStep, otherAdmins } from './approvers.js';
import type { Caused } from './cause.js';
import { readCause } from './cause.js';
import type { HeldDevice } from './device-hold.js';
import { holdDevice } from './device-hold.js';
import { isOpenAction } from './life-cycle.js';
import type { ActionPolicy } from './policy.js';
import { endEarlier } from './release-first.js';
import type { Acting, Verdict } from './request-rules.js';
import { approvalWindow } from './step-rules.js';
import { clash, judgeRequest, parameterFor, queueEnd } from './request-rules.js';

/** Asking for an action is an act on the device. */
export const requestVerbs: Readonly<Record<DeviceActionKind, DeviceVerb>> = {
  isolate: 'device.isolate',
  unisolate: 'device.release',
  scan: 'device.scan',
};

interface Request {
  readonly order: ActionOrderRequest;
  readonly held: HeldDevice;
  readonly caused: Caused;
  readonly policy: ActionPolicy;
  readonly parameter: string | null;
  readonly reason: string;
}

/** Judges and records a request, and what must follow; nothing is sent from here. Throws DomainError. */
export async function recordRequest(
  trx: Trx,
  acting: Acting,
  click: Click,
  order: ActionOrderRequest,
): Promise<DeviceAction> {
  await admit(trx, click.actor, click.activityId);
  const request = await readRequest(trx, click, order);
  const { kind } = order;
  const { policy, held, parameter } = request;
  const approvers = await approversFor(trx, click.actor.userId, policy);
  const names = approvers.map((person) => person.displayName);
  const shared = { kind, parameter, policy, acting, requesterId: click.actor.userId, approvers: names, now: trx.now };
  const verdict = judgeRequest({ ...shared, ...held });
  if (verdict.fault !== null) throw new DomainError('conflict', verdict.fault);
  const ended = kind === 'unisolate' ? await endEarlier(trx, held.open, click, request.reason) : [];
  const action = await insert(trx, click, request, verdict);
  const asked = await peopleToAsk(trx, action, approvers);
  const auditId = await audit(trx, click, action, asked);
  await markStale(trx, [...ended, ...(await staleAround(trx, action, auditId))]);
  await askPeople(trx, 'action', action.id, asked);
  await enqueueStep(trx, action.id);
  if (action.isBreakGlass) await announce(trx, click, action);
  return action;
}

async function readRequest(trx: Trx, click: Click, order: ActionOrderRequest): Promise<Request> {
  const reason = written('The reason', order.reason, 1, longestReason);
  const parameter = parameterFor(order.kind, order.parameter);
  const held = await holdDevice(trx, click.entityId);
  const caused = held && (await readCause(trx, order.cause, click.entityId));
  if (!caused) throw new DomainError('not_found', sentences.notFound);
  const { actions: policy } = await readSettings(trx);
  return { order, held, caused, policy, parameter, reason };
}

async function insert(
  trx: Trx,
  click: Click,
  { order, held, caused, policy, parameter, reason }: Request,
  verdict: Verdict,
): Promise<DeviceAction> {
  const waits = verdict.needsApproval && !verdict.actsAlone;
  const action = await insertAction(trx, {
    kind: order.kind,
    deviceId: held.device.id,
    ...caused,
    parameter,
    reason,
    requestedBy: click.actor.userId,
    status: waits ? 'requested' : 'approved',
    needsApproval: verdict.needsApproval,
    approveBy: waits ? plus(trx.now, approvalWindow) : null,
    approvedAt: waits ? null : trx.now,
    isDryRun: verdict.isDryRun,
    isBreakGlass: verdict.actsAlone,
    queueExpiresAt: queueEnd(policy, trx.now),
  });
  if (!action) throw new DomainError('conflict', await whatIsOpen(trx, order.kind, held.device.id));
  return action;
}

/** Another writer of the table was faster, since requests take turns. */
async function whatIsOpen(trx: Trx, kind: DeviceActionKind, deviceId: string): Promise<string> {
  const open = (await readActionsOfDevice(trx, deviceId)).filter((action) => isOpenAction(action.status));
  return open.map((action) => clash(kind, action)).find((fault) => fault !== null) ?? sentences.notFound;
}

function peopleToAsk(trx: Trx, action: DeviceAction, approvers: readonly Person[]): Promise<readonly Person[]> {
  if (action.isBreakGlass) return otherAdmins(trx, action.requestedBy);
  return Promise.resolve(action.status === 'requested' ? approvers : []);
}

function audit(trx: Trx, click: Click, action: DeviceAction, asked: readonly Person[]): Promise<string> {
  const { number, kind, parameter, deviceId, alertId, incidentId, status, isDryRun, isBreakGlass } = action;
  const { needsApproval, approveBy, queueExpiresAt } = action;
  return recordAudit(trx, {
    by: { kind: 'person', id: click.actor.userId },
    action: requestVerbs[kind as DeviceActionKind],
    entity: { type: 'action', id: action.id },
    after: {
      ...{ number, kind, parameter, deviceId, alertId, incidentId, status, isDryRun, isBreakGlass },
      ...{ needsApproval, approveBy, queueExpiresAt, asked: asked.map((person) => person.userId) },
    },
    reason: action.reason,
    activityId: click.activityId,
  });
}

async function announce(trx: Trx, click: Click, action: DeviceAction): Promise<void> {
  const text = say.breakGlass(click.actor.displayName, actionName(action.number));
  await noticeToAdmins(trx, `break-glass:${action.id}`, text);
}
