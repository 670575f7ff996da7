import { askElsewhere } from '../../domain/actions/ask-store.js';
import { isChatOfMember } from '../../domain/channels/personal-cards.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import {
  beginRequest,
  finishUnsent,
  keepPending,
  nextPending,
  readConversation,
  recentRequests,
} from '../../domain/channels/delivery-store.js';
import type { Pending } from '../../domain/channels/delivery-store.js';
import { renewLease, restLane } from '../../domain/channels/lane-store.js';
import type { Lane } from '../../domain/channels/lane-store.js';
import { dropPending } from '../../domain/channels/outbox.js';
import type { ConversationReference } from '../../domain/channels/teams-gateway.js';
import type { DeliveryContext } from './context.js';
import { memory, waitFor } from './limits.js';
import { afterUnknown, park } from './outcome.js';
import { prepare } from './prepare.js';
import type { Request } from './prepare.js';

/** A request that may leave now: it is noted in the log, and as being sent if it must not repeat. */
export interface Begun {
  readonly row: Pending;
  readonly request: Request;
  readonly to: ConversationReference;
  /** Failed requests of this lane in a row, before this one. */
  readonly failures: number;
}

export type Step =
  | { readonly is: 'begun'; readonly begun: Begun }
  /** The row was dropped, parked or postponed. */
  | { readonly is: 'settled' }
  /** The limits of the conversation are used up for so long. */
  | { readonly is: 'waiting'; readonly ms: number }
  | { readonly is: 'empty' }
  /** Another loop has the lane. */
  | { readonly is: 'taken' };

/** What a loop remembers of a lane while it holds it. */
export interface LaneMemory {
  /** Ids up to here had their turn; rows that stay pending wait until the others had theirs. */
  after: string;
  /** When requests left, oldest first; undefined until it is read. */
  sent: number[] | undefined;
}

/** One transaction: the lane's next row, the limits, the newest state; nothing leaves the process in it. */
export function beginNext(context: DeliveryContext, lane: Lane, memo: LaneMemory): Promise<Step> {
  return inTenant(context.db, lane.tenantId, async (trx): Promise<Step> => {
    const held = await renewLease(trx, lane.conversationId, context.owner, context.times.leaseMs);
    if (!held) return { is: 'taken' };
    const row = await nextPending(trx, lane.conversationId, memo.after);
    if (!row) return { is: 'empty' };
    const to = await destination(trx, lane);
    if (!to) return { is: 'empty' };
    if (row.wasSending) return settleInterrupted(context, trx, row);
    const wait = await waitNow(context, trx, lane, memo, { clock: held.clock, to });
    if (wait > 0) return { is: 'waiting', ms: wait };
    return begin(context, trx, lane, memo, { row, to, failures: held.failures });
  });
}

/** Null, with everything dropped, when the conversation is lost or does not serve this tenant any more. */
async function destination(trx: Trx, lane: Lane): Promise<ConversationReference | null> {
  const found = await readConversation(trx, lane.conversationId);
  const isPersonal = found?.to.kind === 'personal';
  const isServed = isPersonal ? await isChatOfMember(trx, lane.conversationId) : found?.tenantId === lane.tenantId;
  if (found && !found.isLost && isServed) return found.to;
  const why = isPersonal ? 'the person is no active member' : 'the conversation is unlinked';
  await dropPending(trx, lane.conversationId, found?.isLost ? 'the conversation is lost' : why);
  if (isPersonal) await askElsewhere(trx, lane.conversationId);
  return null;
}

/** The process that sent this row died before it knew the outcome. */
async function settleInterrupted(context: DeliveryContext, trx: Trx, row: Pending): Promise<Step> {
  await afterUnknown(context, trx, row, 'the process ended while it was sent');
  return { is: 'settled' };
}

/** Milliseconds until the limits allow one more request; a long wait is noted, so that the lane can be given back. */
async function waitNow(
  context: DeliveryContext,
  trx: Trx,
  lane: Lane,
  memo: LaneMemory,
  at: { clock: number; to: ConversationReference },
): Promise<number> {
  const known = memory(context.limits);
  memo.sent ??= await recentRequests(trx, lane.conversationId, known.ms, known.requests);
  const wait =
    waitFor(memo.sent, at.clock, context.limits) || context.pace.take(at.to.entraTenantId, performance.now());
  if (wait > context.times.keepMs) await restLane(trx, lane.conversationId, wait);
  return wait;
}

async function begin(
  context: DeliveryContext,
  trx: Trx,
  lane: Lane,
  memo: LaneMemory,
  begun: Omit<Begun, 'request'>,
): Promise<Step> {
  const { row } = begun;
  const prepared = await prepare(trx, lane.conversationId, row, context.cards);
  if (prepared.todo === 'send') {
    const at = await beginRequest(trx, lane.conversationId, row.id, prepared.request.operation);
    memo.sent = [...(memo.sent ?? []), at].slice(-memory(context.limits).requests);
    return { is: 'begun', begun: { ...begun, request: prepared.request } };
  }
  memo.after = row.id;
  if (prepared.todo === 'drop') await finishUnsent(trx, row, 'dropped', prepared.why);
  if (prepared.todo === 'park') await park(context, trx, row, prepared.why);
  if (prepared.todo === 'later') {
    await keepPending(trx, row.id, { why: prepared.why, unknownOutcomes: row.unknownOutcomes, waitMs: postponeMs });
  }
  return { is: 'settled' };
}

const postponeMs = 5_000;
