import { askElsewhere } from '../../domain/actions/ask-store.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import { recordAudit } from '../../domain/audit/record.js';
import { finishSent, finishUnsent, keepPending } from '../../domain/channels/delivery-store.js';
import { rateLane } from '../../domain/channels/lane-store.js';
import type { Lane } from '../../domain/channels/lane-store.js';
import { dropPending } from '../../domain/channels/outbox.js';
import { forgetShownCard, loseShownActivity, saveShownCard } from '../../domain/channels/shown-card-store.js';
import type { ShownCard } from '../../domain/channels/shown-card-store.js';
import type { DeliveryError, DeliveryFault } from '../../domain/channels/teams-gateway.js';
import { backOffMs } from '../back-off.js';
import type { Begun } from './begin.js';
import type { DeliveryContext } from './context.js';
import { afterUnknown, park } from './outcome.js';

/** Milliseconds for which the lane must rest; 0 = go on. */
export type Rest = number;

/** Records that a request was accepted; `activityId` is the answer to a post or reply. */
export function settleSent(
  context: DeliveryContext,
  lane: Lane,
  begun: Begun,
  activityId: string | null,
): Promise<Rest> {
  return inTenant(context.db, lane.tenantId, async (trx) => {
    const { row, request, failures } = begun;
    const card = shownCard(lane, begun);
    const shown = activityId ?? request.activityId;
    if (card && request.schema !== null && shown !== null) await saveShownCard(trx, card, shown, request.schema);
    await finishSent(trx, row);
    if (failures > 0) await rateLane(trx, lane.conversationId, 0, null);
    return 0;
  });
}

type Reaction = (context: DeliveryContext, trx: Trx, lane: Lane, begun: Begun, error: DeliveryError) => Promise<Rest>;

/** Records that a request failed, with the reaction that the fault asks for. */
export async function settleFailed(
  context: DeliveryContext,
  lane: Lane,
  begun: Begun,
  error: DeliveryError,
): Promise<Rest> {
  if (error.fault === 'lost') await context.channels.lose(lane.conversationId, error.message);
  return inTenant(context.db, lane.tenantId, (trx) => reactions[error.fault](context, trx, lane, begun, error));
}

const tryAgain: Reaction = async (context, trx, lane, begun, error) => {
  const { row } = begun;
  await keepPending(trx, row.id, { why: error.message, unknownOutcomes: row.unknownOutcomes });
  return rest(context, trx, lane, begun, error.retryAfterMs);
};

const unknown: Reaction = async (context, trx, lane, begun, error) => {
  if (begun.request.operation === 'update') return tryAgain(context, trx, lane, begun, error);
  await afterUnknown(context, trx, begun.row, error.message);
  return rest(context, trx, lane, begun, error.retryAfterMs);
};

/** The card is posted again while the entity's work goes on; a line under a card that is gone is dropped. */
const gone: Reaction = async (context, trx, lane, begun, error) => {
  const { row, request } = begun;
  const card = shownCard(lane, begun);
  if (request.operation === 'post') return invalid(context, trx, lane, begun, error);
  if (request.operation === 'reply' || !card || request.activityId === null) {
    await finishUnsent(trx, row, 'dropped', error.message);
  } else if (request.isOpen) {
    await loseShownActivity(trx, card, request.activityId);
    await keepPending(trx, row.id, { why: error.message, unknownOutcomes: 0 });
  } else {
    await forgetShownCard(trx, card);
    await finishUnsent(trx, row, 'dropped', error.message);
  }
  return 0;
};

const lost: Reaction = async (context, trx, lane, begun, error) => {
  await dropPending(trx, lane.conversationId, error.message);
  if (begun.to.kind === 'personal') await askElsewhere(trx, lane.conversationId);
  await recordAudit(trx, {
    by: { kind: 'job', id: 'delivery' },
    action: 'delivery.stopped',
    outcome: 'failed',
    entity: { type: 'conversation', id: lane.conversationId },
    after: { why: error.message },
  });
  context.log.warn({ tenantId: lane.tenantId, why: error.message }, 'a conversation takes no more messages');
  return 0;
};

const invalid: Reaction = async (context, trx, _lane, begun, error) => {
  await park(context, trx, begun.row, error.message);
  return 0;
};

const reactions: Readonly<Record<DeliveryFault, Reaction>> = {
  throttled: tryAgain,
  retry: tryAgain,
  unknown,
  gone,
  lost,
  invalid,
};

/** Retry-After as it was given, else exponential back-off. */
async function rest(
  { times }: DeliveryContext,
  trx: Trx,
  lane: Lane,
  begun: Begun,
  retryAfterMs: number | undefined,
): Promise<Rest> {
  const failures = begun.failures + 1;
  const ms = retryAfterMs ?? backOffMs(failures, { baseMs: times.backOffMs, capMs: times.backOffCapMs });
  await rateLane(trx, lane.conversationId, failures, ms);
  return ms;
}

function shownCard(lane: Lane, { row }: Begun): ShownCard | null {
  if (row.kind !== 'card' || row.entityType === null || row.entityId === null) return null;
  return { entityType: row.entityType, entityId: row.entityId, conversationId: lane.conversationId };
}
