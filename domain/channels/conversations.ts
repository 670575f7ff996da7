import type { Database } from '../../database/transaction.js';
import { inSystem } from '../../database/transaction.js';
import type { ConversationReference } from './teams-gateway.js';

/** Installation-wide facts about conversations, through the cross-tenant login: they are known before a tenant is. */
export interface ConversationNames {
  readonly team: string | null;
  readonly teamId?: string | null;
  readonly channel: string | null;
  readonly aadObjectId: string | null;
}

/** Null when the Entra tenant is not accepted, so nothing was kept; else the tenants whose links of it are lost. */
export async function keepConversation(
  db: Database,
  reference: ConversationReference,
  names: ConversationNames,
): Promise<readonly string[] | null> {
  return inSystem(db, async ({ system }) => {
    const { rows } = await system.raw<{ rows: { accepted: boolean; lost: string[] }[] }>(
      `with accepted as (select from accepted_entra_tenants where entra_tenant_id = ?), kept as (
         insert into conversations as c (conversation_id, kind, service_url, entra_tenant_id, bot_id, team_name,
           team_id, channel_name, aad_object_id)
         select ?, ?, ?, ?, ?, ?, ?, ?, ?::uuid from accepted
         on conflict (conversation_id) do update set service_url = excluded.service_url, bot_id = excluded.bot_id,
           team_name = coalesce(excluded.team_name, c.team_name), team_id = coalesce(excluded.team_id, c.team_id),
           channel_name = coalesce(excluded.channel_name, c.channel_name),
           aad_object_id = coalesce(excluded.aad_object_id, c.aad_object_id),
           state = 'active', lost_reason = null, last_seen_at = greatest(app.now(), c.last_seen_at)
           where c.state <> 'active' or c.last_seen_at < app.now() - interval '1 hour'
             or (c.service_url, c.bot_id) is distinct from (excluded.service_url, excluded.bot_id)
             or (coalesce(excluded.team_name, c.team_name), coalesce(excluded.team_id, c.team_id),
               coalesce(excluded.channel_name, c.channel_name), coalesce(excluded.aad_object_id, c.aad_object_id))
               is distinct from (c.team_name, c.team_id, c.channel_name, c.aad_object_id))
       select exists (select from accepted) as accepted, array(select distinct tenant_id::text from channel_links
         where conversation_id = ? and state = 'lost') as lost`,
      [
        reference.entraTenantId,
        reference.conversationId,
        reference.kind,
        reference.serviceUrl,
        reference.entraTenantId,
        reference.botId,
        names.team,
        names.teamId ?? null,
        names.channel,
        names.aadObjectId,
        reference.conversationId,
      ],
    );
    return rows[0]?.accepted ? rows[0].lost : null;
  });
}

/** Active channels of an Entra tenant that serve this tenant, where its people may be looked up; lately used ones first. */
export async function channelsNear(
  db: Database,
  tenantId: string,
  entraTenantId: string,
): Promise<ConversationReference[]> {
  return inSystem(db, async ({ system }) => {
    const { rows } = await system.raw<{ rows: ConversationReference[] }>(
      `select c.conversation_id as "conversationId", c.kind, c.service_url as "serviceUrl",
         c.entra_tenant_id as "entraTenantId", c.bot_id as "botId"
       from conversations c where c.tenant_id = ? and c.entra_tenant_id = ? and c.state = 'active' and c.kind <> 'personal'
         and exists (select from channel_links l
           where l.tenant_id = c.tenant_id and l.conversation_id = c.conversation_id and l.state = 'active')
       order by c.last_seen_at desc, c.conversation_id limit 3`,
      [tenantId, entraTenantId],
    );
    return rows;
  });
}

export interface LostConversation {
  readonly name: string;
  /** The tenant it serves. */
  readonly tenantId: string | null;
  /** Personal chats of that tenant's admins, who are told. */
  readonly tell: readonly string[];
}

/** Null when it was never known, or lives in another Entra tenant than `entraTenantId`, for which null means any. */
export async function loseConversation(
  db: Database,
  conversationId: string,
  why: string,
  entraTenantId: string | null,
): Promise<LostConversation | null> {
  return inSystem(db, async ({ system }) => {
    const { rows } = await system.raw<{ rows: LostConversation[] }>(
      `update conversations c set state = 'lost', lost_reason = ? where c.conversation_id = ?
         and c.entra_tenant_id = coalesce(?::uuid, c.entra_tenant_id)
       returning coalesce(nullif(concat_ws(' / ', c.team_name, c.channel_name), ''), 'A conversation') as name,
         c.tenant_id as "tenantId", array(select p.conversation_id from tenant_members m
           join users u on u.id = m.user_id
           join conversations p on p.kind = 'personal' and p.state = 'active' and p.aad_object_id = u.aad_object_id
             and p.entra_tenant_id = u.entra_tenant_id
           where m.tenant_id = c.tenant_id and m.is_active and u.is_active
             and m.role in ('tenant_admin', 'super_admin') and p.conversation_id <> c.conversation_id) as tell`,
      [why, conversationId, entraTenantId],
    );
    return rows[0] ?? null;
  });
}

/** Channels of a team that take our messages, as far as we know. */
export async function channelsOfTeam(db: Database, teamId: string, entraTenantId: string): Promise<string[]> {
  return inSystem(db, async ({ system }) => {
    const { rows } = await system.raw<{ rows: { id: string }[] }>(
      `select conversation_id as id from conversations where team_id = ? and entra_tenant_id = ? and state = 'active'
       order by conversation_id`,
      [teamId, entraTenantId],
    );
    return rows.map((row) => row.id);
  });
}

/** Brings the lost channels of a team back; resolves to those with lost links, and the tenants of these. */
export async function reviveChannels(
  db: Database,
  teamId: string,
  entraTenantId: string,
): Promise<{ conversationId: string; tenantId: string }[]> {
  return inSystem(db, async ({ system }) => {
    await system.raw(
      `update conversations set state = 'active', lost_reason = null, last_seen_at = greatest(app.now(), last_seen_at)
       where team_id = ? and entra_tenant_id = ? and state = 'lost'`,
      [teamId, entraTenantId],
    );
    const { rows } = await system.raw<{ rows: { conversationId: string; tenantId: string }[] }>(
      `select distinct l.conversation_id as "conversationId", l.tenant_id::text as "tenantId" from channel_links l
       join conversations c using (conversation_id) where c.team_id = ? and c.entra_tenant_id = ? and l.state = 'lost'`,
      [teamId, entraTenantId],
    );
    return rows;
  });
}
