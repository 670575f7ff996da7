import { isDeepStrictEqual } from 'node:util';
import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import { authorise } from '../access/authorise.js';
import { grantOf } from '../access/capabilities.js';
import { recordAudit } from '../audit/record.js';
import { auditingRefusals } from '../audit/refusals.js';
import { change, claimReceipt } from '../change.js';
import { sharingLinks } from '../channels/link-lock.js';
import { DomainError } from '../errors.js';
import { isUuid, query } from '../query.js';
import { readList, reading } from '../reading.js';
import { sentences } from '../sentences.js';
import type { Changed, Click, PolicyService } from '../services.js';
import { readSettings } from '../tenants/settings.js';
import { otherAdmins } from './approvers.js';
import type { ActionPolicy, PolicyChange, PolicyChangeView } from './policy.js';
import { mergedActions } from './policy-merge.js';
import * as rules from './policy-rules.js';
import { policySentences as say } from './policy-sentences.js';
import { newestProposalOf, readPolicyChangeView, rulesWhenProposed, waitingPolicyChange } from './policy-store.js';
import { policySubject } from './policy-subject.js';
import { expirePolicyChange, recordProposal } from './propose.js';

/** The tenant's rules for actions on devices, which two admins change. */
export function createPolicyService(db: Database): PolicyService {
  return {
    current: (actor) => readList(db, actor, 'policy', async (trx) => (await readSettings(trx)).actions),
    propose: (click, wanted, reason) => propose(db, click, wanted, reason),
    view: (actor, entityId) =>
      reading(db, actor, { entityType: 'policy_change', entityId }, async (trx) =>
        isUuid(entityId) ? readPolicyChangeView(trx, entityId) : null,
      ),
    waiting: (actor) => readList(db, actor, 'policy', (trx) => readProposals(trx, actor)),
    confirm: (click) =>
      expiringLateOnes(
        db,
        click,
        change(db, policySubject, {
          verb: 'policy.confirm',
          click,
          prepare: (trx) => otherAdmins(trx, click.actor.userId),
          apply: (proposal, now, admins) =>
            rules.confirmed(
              proposal,
              now,
              click.actor.userId,
              admins.map((person) => person.displayName),
            ),
          also: (trx, proposal) => putIntoForce(trx, proposal, click),
        }),
      ),
    reject: (click) =>
      change(db, policySubject, {
        verb: 'policy.reject',
        click,
        apply: (proposal, now) => rules.rejected(proposal, now, click.actor.userId),
      }),
  };
}

async function readProposals(trx: Trx, actor: Actor): Promise<PolicyChangeView[]> {
  const proposal = grantOf(actor.role, 'administer') === 'yes' ? await waitingPolicyChange(trx) : null;
  const view = proposal && proposal.expiresAt >= trx.now ? await readPolicyChangeView(trx, proposal.id) : null;
  return view ? [view] : [];
}

function propose(
  db: Database,
  click: Omit<Click, 'entityId' | 'version'>,
  wanted: Partial<ActionPolicy>,
  reason: string,
): Promise<Changed<PolicyChangeView>> {
  const { actor, activityId } = click;
  const attempt = { actor, action: 'policy.propose', entityType: 'tenant', entityId: actor.tenantId, activityId };
  return auditingRefusals(db, attempt, async () => {
    authorise(actor, 'administer');
    const work = async (trx: Trx) => {
      const repeated = !(await claimReceipt(trx, 'policy.propose', { ...click, entityId: 'policy' }));
      const id = repeated
        ? await newestProposalOf(trx, actor.userId)
        : (await recordProposal(trx, click, wanted, reason)).id;
      const view = id === null ? null : await readPolicyChangeView(trx, id);
      if (!view) throw new DomainError('not_found', sentences.notFound);
      return { view, repeated };
    };
    return inTenant(db, actor.tenantId, work, sharingLinks);
  });
}

/** Merges the members that change into the tenant's settings; what else stands there is left alone. */
async function putIntoForce(trx: Trx, { id, change: members, proposedBy }: PolicyChange, click: Click) {
  await query(trx, 'select 1 from tenants where id = ? for no key update', [trx.tenantId]);
  const { actions: before } = await readSettings(trx);
  if (!isDeepStrictEqual(rules.pick(before, members), await rulesWhenProposed(trx, id)))
    throw new DomainError('conflict', say.changedSince);
  await query(trx, `update tenants set settings = ${mergedActions} where id = ?`, [
    JSON.stringify(members),
    trx.tenantId,
  ]);
  await recordAudit(trx, {
    by: { kind: 'person', id: click.actor.userId },
    action: 'policy.change',
    entity: { type: 'tenant', id: trx.tenantId },
    before: rules.pick(before, members),
    after: { ...members, change: id, proposedBy },
    activityId: click.activityId,
  });
  return [];
}

/** A confirmation that comes too late changes nothing, so the proposal expires in a transaction of its own. */
async function expiringLateOnes<T>(db: Database, click: Click, confirmation: Promise<T>): Promise<T> {
  try {
    return await confirmation;
  } catch (error) {
    if (error instanceof rules.LateConfirmation)
      await inTenant(db, click.actor.tenantId, (trx) => expirePolicyChange(trx, click.entityId), sharingLinks);
    throw error;
  }
}
