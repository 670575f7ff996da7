import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import { authorise } from '../access/authorise.js';
import { grantOf } from '../access/capabilities.js';
import { auditingRefusals } from '../audit/refusals.js';
import type { Change } from '../change.js';
import { change, claimReceipt } from '../change.js';
import { sharingLinks } from '../channels/link-lock.js';
import { minute } from '../durations.js';
import { DomainError } from '../errors.js';
import { actionName } from '../names.js';
import { isNumber, isUuid } from '../query.js';
import { readList, reading } from '../reading.js';
import { sentences } from '../sentences.js';
import type { ActionOrderRequest, ActionService, Changed, Click } from '../services.js';
import { readSettings } from '../tenants/settings.js';
import * as rules from './action-rules.js';
import type { ActionView, DeviceAction } from './action.js';
import { actionSubject } from './action-subject.js';
import { staleAround } from './action-store.js';
import { readActionView, readActionViewByNumber, readNewestOf, readWaiting } from './action-view-queries.js';
import { approvalFacts, enqueueStep } from './approvers.js';
import { readForm } from './form.js';
import type { ActionVerb } from './life-cycle.js';
import type { Acting } from './request-rules.js';
import { recordRequest, requestVerbs } from './request.js';
import { moveAction } from './step.js';
import { approvalWindow, ended } from './step-rules.js';
import { stepSentences } from './step-sentences.js';

/** The use cases of actions on devices. Nothing is sent from here: a job does what the rows say. */
export function createActionService(db: Database, acting: Acting): ActionService {
  const act = <Facts>(one: Change<DeviceAction, ActionVerb, Facts>): Promise<Changed<ActionView>> =>
    change(db, actionSubject, one);
  return {
    form: (actor, kind, cause) =>
      reading(db, actor, { entityType: cause.entity, entityId: cause.entityId }, (trx) => {
        authorise(actor, 'action.request');
        return readForm(trx, acting, actor, kind, cause);
      }),
    request: (click, order) => request(db, acting, click, order),
    view: (actor, id) => readAction(db, actor, id, (trx) => (isUuid(id) ? readActionView(trx, id) : nothing())),
    findByNumber: (actor, number) =>
      readAction(db, actor, actionName(number), (trx) =>
        isNumber(number) ? readActionViewByNumber(trx, number) : nothing(),
      ),
    approve: (click) =>
      expiringLateOnes(
        db,
        click,
        act({
          verb: 'action.approve',
          click,
          prepare: (trx) => approvalFacts(trx, click.entityId),
          apply: (action, now, facts) => rules.approved(action, now, click.actor, facts, acting),
          also: stepToo,
        }),
      ),
    reject: (click, reason) =>
      act({
        verb: 'action.reject',
        click,
        reason,
        prepare: (trx) => approvalFacts(trx, click.entityId),
        apply: (action, now, facts) => rules.rejected(action, now, click.actor, facts, reason),
        also: staleAround,
      }),
    cancel: (click, reason) =>
      act({
        verb: 'action.cancel',
        click,
        reason,
        prepare: (trx) => readActionView(trx, click.entityId),
        apply: (action, now, view) =>
          rules.cancelled(action, now, click.actor, view?.requester.displayName ?? '', reason),
        also: stepToo,
      }),
    review: (click, note) =>
      act({
        verb: 'action.review',
        click,
        reason: note,
        apply: (action, now) => rules.reviewed(action, now, click.actor),
        also: staleAround,
      }),
    waiting: (actor) => readList(db, actor, 'approvals', (trx) => waiting(trx, actor)),
  };
}

const nothing = () => Promise.resolve(null);

function readAction(db: Database, actor: Actor, entityId: string, read: (trx: Trx) => Promise<ActionView | null>) {
  return reading(db, actor, { entityType: 'action', entityId }, read);
}

async function stepToo(trx: Trx, action: DeviceAction) {
  await enqueueStep(trx, action.id);
  return staleAround(trx, action);
}

function request(db: Database, acting: Acting, click: Click, order: ActionOrderRequest): Promise<Changed<ActionView>> {
  const { actor, entityId, activityId } = click;
  const action = requestVerbs[order.kind];
  return auditingRefusals(db, { actor, action, entityType: 'device', entityId, activityId }, async () => {
    authorise(actor, 'action.request');
    if (!isUuid(entityId)) throw new DomainError('not_found', sentences.notFound);
    const work = async (trx: Trx) => {
      const repeated = !(await claimReceipt(trx, action, click));
      const view = repeated
        ? await readNewestOf(trx, entityId, order.kind, actor.userId)
        : await readActionView(trx, (await recordRequest(trx, acting, click, order)).id);
      if (!view) throw new DomainError('not_found', sentences.notFound);
      return { view, repeated };
    };
    return inTenant(db, actor.tenantId, work, sharingLinks);
  });
}

/** An approval that comes too late changes nothing, so the request expires in a transaction of its own. */
async function expiringLateOnes<T>(db: Database, click: Click, approval: Promise<T>): Promise<T> {
  try {
    return await approval;
  } catch (error) {
    if (error instanceof rules.LateApproval)
      await inTenant(
        db,
        click.actor.tenantId,
        (trx) => moveAction(trx, click.entityId, ['requested'], expired),
        sharingLinks,
      );
    throw error;
  }
}

function expired(action: DeviceAction, now: Date) {
  return rules.isLate(action, now) ? ended('expired', stepSentences.notApproved(approvalWindow / minute), now) : null;
}

async function waiting(trx: Trx, actor: Actor): Promise<ActionView[]> {
  const grant = grantOf(actor.role, 'action.approve');
  const approve = grant === 'yes' || (grant === 'peers' && (await readSettings(trx)).actions.peers);
  return readWaiting(trx, actor.userId, { approve, review: grantOf(actor.role, 'administer') === 'yes' });
}
