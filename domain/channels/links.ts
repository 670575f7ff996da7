import type { Trx } from '../../database/transaction.js';
import { query } from '../query.js';
import type { LinkPurpose } from '../services.js';

export interface FoundConversation {
  readonly kind: 'channel' | 'groupChat' | 'personal';
  /** The tenant it serves. */
  readonly tenantId: string | null;
}

export async function findConversation(trx: Trx, conversationId: string): Promise<FoundConversation | null> {
  const [row] = await query<FoundConversation>(
    trx,
    'select kind, tenant_id as "tenantId" from app.find_conversation(?)',
    [conversationId],
  );
  return row ?? null;
}

/** Gives a free conversation to the tenant; false when another tenant has it. */
export async function claimConversation(trx: Trx, conversationId: string): Promise<boolean> {
  const [row] = await query<{ ok: boolean }>(trx, 'select app.claim_conversation(?) as ok', [conversationId]);
  return row?.ok ?? false;
}

/** Frees a conversation that has no link of this tenant any more. */
export async function releaseIfUnlinked(trx: Trx, conversationId: string): Promise<void> {
  await query(
    trx,
    `select app.release_conversation(?) where not exists (select from channel_links
     where tenant_id = ? and conversation_id = ? and state in ('active', 'lost'))`,
    [conversationId, trx.tenantId, conversationId],
  );
}

/** Ends the link that has this purpose elsewhere; resolves to the conversations that lost it. */
export async function endLinksElsewhere(trx: Trx, conversationId: string, purpose: LinkPurpose): Promise<string[]> {
  const rows = await query<{ id: string }>(
    trx,
    `update channel_links set state = 'removed', lost_at = null, lost_reason = null
     where tenant_id = ? and purpose = ? and conversation_id <> ? and state in ('active', 'lost')
     returning conversation_id as id`,
    [trx.tenantId, purpose, conversationId],
  );
  return rows.map((row) => row.id);
}

/** False when it was active already. */
export async function activateLink(
  trx: Trx,
  conversationId: string,
  purpose: LinkPurpose,
  userId: string,
): Promise<boolean> {
  const changed = await query(
    trx,
    `insert into channel_links as l (tenant_id, conversation_id, purpose, linked_by) values (?, ?, ?, ?)
     on conflict (tenant_id, conversation_id, purpose) do update
       set state = 'active', linked_by = excluded.linked_by, lost_at = null, lost_reason = null where l.state <> 'active'
     returning 1`,
    [trx.tenantId, conversationId, purpose, userId],
  );
  return changed.length > 0;
}

/** Resolves to the purposes that ended; `purpose` null means all. */
export async function removeLinks(
  trx: Trx,
  conversationId: string,
  purpose: LinkPurpose | null,
): Promise<LinkPurpose[]> {
  const rows = await query<{ purpose: LinkPurpose }>(
    trx,
    `update channel_links set state = 'removed', lost_at = null, lost_reason = null
     where tenant_id = ? and conversation_id = ? and state in ('active', 'lost') and (?::text is null or purpose = ?)
     returning purpose`,
    [trx.tenantId, conversationId, purpose, purpose],
  );
  return rows.map((row) => row.purpose).toSorted();
}

/** The conversation is gone: its links stay, marked, until it comes back. Resolves to their purposes. */
export async function loseLinks(trx: Trx, conversationId: string, why: string): Promise<LinkPurpose[]> {
  const rows = await query<{ purpose: LinkPurpose }>(
    trx,
    `update channel_links set state = 'lost', lost_at = greatest(?::timestamptz, created_at), lost_reason = ?
     where tenant_id = ? and conversation_id = ? and state = 'active' returning purpose`,
    [trx.now, why, trx.tenantId, conversationId],
  );
  return rows.map((row) => row.purpose).toSorted();
}

/** The conversation is back. Resolves to the purposes that work again; none when they did all along. */
export async function reviveLinks(trx: Trx, conversationId: string): Promise<LinkPurpose[]> {
  const rows = await query<{ purpose: LinkPurpose }>(
    trx,
    `update channel_links set state = 'active', lost_at = null, lost_reason = null
     where tenant_id = ? and conversation_id = ? and state = 'lost' returning purpose`,
    [trx.tenantId, conversationId],
  );
  return rows.map((row) => row.purpose).toSorted();
}

export async function hasActiveLink(trx: Trx, conversationId: string): Promise<boolean> {
  const rows = await query(
    trx,
    `select 1 from channel_links where tenant_id = ? and conversation_id = ? and state = 'active'`,
    [trx.tenantId, conversationId],
  );
  return rows.length > 0;
}

/** Where the card of an action stands, else where it would be posted; none when nothing is linked. */
export async function channelOfAction(trx: Trx, actionId: string, withIncidents: boolean): Promise<string[]> {
  const rows = await query<{ id: string }>(
    trx,
    `select l.conversation_id as id from channel_links l
     left join posted_cards p on p.tenant_id = l.tenant_id and p.conversation_id = l.conversation_id
       and p.entity_type = 'action' and p.entity_id = ?
     where l.tenant_id = ? and l.state = 'active'
       and (p.entity_id is not null or l.purpose = 'alerts' or (l.purpose = 'escalations' and ?::boolean))
     order by p.entity_id is null, l.purpose = 'alerts', l.conversation_id limit 1`,
    [actionId, trx.tenantId, withIncidents],
  );
  return rows.map((row) => row.id);
}

/** Where admins of the tenant read what concerns them, if anything is linked: reports, else alerts, else escalations. */
export async function channelForAdmins(trx: Trx): Promise<string[]> {
  const rows = await query<{ id: string }>(
    trx,
    `select conversation_id as id from channel_links where tenant_id = ? and state = 'active'
     order by purpose = 'reports' desc, purpose = 'alerts' desc limit 1`,
    [trx.tenantId],
  );
  return rows.map((row) => row.id);
}
