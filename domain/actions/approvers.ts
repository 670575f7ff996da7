import type { Trx } from '../../database/transaction.js';
import type { Person } from '../access/actor.js';
import { roles } from '../access/actor.js';
import { grantOf } from '../access/capabilities.js';
import { readDevice } from '../devices/device-view-queries.js';
import { query } from '../query.js';
import { readSettings } from '../tenants/settings.js';
import type { ApprovalFacts } from './action-rules.js';
import type { ActionPolicy } from './policy.js';

/** Active members who may approve what somebody else asked for, by name. Installation admins count once they acted here. */
export function approversFor(trx: Trx, requesterId: string, policy: Pick<ActionPolicy, 'peers'>): Promise<Person[]> {
  const may = (grant: string) => grant === 'yes' || (grant === 'peers' && policy.peers);
  return others(
    trx,
    requesterId,
    roles.filter((role) => may(grantOf(role, 'action.approve'))),
  );
}

/** Active admins but this one: who confirm changes of the policy and review uses of break-glass. */
export function otherAdmins(trx: Trx, userId: string): Promise<Person[]> {
  return others(
    trx,
    userId,
    roles.filter((role) => grantOf(role, 'administer') === 'yes'),
  );
}

function others(trx: Trx, except: string, ofRoles: readonly string[]): Promise<Person[]> {
  return query<Person>(
    trx,
    `select m.user_id as "userId", m.display_name as "displayName", u.aad_object_id as "aadObjectId"
     from tenant_members m join users u on u.id = m.user_id
     where m.tenant_id = ? and m.user_id <> ? and m.is_active and u.is_active and m.role = any (?)
     order by m.display_name, m.user_id`,
    [trx.tenantId, except, ofRoles],
  );
}

/** What the rules of approving and rejecting must know of a locked action. */
export async function approvalFacts(trx: Trx, actionId: string): Promise<ApprovalFacts> {
  const [action] = await query<{ requesterId: string; deviceId: string | null }>(
    trx,
    'select user_id as "requesterId", device_id as "deviceId" from edr_actions where tenant_id = ? and id = ?',
    [trx.tenantId, actionId],
  );
  if (!action) throw new Error(`the locked action ${actionId} is gone`);
  const { actions: policy } = await readSettings(trx);
  const approvers = (await approversFor(trx, action.requesterId, policy)).map((person) => person.displayName);
  return { policy, approvers, device: action.deviceId === null ? null : await readDevice(trx, action.deviceId) };
}

/** Writes down who is to be asked, and has them asked once this transaction is done. */
export async function askPeople(
  trx: Trx,
  entity: 'action' | 'policy_change',
  entityId: string,
  people: readonly Person[],
): Promise<void> {
  if (people.length === 0) return;
  await query(
    trx,
    `insert into approval_asks (tenant_id, entity_type, entity_id, user_id, created_at)
     select ?::uuid, ?, ?::uuid, p, ?::timestamptz from unnest(?::uuid[]) p order by p on conflict do nothing`,
    [trx.tenantId, entity, entityId, trx.now, people.map((person) => person.userId)],
  );
  await query(trx, `select app.enqueue('ask_approvers', ?::jsonb, ?)`, [
    JSON.stringify({ entity, entityId }),
    `ask/${entityId}`,
  ]);
}

/** Has the action's next step done once this transaction is done. */
export async function enqueueStep(trx: Trx, actionId: string): Promise<void> {
  await query(trx, `select app.enqueue('device_action', ?::jsonb, ?)`, [
    JSON.stringify({ actionId }),
    `action/${actionId}`,
  ]);
}
