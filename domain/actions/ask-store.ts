import type { Trx } from '../../database/transaction.js';
import { rolesFor } from '../access/capabilities.js';
import { query } from '../query.js';

/** What somebody is asked to approve, or to look at afterwards. */
export interface Asked {
  readonly entity: 'action' | 'policy_change';
  readonly id: string;
}

export type Reached = 'personal' | 'mention' | 'nowhere';

/** A row of approval_asks with what is needed to reach the person. */
export interface Ask {
  readonly userId: string;
  readonly name: string;
  readonly aadObjectId: string | null;
  readonly entraTenantId: string | null;
  /** Null: not reached yet. With `askedAt` set all the same, the personal chat took no messages any more. */
  readonly reached: Reached | null;
  readonly askedAt: Date | null;
  readonly remindedAt: Date | null;
  readonly createdAt: Date;
  /** The person's chat with the bot; null when there is none, or the person is not active here. */
  readonly chat: string | null;
  /** An active member whose role may read here. */
  readonly mayRead: boolean;
}

const waiting: Readonly<Record<Asked['entity'], string>> = {
  action: `select from edr_actions a where a.tenant_id = ? and a.id = ?
    and (a.status = 'requested' or (a.is_break_glass and a.reviewed_at is null))`,
  policy_change: `select from action_policy_changes c where c.tenant_id = ? and c.id = ? and c.status = 'proposed'
    and c.expires_at > app.now()`,
};

/** True until it is decided; an action of a break-glass person waits until somebody has reviewed it. */
export async function isWaiting(trx: Trx, { entity, id }: Asked): Promise<boolean> {
  const [row] = await query<{ is: boolean }>(trx, `select exists (${waiting[entity]}) as is`, [trx.tenantId, id]);
  return row?.is ?? false;
}

/** Everybody who is asked, in the order of names. */
export function readAsks(trx: Trx, { entity, id }: Asked): Promise<Ask[]> {
  return query<Ask>(
    trx,
    `select k.user_id as "userId", m.display_name as name, u.aad_object_id as "aadObjectId",
       u.entra_tenant_id as "entraTenantId", k.reached, k.asked_at as "askedAt", k.reminded_at as "remindedAt",
       k.created_at as "createdAt", coalesce(m.is_active and u.is_active and m.role = any (?), false) as "mayRead",
       coalesce(k.conversation_id, app.personal_conversation(k.user_id)) as chat
     from approval_asks k join tenant_members m on m.tenant_id = k.tenant_id and m.user_id = k.user_id
       left join users u on u.id = k.user_id
     where k.tenant_id = ? and k.entity_type = ? and k.entity_id = ? order by m.display_name, k.user_id`,
    [rolesFor('read'), trx.tenantId, entity, id],
  );
}

/** False when the person had been reached already. */
export async function noteReached(
  trx: Trx,
  { entity, id }: Asked,
  userId: string,
  reached: Reached,
  conversationId: string | null,
): Promise<boolean> {
  const noted = await query(
    trx,
    `update approval_asks set reached = ?, conversation_id = ?, asked_at = ?
     where tenant_id = ? and entity_type = ? and entity_id = ? and user_id = ? and reached is null returning 1`,
    [reached, conversationId, trx.now, trx.tenantId, entity, id, userId],
  );
  return noted.length > 0;
}

/** False when the person had been reminded already. */
export async function noteReminded(trx: Trx, { entity, id }: Asked, userId: string): Promise<boolean> {
  const noted = await query(
    trx,
    `update approval_asks set reminded_at = ?
     where tenant_id = ? and entity_type = ? and entity_id = ? and user_id = ? and reminded_at is null returning 1`,
    [trx.now, trx.tenantId, entity, id, userId],
  );
  return noted.length > 0;
}

/** The job that asks and reminds has something to do now. */
export async function enqueueAsk(trx: Trx, { entity, id }: Asked): Promise<void> {
  await query(trx, `select app.enqueue('ask_approvers', ?::jsonb, ?)`, [
    JSON.stringify({ entity, entityId: id }),
    `ask/${id}`,
  ]);
}

/** A personal chat takes no messages: who was asked there, and is still waited for, is asked in another way at once. */
export async function askElsewhere(trx: Trx, conversationId: string): Promise<void> {
  await query(trx, 'delete from posted_cards where tenant_id = ? and conversation_id = ? and user_id is not null', [
    trx.tenantId,
    conversationId,
  ]);
  await query(
    trx,
    `with lost as (
       update approval_asks set reached = null, conversation_id = null
       where tenant_id = ? and conversation_id = ? and reached = 'personal' returning entity_type, entity_id)
     select app.enqueue('ask_approvers', jsonb_build_object('entity', entity_type, 'entityId', entity_id),
       'ask/' || entity_id) from (select distinct entity_type, entity_id from lost) l`,
    [trx.tenantId, conversationId],
  );
}
