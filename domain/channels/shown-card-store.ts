import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

export interface ShownCard {
  readonly entityType: string;
  readonly entityId: string;
  readonly conversationId: string;
}

/** Keeps which activity shows the entity, and the schema number of the card as it was drawn. */
export async function saveShownCard(trx: Trx, card: ShownCard, activityId: string, schema: number): Promise<void> {
  await query(
    trx,
    `insert into posted_cards (tenant_id, entity_type, entity_id, conversation_id, activity_id, card_schema)
     values (?, ?, ?, ?, ?, ?)
     on conflict (tenant_id, entity_type, entity_id, conversation_id)
       do update set activity_id = excluded.activity_id, card_schema = excluded.card_schema`,
    [trx.tenantId, card.entityType, card.entityId, card.conversationId, activityId, schema],
  );
}

/** The activity is gone, so the card must be posted anew. */
export async function loseShownActivity(trx: Trx, card: ShownCard, activityId: string): Promise<void> {
  await query(
    trx,
    `update posted_cards set activity_id = null
     where tenant_id = ? and entity_type = ? and entity_id = ? and conversation_id = ? and activity_id = ?`,
    [trx.tenantId, card.entityType, card.entityId, card.conversationId, activityId],
  );
}

export async function forgetShownCard(trx: Trx, card: ShownCard): Promise<void> {
  await query(
    trx,
    'delete from posted_cards where tenant_id = ? and entity_type = ? and entity_id = ? and conversation_id = ?',
    [trx.tenantId, card.entityType, card.entityId, card.conversationId],
  );
}
