import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import { hasActiveLink } from './links.js';
import type { CardedEntity } from './outbox.js';
import type { LinkPurpose } from '../services.js';

const openEntities = `
  select 'alert' as entity, a.id, a.severity_rank, a.created_at from security_alerts a
  where a.tenant_id = ? and a.status in ('open', 'assigned', 'investigating') and ?::boolean
  union all
  select 'incident', i.id, i.severity_rank, i.created_at from security_incidents i
  where i.tenant_id = ? and i.status in ('open', 'in_progress') and ?::boolean
  union all
  select 'action', a.id, 0, a.created_at from edr_actions a
  where a.tenant_id = ? and a.status in ('requested', 'approved', 'pending', 'in_progress', 'unknown')
    and a.action_type <> 'resolve_alert' and case when a.incident_id is null then ?::boolean else ?::boolean end`;

function openBindings({ tenantId }: Trx, alerts: boolean, incidents: boolean): (string | boolean)[] {
  return [tenantId, alerts, tenantId, incidents, tenantId, alerts, incidents];
}

/** What a conversation shows by its links: incidents stand with the alerts unless they have a channel of their own. */
async function shownHere(trx: Trx, purposes: readonly LinkPurpose[]): Promise<{ alerts: boolean; incidents: boolean }> {
  const alerts = purposes.includes('alerts');
  if (purposes.includes('escalations')) return { alerts, incidents: true };
  const apart = await query(
    trx,
    `select 1 from channel_links where tenant_id = ? and purpose = 'escalations' and state = 'active'`,
    [trx.tenantId],
  );
  return { alerts, incidents: alerts && apart.length === 0 };
}

/**
 * Enqueues the cards of everything open for one conversation: posted where it has none, redrawn where it has. Gravest first.
 * Resolves to how many.
 */
export async function postOpenCards(
  trx: Trx,
  conversationId: string,
  purposes: readonly LinkPurpose[],
): Promise<number> {
  const { alerts, incidents } = await shownHere(trx, purposes);
  if (!alerts && !incidents) return 0;
  const rows = await query(
    trx,
    `insert into outbox (tenant_id, conversation_id, stale_key, kind, entity_type, entity_id)
     select ?::uuid, ?, e.entity || ':' || e.id, 'card', e.entity, e.id from (${openEntities}) e
     order by e.severity_rank, e.created_at, e.id
     on conflict (tenant_id, conversation_id, stale_key) where state = 'pending'
       do update set generation = outbox.generation + 1
     returning 1`,
    [trx.tenantId, conversationId, ...openBindings(trx, alerts, incidents)],
  );
  trx.signals.add('outbox');
  return rows.length;
}

/** After the app was gone, cards of open work are posted anew instead of redrawn where nobody looks. */
export async function forgetOpenCards(trx: Trx, conversationId: string): Promise<void> {
  await query(
    trx,
    `update posted_cards p set activity_id = null from (${openEntities}) e
     where p.tenant_id = ? and p.conversation_id = ? and p.entity_type = e.entity and p.entity_id = e.id`,
    [...openBindings(trx, true, true), trx.tenantId, conversationId],
  );
}

/** True when we know where the entity's card stands in this conversation; nearly every click comes from such a card. */
async function hasShownCard(trx: Trx, entity: string, entityId: string, conversationId: string): Promise<boolean> {
  const found = await query(
    trx,
    `select 1 from posted_cards where tenant_id = ? and entity_type = ? and entity_id = ? and conversation_id = ?
       and activity_id is not null`,
    [trx.tenantId, entity, entityId, conversationId],
  );
  return found.length > 0;
}

/**
 * A click came from this activity, so it shows the entity: repairs a post whose outcome was unknown. True when we did not
 * know; a second card of the same entity changes nothing, nor does the card of another one, which a forged click names. 0 as
 * card schema: not known, since the card was never answered for.
 */
async function noteCard(
  trx: Trx,
  entity: CardedEntity,
  entityId: string,
  conversationId: string,
  activityId: string,
): Promise<boolean> {
  const rows = await query(
    trx,
    `insert into posted_cards as p (tenant_id, entity_type, entity_id, conversation_id, activity_id, card_schema)
     select n.*, 0 from (values (?::uuid, ?, ?::uuid, ?, ?)) n (tenant_id, entity_type, entity_id, conversation_id, activity_id)
     where not exists (select from posted_cards k where (k.tenant_id, k.entity_type, k.entity_id, k.conversation_id)
         = (n.tenant_id, n.entity_type, n.entity_id, n.conversation_id) and k.activity_id is not null)
       and not exists (select from posted_cards k
         where (k.tenant_id, k.conversation_id, k.activity_id) = (n.tenant_id, n.conversation_id, n.activity_id))
     on conflict (tenant_id, entity_type, entity_id, conversation_id) do update set activity_id = excluded.activity_id
       where p.activity_id is null
     returning 1`,
    [trx.tenantId, entity, entityId, conversationId, activityId],
  );
  return rows.length > 0;
}

/** The same where the conversation is one of the tenant's; one look-up for the usual click, whose card is known. */
export async function recogniseCard(
  trx: Trx,
  entity: CardedEntity,
  entityId: string,
  card: { readonly conversationId: string; readonly activityId: string },
): Promise<boolean> {
  const { conversationId, activityId } = card;
  if (await hasShownCard(trx, entity, entityId, conversationId)) return false;
  if (!(await hasActiveLink(trx, conversationId)) && !(await isForPerson(trx, entity, entityId, conversationId)))
    return false;
  return noteCard(trx, entity, entityId, conversationId, activityId);
}

/** The entity's card was meant for this personal chat. */
async function isForPerson(trx: Trx, entity: CardedEntity, entityId: string, conversationId: string): Promise<boolean> {
  const found = await query(
    trx,
    `select 1 from posted_cards where tenant_id = ? and entity_type = ? and entity_id = ? and conversation_id = ?
       and user_id is not null`,
    [trx.tenantId, entity, entityId, conversationId],
  );
  return found.length > 0;
}

const tables: Readonly<Record<CardedEntity, string>> = {
  alert: 'security_alerts',
  incident: 'security_incidents',
  action: 'edr_actions',
  policy_change: 'action_policy_changes',
};

export async function entityExists(trx: Trx, entity: CardedEntity, id: string): Promise<boolean> {
  const found = await query(trx, `select 1 from ${tables[entity]} where tenant_id = ? and id = ?`, [trx.tenantId, id]);
  return found.length > 0;
}
