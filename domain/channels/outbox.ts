import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** A card that no longer shows the truth. */
export interface StaleRef {
  readonly entity: 'alert' | 'incident';
  readonly id: string;
  /** 'post' (the default) also posts a card that nobody has yet; 'refresh' only redraws posted ones. */
  readonly mode?: 'post' | 'refresh';
  /** Posts first what is lower; for cards that nobody has yet. Default 0. */
  readonly order?: number;
  /** Audit id of a deed of a person, which becomes a line in the thread under the card. */
  readonly threadOf?: string;
}

/** Where a card is posted when it is posted nowhere yet: incidents go to their own channel if there is one. */
const target = `
  with refs as materialized (
    select * from json_to_recordset(?::json) as x(entity text, id uuid, post boolean, ord int, audit_id text)
  ), links as materialized (
    select conversation_id, purpose from channel_links where tenant_id = ? and state = 'active'
  ), posted as materialized (
    select r.*, p.conversation_id from refs r cross join lateral (
      select p.conversation_id from posted_cards p
      where p.tenant_id = ? and p.entity_type = r.entity and p.entity_id = r.id offset 0) p
    where p.conversation_id in (select conversation_id from links)
  ), target as (
    select * from posted
    union all
    select r.*, l.conversation_id from refs r join lateral (
      select conversation_id from links where purpose = 'alerts' or (purpose = 'escalations' and r.entity = 'incident')
      order by purpose = 'alerts' limit 1) l on true
    where r.post and not exists (select from posted p where p.entity = r.entity and p.id = r.id)
  )`;

/**
 * Says that cards are stale, and adds lines for the threads under them: one statement however many there are. What is
 * pending already merges. Conversations that are lost or no longer linked get nothing. Rows go in sorted, so that two
 * transactions never wait for each other.
 */
export async function markStale(trx: Trx, refs: readonly StaleRef[]): Promise<void> {
  if (refs.length === 0) return;
  await query(
    trx,
    `${target}
     insert into outbox (tenant_id, conversation_id, stale_key, kind, entity_type, entity_id, payload, due_at, created_at)
     select ?::uuid, conversation_id, stale_key, kind, entity, id, payload, t.now, t.now
     from (select ?::timestamptz as now) t, (
       select conversation_id, entity || ':' || id as stale_key, 'card' as kind, entity, id, min(ord) as ord, '{}'::jsonb as payload
       from target group by conversation_id, entity, id
       union all
       select conversation_id, 'thread:' || audit_id, 'thread', entity, id, ord, jsonb_build_object('auditId', audit_id)
       from target where audit_id is not null
     ) stale order by kind, conversation_id, ord, stale_key
     on conflict (tenant_id, conversation_id, stale_key) where state = 'pending'
       do update set generation = outbox.generation + 1`,
    [JSON.stringify(distinct(refs).map(toRow)), trx.tenantId, trx.tenantId, trx.tenantId, trx.now],
  );
  trx.signals.add('outbox');
}

/** One message of our own for each conversation; `key` merges what would say the same. */
export async function enqueueNotices(trx: Trx, conversationIds: readonly string[], key: string, text: string) {
  if (conversationIds.length === 0) return;
  await query(
    trx,
    `insert into outbox (tenant_id, conversation_id, stale_key, kind, payload)
     select ?::uuid, c, ?, 'notice', jsonb_build_object('text', ?::text) from unnest(?::text[]) c order by c
     on conflict (tenant_id, conversation_id, stale_key) where state = 'pending'
       do update set generation = outbox.generation + 1, payload = excluded.payload`,
    [trx.tenantId, `notice:${key}`, text, [...new Set(conversationIds)]],
  );
  trx.signals.add('outbox');
}

/** Delivery to a conversation ends: what waits for it is dropped. */
export async function dropPending(trx: Trx, conversationId: string, why: string): Promise<void> {
  await query(
    trx,
    `update outbox set state = 'dropped', finished_at = app.now(), last_error = ?
     where tenant_id = ? and conversation_id = ? and state = 'pending'`,
    [why, trx.tenantId, conversationId],
  );
}

function distinct(refs: readonly StaleRef[]): StaleRef[] {
  return [...new Map(refs.map((ref) => [`${ref.entity}:${ref.id}:${ref.threadOf ?? ''}`, ref])).values()];
}

function toRow({ entity, id, mode, order, threadOf }: StaleRef) {
  return { entity, id, post: mode !== 'refresh', ord: order ?? 0, audit_id: threadOf ?? null };
}
