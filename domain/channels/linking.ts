import type { Database, Trx } from '../../database/transaction.js';
import { inTenant } from '../../database/transaction.js';
import type { Actor } from '../access/actor.js';
import { admit } from '../access/admit.js';
import { authorise } from '../access/authorise.js';
import { recordAudit } from '../audit/record.js';
import { auditingRefusals } from '../audit/refusals.js';
import { DomainError } from '../errors.js';
import { sentences } from '../sentences.js';
import type { LinkPurpose } from '../services.js';
import { tellOfEarlierSyncs } from '../sync/first-sync.js';
import { changeLinks } from './link-lock.js';
import * as links from './links.js';
import { dropPending } from './outbox.js';
import { postOpenCards } from './posted-cards.js';

export interface LinkRequest {
  readonly actor: Actor;
  readonly conversationId: string;
  readonly activityId: string | null;
}

/** An admin's act on a conversation: authorised, in one transaction, refusals audited. */
function administering<T>(
  db: Database,
  action: string,
  request: LinkRequest,
  work: (trx: Trx) => Promise<T>,
): Promise<T> {
  const { actor, conversationId, activityId } = request;
  const attempt = { actor, action, entityType: 'conversation', entityId: conversationId, activityId };
  return auditingRefusals(db, attempt, async () => {
    authorise(actor, 'administer');
    return inTenant(db, actor.tenantId, async (trx) => {
      await changeLinks(trx);
      await admit(trx, actor, activityId);
      return work(trx);
    });
  });
}

/** One channel has a purpose: linking it elsewhere moves it. Resolves to the sentence for the admin. */
export function linkConversation(db: Database, request: LinkRequest, purpose: LinkPurpose): Promise<string> {
  return administering(db, 'channel.link', request, async (trx) => {
    const { conversationId, actor } = request;
    await claim(trx, conversationId);
    const left = await links.endLinksElsewhere(trx, conversationId, purpose);
    if (!(await links.activateLink(trx, conversationId, purpose, actor.userId)))
      return sentences.alreadyLinked(purpose);
    for (const other of left) await links.releaseIfUnlinked(trx, other);
    await audit(trx, 'channel.link', request, { purpose, movedFrom: left[0] ?? null });
    if (purpose !== 'escalations') await tellOfEarlierSyncs(trx);
    const posting = await postOpenCards(trx, conversationId, [purpose]);
    return left.length > 0 ? sentences.linkMoved(purpose, posting) : sentences.linked(purpose, posting);
  });
}

/** `purpose` null ends all links of the conversation. Resolves to the sentence for the admin. */
export function unlinkConversation(db: Database, request: LinkRequest, purpose: LinkPurpose | null): Promise<string> {
  return administering(db, 'channel.unlink', request, async (trx) => {
    const { conversationId } = request;
    const ended = await links.removeLinks(trx, conversationId, purpose);
    if (ended.length === 0) return sentences.nothingLinked;
    if (!(await links.hasActiveLink(trx, conversationId))) await dropPending(trx, conversationId, 'unlinked');
    await links.releaseIfUnlinked(trx, conversationId);
    await audit(trx, 'channel.unlink', request, { purposes: ended });
    return sentences.unlinked(ended);
  });
}

async function claim(trx: Trx, conversationId: string): Promise<void> {
  const found = await links.findConversation(trx, conversationId);
  if (!found) throw new DomainError('not_found', sentences.conversationUnknown);
  if (found.kind === 'personal') throw new DomainError('invalid', sentences.linkOnlyInChannels);
  if (!(await links.claimConversation(trx, conversationId)))
    throw new DomainError('refused', sentences.conversationTaken);
}

async function audit(trx: Trx, action: string, request: LinkRequest, after: unknown): Promise<void> {
  await recordAudit(trx, {
    by: { kind: 'person', id: request.actor.userId },
    action,
    entity: { type: 'conversation', id: request.conversationId },
    after,
    activityId: request.activityId,
  });
}
