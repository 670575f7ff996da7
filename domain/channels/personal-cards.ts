import type { Trx } from '../../database/transaction.js';
import { rolesFor } from '../access/capabilities.js';
import { query } from '../query.js';
import type { CardedEntity } from './outbox.js';

export interface PersonalCard {
  readonly entity: CardedEntity;
  readonly id: string;
  /** Whose chat it is. */
  readonly userId: string;
  readonly conversationId: string;
}

/**
 * Puts the entity's card into a personal chat, where it is redrawn from then on like every other copy. Doing it again changes
 * nothing. Its row among the posted cards comes first, so that delivery knows whose chat it is before the card stands there.
 */
export async function postPersonalCard(trx: Trx, { entity, id, userId, conversationId }: PersonalCard): Promise<void> {
  const made = await query(
    trx,
    `insert into posted_cards (tenant_id, entity_type, entity_id, conversation_id, user_id, card_schema)
     values (?, ?, ?, ?, ?, 0) on conflict do nothing returning 1`,
    [trx.tenantId, entity, id, conversationId, userId],
  );
  if (made.length === 0) return;
  await query(
    trx,
    `insert into outbox (tenant_id, conversation_id, stale_key, kind, entity_type, entity_id)
     values (?, ?, ?, 'card', ?, ?)
     on conflict (tenant_id, conversation_id, stale_key) where state = 'pending' do nothing`,
    [trx.tenantId, conversationId, `${entity}:${id}`, entity, id],
  );
  trx.signals.add('outbox');
}

/** The personal chats of the tenant's admins, as far as the bot knows them. */
export async function chatsOfAdmins(trx: Trx): Promise<string[]> {
  const rows = await query<{ chat: string | null }>(
    trx,
    `select distinct app.personal_conversation(m.user_id) as chat from tenant_members m
     where m.tenant_id = ? and m.is_active and m.role in ('tenant_admin', 'super_admin')`,
    [trx.tenantId],
  );
  return rows.flatMap(({ chat }) => chat ?? []);
}

/** True while the chat is the one of an active member who may read here: nobody else is told anything. */
export async function isChatOfMember(trx: Trx, conversationId: string): Promise<boolean> {
  const found = await query(
    trx,
    `select 1 from tenant_members m
     where m.tenant_id = ? and m.is_active and m.role = any (?) and app.personal_conversation(m.user_id) = ? limit 1`,
    [trx.tenantId, rolesFor('read'), conversationId],
  );
  return found.length > 0;
}
