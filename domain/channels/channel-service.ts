import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import { grantOf } from '../access/capabilities.js';
import { recordAudit } from '../audit/record.js';
import { DomainError } from '../errors.js';
import { isUuid } from '../query.js';
import { sentences } from '../sentences.js';
import type { ChannelService, LinkPurpose } from '../services.js';
import { storable } from '../text.js';
import type { LostConversation } from './conversations.js';
import { channelsOfTeam, keepConversation, loseConversation, reviveChannels } from './conversations.js';
import { changeLinks } from './link-lock.js';
import { linkConversation, unlinkConversation } from './linking.js';
import { channelForAdmins, loseLinks, reviveLinks } from './links.js';
import { dropPending, enqueueNotices, markStale } from './outbox.js';
import { entityExists, forgetOpenCards, postOpenCards, recogniseCard } from './posted-cards.js';

export function createChannelService(db: Database): ChannelService {
  const lose: ChannelService['lose'] = async (conversationId, why, entraTenantId) => {
    const lost = await loseConversation(db, conversationId, storable(why, 500), entraTenantId ?? null);
    if (!lost?.tenantId) return;
    await inTenant(db, lost.tenantId, (trx) => goAway(trx, conversationId, lost, storable(why, 500)));
  };
  return {
    async remember(reference, names) {
      const lostFor = await keepConversation(db, reference, names);
      if (lostFor === null) throw new DomainError('refused', sentences.entraNotAccepted);
      for (const tenantId of lostFor) await inTenant(db, tenantId, (trx) => comeBack(trx, reference.conversationId));
    },
    lose,
    async loseTeam(teamId, why, entraTenantId) {
      for (const id of await channelsOfTeam(db, teamId, entraTenantId)) await lose(id, why, entraTenantId);
    },
    async reviveTeam(teamId, entraTenantId) {
      for (const { conversationId, tenantId } of await reviveChannels(db, teamId, entraTenantId))
        await inTenant(db, tenantId, (trx) => comeBack(trx, conversationId));
    },
    link: (actor, conversationId, purpose, activityId) =>
      linkConversation(db, { actor, conversationId, activityId }, purpose),
    unlink: (actor, conversationId, purpose, activityId) =>
      unlinkConversation(db, { actor, conversationId, activityId }, purpose),
    async noticeCard(actor, entity, entityId, conversationId, activityId) {
      if (!isUuid(entityId) || grantOf(actor.role, 'read') === 'no') return;
      await inTenant(db, actor.tenantId, async (trx) => {
        if (!(await entityExists(trx, entity, entityId))) return;
        if (await recogniseCard(trx, entity, entityId, { conversationId, activityId }))
          await markStale(trx, [{ entity, id: entityId, mode: 'refresh' }]);
      });
    },
  };
}

/** Only the transaction that revives the links posts the open cards, so they come once. */
async function comeBack(trx: Trx, conversationId: string): Promise<void> {
  await changeLinks(trx);
  const purposes = await reviveLinks(trx, conversationId);
  if (purposes.length === 0) return;
  await forgetOpenCards(trx, conversationId);
  const cards = await postOpenCards(trx, conversationId, purposes);
  await audit(trx, 'channel.return', conversationId, purposes, { cards });
}

async function goAway(trx: Trx, conversationId: string, lost: LostConversation, why: string): Promise<void> {
  const purposes = await loseLinks(trx, conversationId, why);
  if (purposes.length === 0) return;
  await dropPending(trx, conversationId, 'lost');
  const tell = lost.tell.length > 0 ? lost.tell : await channelForAdmins(trx);
  await enqueueNotices(trx, tell, `lost:${conversationId}`, sentences.channelLost(lost.name, purposes, why));
  await audit(trx, 'channel.lost', conversationId, purposes, { why, told: tell.length });
}

async function audit(
  trx: Trx,
  action: string,
  conversationId: string,
  purposes: readonly LinkPurpose[],
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  const entity = { type: 'conversation', id: conversationId };
  await recordAudit(trx, { by: { kind: 'system', id: 'channels' }, action, entity, after: { purposes, ...more } });
}
