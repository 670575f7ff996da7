import type { OutboxRow } from '../../database/rows.js';
import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import type { ConversationReference } from './teams-gateway.js';

/** A pending row of the outbox. */
export interface Pending {
  readonly id: string;
  readonly kind: OutboxRow['kind'];
  readonly entityType: string | null;
  readonly entityId: string | null;
  readonly payload: unknown;
  readonly generation: number;
  readonly unknownOutcomes: number;
  /** A request began and its outcome was never recorded: the process died. */
  readonly wasSending: boolean;
  /** The activity that shows the entity in this conversation; null when there is none. */
  readonly activityId: string | null;
  /** Whose personal chat has this copy of the card; null elsewhere. */
  readonly userId: string | null;
}

export type Operation = 'post' | 'reply' | 'update';

const pendingColumns = `o.id, o.kind, o.entity_type as "entityType", o.entity_id as "entityId", o.payload, o.generation,
  o.unknown_outcomes as "unknownOutcomes", o.sending_since is not null as "wasSending"`;

/** Locks the next due row of a conversation behind `after`, by id, else the first one; null when nothing is due. */
export async function nextPending(trx: Trx, conversationId: string, after: string): Promise<Pending | null> {
  const [row] = await query<Pending>(
    trx,
    `select n.*, p.activity_id as "activityId", p.user_id as "userId" from (
       select ${pendingColumns} from outbox o
       where o.tenant_id = ? and o.conversation_id = ? and o.state = 'pending' and o.due_at <= app.now() and o.id > ?
       order by o.id limit 1 for update) n
     left join posted_cards p on p.tenant_id = ? and p.conversation_id = ? and p.entity_type = n."entityType"
       and p.entity_id = n."entityId"`,
    [trx.tenantId, conversationId, after, trx.tenantId, conversationId],
  );
  if (row) return row;
  return after === '0' ? null : nextPending(trx, conversationId, '0');
}

/** A conversation and the tenant it serves; null when it is not known. */
export async function readConversation(
  trx: Trx,
  conversationId: string,
): Promise<{ to: ConversationReference; tenantId: string | null; isLost: boolean } | null> {
  const [row] = await query<ConversationReference & { tenantId: string | null; state: string }>(
    trx,
    `select conversation_id as "conversationId", kind, service_url as "serviceUrl", entra_tenant_id as "entraTenantId",
       bot_id as "botId", tenant_id as "tenantId", state from app.find_conversation(?)`,
    [conversationId],
  );
  if (!row) return null;
  const { tenantId, state, ...to } = row;
  return { to, tenantId, isLost: state === 'lost' };
}

/** True while a card of the entity waits to be posted in this conversation. */
export async function isCardPending(trx: Trx, conversationId: string, row: Pending): Promise<boolean> {
  const found = await query(
    trx,
    `select from outbox where tenant_id = ? and conversation_id = ? and state = 'pending' and kind = 'card'
       and entity_type = ? and entity_id = ? limit 1`,
    [trx.tenantId, conversationId, row.entityType, row.entityId],
  );
  return found.length > 0;
}

/** When requests left for a conversation within the last `withinMs`, oldest first, in milliseconds; at most `limit`. */
export async function recentRequests(
  trx: Trx,
  conversationId: string,
  withinMs: number,
  limit: number,
): Promise<number[]> {
  const rows = await query<{ at: number }>(
    trx,
    `select extract(epoch from sent_at)::float8 * 1000 as at from delivery_log
     where tenant_id = ? and conversation_id = ? and sent_at > clock_timestamp() - ? * interval '1 ms'
     order by sent_at desc limit ?`,
    [trx.tenantId, conversationId, withinMs, limit],
  );
  return rows.map((row) => row.at).reverse();
}

/** Notes that a request leaves now, and for one that must not repeat that its outcome is open; resolves to the time in ms. */
export async function beginRequest(
  trx: Trx,
  conversationId: string,
  rowId: string,
  operation: Operation,
): Promise<number> {
  const [row] = await query<{ at: number }>(
    trx,
    `with begun as (update outbox set attempts = attempts + 1, sending_since = case when ? then clock_timestamp() end
       where tenant_id = ? and id = ?)
     insert into delivery_log (tenant_id, conversation_id, outbox_id, operation, sent_at)
     values (?, ?, ?, ?, clock_timestamp()) returning extract(epoch from sent_at)::float8 * 1000 as at`,
    [operation !== 'update', trx.tenantId, rowId, trx.tenantId, conversationId, rowId, operation],
  );
  if (!row) throw new Error('the request was not noted');
  return row.at;
}

/** Ends a row that is still as it was when the send began; one that became stale meanwhile stays pending. */
export async function finishSent(trx: Trx, row: Pending): Promise<void> {
  await query(
    trx,
    `update outbox set sending_since = null, unknown_outcomes = 0, last_error = null,
       state = case when generation = ? then 'sent' else state end,
       finished_at = case when generation = ? then app.now() end
     where tenant_id = ? and id = ? and state = 'pending'`,
    [row.generation, row.generation, trx.tenantId, row.id],
  );
}

/**
 * Ends a row that will not be sent as it was drawn; one that became stale meanwhile stays pending, since its next state is
 * another message. True when it ended.
 */
export async function finishUnsent(
  trx: Trx,
  row: Pending,
  state: 'dropped' | 'parked',
  why: string,
  unknownOutcomes = 0,
): Promise<boolean> {
  const [left] = await query<{ ended: boolean }>(
    trx,
    `update outbox o set sending_since = null, last_error = ?, state = case when n.as_drawn then ?::text else o.state end,
       finished_at = case when n.as_drawn then app.now() end,
       unknown_outcomes = case when n.as_drawn then greatest(o.unknown_outcomes, ?::int) else 0 end
     from (select id, generation = ? as as_drawn from outbox where tenant_id = ? and id = ? for update) n
     where o.tenant_id = ? and o.id = n.id and o.state = 'pending' returning n.as_drawn as ended`,
    [why, state, unknownOutcomes, row.generation, trx.tenantId, row.id, trx.tenantId],
  );
  return left?.ended ?? true;
}

/** Leaves a row pending for another try, not before `waitMs` from now. */
export async function keepPending(
  trx: Trx,
  rowId: string,
  given: { why: string; unknownOutcomes: number; waitMs?: number },
): Promise<void> {
  await query(
    trx,
    `update outbox set sending_since = null, last_error = ?, unknown_outcomes = ?,
       due_at = greatest(due_at, app.now() + ? * interval '1 ms') where tenant_id = ? and id = ? and state = 'pending'`,
    [given.why, given.unknownOutcomes, given.waitMs ?? 0, trx.tenantId, rowId],
  );
}
