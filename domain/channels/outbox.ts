import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';

/** What has cards of its own in conversations. */
export type CardedEntity = 'alert' | 'incident' | 'action' | 'policy_change';

/** A card that no longer shows the truth. */
export interface StaleRef {
  readonly entity: CardedEntity;
  readonly id: string;
  /** 'post' (the default) also posts a card that nobody has yet; 'refresh' only redraws posted ones. */
  readonly mode?: 'post' | 'refresh';
  /** Posts first what is lower; for cards that nobody has yet. Default 0. */
  readonly order?: number;
  /** Audit id of a deed of a person, which becomes a line in the thread under the card. */
  readonly threadOf?: string;
  /** An action that serves an incident stands with the incidents. Incidents do so anyway. */
  readonly withIncidents?: boolean;
}

/**
 * Where a card is posted when it is posted nowhere yet: incidents go to their own channel if there is one, changes of the
 * policy to nobody but the people who are asked. Copies in personal chats need no link.
 */
const target = `
  with refs as materialized (
    select * from json_to_recordset(?::json) as x(entity text, id uuid, post boolean, ord int, audit_id text, apart boolean)
  ), links as materialized (
    select conversation_id, purpose from channel_links where tenant_id = ? and state = 'active'
  ), posted as materialized (
    select r.*, p.conversation_id, p.user_id from refs r cross join lateral (
      select p.conversation_id, p.user_id from posted_cards p
      where p.tenant_id = ? and p.entity_type = r.entity and p.entity_id = r.id offset 0) p
    where p.user_id is not null or p.conversation_id in (select conversation_id from links)
  ), target as (
    select * from posted
    union all
    select r.*, l.conversation_id, null from refs r join lateral (
      select conversation_id from links where purpose = 'alerts' or (purpose = 'escalations' and r.apart)
      order by purpose = 'alerts' limit 1) l on true
    where r.post and not exists (select from posted p where p.entity = r.entity and p.id = r.id and p.user_id is null)
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
       from target where audit_id is not null and user_id is null
     ) stale order by kind, conversation_id, ord, stale_key
     on conflict (tenant_id, conversation_id, stale_key) where state = 'pending'
       do update set generation = outbox.generation + 1`,
    [JSON.stringify(distinct(refs).map(toRow)), trx.tenantId, trx.tenantId, trx.tenantId, trx.now],
  );
  trx.signals.add('outbox');
}

/** Somebody who is named in a message, and notified by Teams. */
export interface Mention {
  readonly aadObjectId: string;
  readonly name: string;
}

export interface NoticeOptions {
  /** The message becomes a small card that names them. */
  readonly mentions?: readonly Mention[];
  /** Dropped if this has been decided before the message leaves. */
  readonly asksFor?: { readonly entity: 'action' | 'policy_change'; readonly id: string };
}

/** One message of our own for each conversation; `key` merges what would say the same. */
export async function enqueueNotices(
  trx: Trx,
  conversationIds: readonly string[],
  key: string,
  text: string,
  options: NoticeOptions = {},
) {
  if (conversationIds.length === 0) return;
  await query(
    trx,
    `insert into outbox (tenant_id, conversation_id, stale_key, kind, payload)
     select ?::uuid, c, ?, 'notice', ?::jsonb from unnest(?::text[]) c order by c
     on conflict (tenant_id, conversation_id, stale_key) where state = 'pending'
       do update set generation = outbox.generation + 1, payload = excluded.payload`,
    [trx.tenantId, `notice:${key}`, JSON.stringify({ text, ...options }), [...new Set(conversationIds)]],
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

function toRow({ entity, id, mode, order, threadOf, withIncidents }: StaleRef) {
  const post = mode !== 'refresh' && entity !== 'policy_change';
  const apart = entity === 'incident' || withIncidents === true;
  return { entity, id, post, ord: order ?? 0, audit_id: threadOf ?? null, apart };
}
