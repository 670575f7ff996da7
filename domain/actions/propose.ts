import type { Trx } from '../../database/transaction.js';
import { admit } from '../access/admit.js';
import { rolesFor } from '../access/capabilities.js';
import { recordAudit } from '../audit/record.js';
import { markStale } from '../channels/outbox.js';
import { day, notBefore, plus } from '../durations.js';
import { DomainError } from '../errors.js';
import { query } from '../query.js';
import type { Click } from '../services.js';
import { readSettings } from '../tenants/settings.js';
import { written } from '../text.js';
import { longestReason } from './action-rules.js';
import { askPeople, otherAdmins } from './approvers.js';
import type { ActionPolicy, PolicyChange } from './policy.js';
import { pick, policyDifference } from './policy-rules.js';
import { policySentences as say } from './policy-sentences.js';
import { insertPolicyChange, lockPolicyChange, savePolicyChange, waitingPolicyChange } from './policy-store.js';

const confirmWithin = day;

/** Records a proposal and has the other admins asked. Throws DomainError. */
export async function recordProposal(
  trx: Trx,
  click: Omit<Click, 'entityId' | 'version'>,
  wanted: Partial<ActionPolicy>,
  reason: string,
): Promise<PolicyChange> {
  const { actor, activityId } = click;
  await admit(trx, actor, activityId);
  const said = written('The reason', reason, 1, longestReason);
  const { actions: current } = await readSettings(trx);
  const change = policyDifference(current, wanted);
  if (change.breakGlass && !(await mayAllRequest(trx, change.breakGlass)))
    throw new DomainError('invalid', say.notBreakGlass);
  const admins = await otherAdmins(trx, actor.userId);
  if (admins.length === 0) throw new DomainError('conflict', say.noSecondAdmin);
  const proposal = await insert(trx, { change, reason: said, proposedBy: actor.userId });
  await recordAudit(trx, {
    by: { kind: 'person', id: actor.userId },
    action: 'policy.propose',
    entity: { type: 'policy_change', id: proposal.id },
    before: pick(current, change),
    after: change,
    reason: said,
    activityId,
  });
  await askPeople(trx, 'policy_change', proposal.id, admins);
  return proposal;
}

async function insert(trx: Trx, given: Pick<PolicyChange, 'change' | 'reason' | 'proposedBy'>): Promise<PolicyChange> {
  const waiting = await waitingPolicyChange(trx);
  if (waiting) await expirePolicyChange(trx, waiting.id);
  const proposal = await insertPolicyChange(trx, { ...given, expiresAt: plus(trx.now, confirmWithin) });
  if (proposal) return proposal;
  throw new DomainError('conflict', say.oneAtATime((await waitingPolicyChange(trx))?.proposer ?? 'somebody'));
}

/** Ends a proposal that nobody confirmed in time. */
export async function expirePolicyChange(trx: Trx, id: string): Promise<void> {
  const change = await lockPolicyChange(trx, id);
  if (change?.status !== 'proposed' || trx.now <= change.expiresAt) return;
  await savePolicyChange(trx, change, { status: 'expired', decidedAt: notBefore(trx.now, change.proposedAt) });
  await recordAudit(trx, {
    by: { kind: 'system', id: 'actions' },
    action: 'policy.expire',
    entity: { type: 'policy_change', id },
    before: { status: 'proposed' },
    after: { status: 'expired' },
  });
  await markStale(trx, [{ entity: 'policy_change', id, mode: 'refresh' }]);
}

async function mayAllRequest(trx: Trx, userIds: readonly string[]): Promise<boolean> {
  const fit = await query(
    trx,
    `select 1 from tenant_members m join users u on u.id = m.user_id where m.tenant_id = ?
       and m.user_id = any (?::uuid[]) and m.is_active and u.is_active and m.role = any (?)`,
    [trx.tenantId, userIds, rolesFor('action.request')],
  );
  return fit.length === userIds.length;
}
