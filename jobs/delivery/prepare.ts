import { CARD_SCHEMA } from '../../cards/card.js';
import type { Trx } from '../../domain/transaction.js';
import { isWaiting } from '../../domain/actions/ask-store.js';
import { readHistoryLine } from '../../domain/audit/history-queries.js';
import { isCardPending } from '../../domain/channels/delivery-store.js';
import type { Operation, Pending } from '../../domain/channels/delivery-store.js';
import type { OutgoingContent } from '../../domain/channels/teams-gateway.js';
import type { CardedEntity } from '../../domain/channels/outbox.js';
import { cardedEntities } from './cards.js';
import type { EntityCards } from './cards.js';
import { askedFor, auditIdOf, historyLine, noticeContent } from './content.js';

/** What a row asks for, now that the newest state is known. */
export type Prepared =
  | { readonly todo: 'send'; readonly request: Request }
  /** Nothing is to be sent any more. */
  | { readonly todo: 'drop'; readonly why: string }
  /** It can never be sent as it is. */
  | { readonly todo: 'park'; readonly why: string }
  /** Its card comes first. */
  | { readonly todo: 'later'; readonly why: string };

export interface Request {
  readonly operation: Operation;
  readonly content: OutgoingContent;
  /** The activity to update or to reply to; null for a post. */
  readonly activityId: string | null;
  /** Schema number of the card; null when it is none. */
  readonly schema: number | null;
  /** The entity's work goes on, so a card that is gone is posted again. */
  readonly isOpen: boolean;
}

type Prepare = (trx: Trx, conversationId: string, row: Pending, cards: EntityCards) => Promise<Prepared>;

const drop = (why: string): Prepared => ({ todo: 'drop', why });

const prepareCard: Prepare = async (trx, _conversationId, row, cards) => {
  const entity = entityOf(row);
  if (!entity) return { todo: 'park', why: `there are no cards of ${row.entityType ?? 'nothing'}` };
  if (await isAskInVain(trx, row, entity)) return drop('it was decided before anybody was asked here');
  const card = await cards[entity.type](trx, entity.id);
  if (!card) return drop('the entity is gone');
  return drawn(row, () => {
    const { content, summary } = card.draw();
    const operation = row.activityId === null ? 'post' : 'update';
    return {
      operation,
      content: { card: content, summary, notify: operation === 'post' },
      activityId: row.activityId,
      schema: CARD_SCHEMA,
      isOpen: card.isOpen,
    };
  });
};

const prepareThread: Prepare = async (trx, conversationId, row) => {
  if (row.activityId === null) {
    const isPending = await isCardPending(trx, conversationId, row);
    return isPending ? { todo: 'later', why: 'its card is not posted yet' } : drop('there is no card to reply to');
  }
  const auditId = auditIdOf(row.payload);
  const entry = auditId === null ? null : await readHistoryLine(trx, auditId);
  if (!entry) return drop('the audit row is unknown');
  return drawn(row, () => message('reply', historyLine(entry), row.activityId));
};

const prepareNotice: Prepare = async (trx, _conversationId, row) => {
  const asked = askedFor(row.payload);
  if (asked && !(await isWaiting(trx, asked))) return drop('it was decided meanwhile');
  return drawn(row, () => message('post', noticeContent(row.payload), null));
};

const byKind: Readonly<Record<Pending['kind'], Prepare>> = {
  card: prepareCard,
  thread: prepareThread,
  notice: prepareNotice,
};

/** Reads the newest state for a row and draws what is to be sent. */
export const prepare: Prepare = (trx, conversationId, row, cards) => byKind[row.kind](trx, conversationId, row, cards);

function message(operation: Operation, content: OutgoingContent, activityId: string | null): Request {
  return { operation, content, activityId, schema: null, isOpen: false };
}

interface Entity {
  readonly type: CardedEntity;
  readonly id: string;
}

function entityOf(row: Pending): Entity | null {
  const type = cardedEntities.find((one) => one === row.entityType);
  return type && row.entityId !== null ? { type, id: row.entityId } : null;
}

/** A first card in a personal chat asks for a decision; without one to be made it would only disturb. */
async function isAskInVain(trx: Trx, row: Pending, { type, id }: Entity): Promise<boolean> {
  if (row.userId === null || row.activityId !== null) return false;
  return (type === 'action' || type === 'policy_change') && !(await isWaiting(trx, { entity: type, id }));
}

/** A thing that cannot be drawn must not hold up what stands behind it. */
function drawn(row: Pending, draw: () => Request): Prepared {
  try {
    return { todo: 'send', request: draw() };
  } catch (error) {
    return {
      todo: 'park',
      why: `the ${row.kind} could not be drawn: ${error instanceof Error ? error.message : 'unknown'}`,
    };
  }
}
