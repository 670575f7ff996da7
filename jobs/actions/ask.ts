import { askInChannel, askInPerson, remind } from '../../domain/actions/ask.js';
import { isWaiting, readAsks } from '../../domain/actions/ask-store.js';
import type { Ask, Asked } from '../../domain/actions/ask-store.js';
import { remindAfter } from '../../domain/actions/step-rules.js';
import { sharingLinks } from '../../domain/channels/link-lock.js';
import { minute, plus, second } from '../../domain/durations.js';
import { inTenant } from '../../domain/transaction.js';
import type { Trx } from '../../domain/transaction.js';
import { findChat } from './chat.js';
import type { AskContext } from './context.js';

/** For so long a chat that Teams does not open just now is tried again; then the person is named in the channel. */
const patience = 2 * minute;
const againIn = 15 * second;

interface Snapshot {
  readonly asks: readonly Ask[];
  readonly now: Date;
}

/**
 * Asks everybody who was not reached yet, and reminds once who was asked ten minutes ago, for as long as it is undecided.
 * Resolves to the milliseconds until there is something to do again, null for never.
 */
export async function askApprovers(
  context: AskContext,
  tenantId: string,
  asked: Asked,
  signal: AbortSignal,
): Promise<number | null> {
  const first = await snapshot(context, tenantId, asked);
  if (!first) return null;
  const unreachable: Ask[] = [];
  for (const ask of first.asks.filter(({ reached }) => reached === null)) {
    if (signal.aborted) return second;
    if (await isUnreachable(context, tenantId, asked, ask, first.now)) unreachable.push(ask);
  }
  if (unreachable.length > 0)
    await whileWaiting(context, tenantId, asked, (trx) => askInChannel(trx, asked, unreachable));
  const left = await snapshot(context, tenantId, asked);
  if (!left) return null;
  const due = left.asks.filter((ask) => isReminderDue(ask, left.now));
  if (due.length > 0) await whileWaiting(context, tenantId, asked, (trx) => remind(trx, asked, due));
  return waitOf(left);
}

/** Null when nothing is to be decided any more. */
function snapshot({ db }: AskContext, tenantId: string, asked: Asked): Promise<Snapshot | null> {
  return inTenant(db, tenantId, async (trx) =>
    (await isWaiting(trx, asked)) ? { asks: await readAsks(trx, asked), now: trx.now } : null,
  );
}

/** Nothing is said about what was decided while Teams was spoken to. */
async function whileWaiting(
  { db }: AskContext,
  tenantId: string,
  asked: Asked,
  work: (trx: Trx) => Promise<void>,
): Promise<void> {
  const all = async (trx: Trx) => ((await isWaiting(trx, asked)) ? work(trx) : undefined);
  await inTenant(db, tenantId, all, sharingLinks);
}

/** Asks the person in the personal chat; true when the person cannot be reached there, at least for too long. */
async function isUnreachable(
  context: AskContext,
  tenantId: string,
  asked: Asked,
  ask: Ask,
  now: Date,
): Promise<boolean> {
  const found = await findChat(context, tenantId, ask);
  if (found.is === 'later') return now >= plus(ask.createdAt, patience);
  if (found.is === 'none') return true;
  await whileWaiting(context, tenantId, asked, (trx) => askInPerson(trx, asked, ask.userId, found.id));
  return false;
}

const isReached = ({ reached }: Ask) => reached === 'personal' || reached === 'mention';

function isReminderDue(ask: Ask, now: Date): boolean {
  return isReached(ask) && ask.remindedAt === null && ask.askedAt !== null && now >= plus(ask.askedAt, remindAfter);
}

function waitOf({ asks, now }: Snapshot): number | null {
  const waits = asks.flatMap((ask) => {
    if (ask.reached === null) return [againIn];
    if (!isReached(ask) || ask.remindedAt !== null || ask.askedAt === null) return [];
    return [Math.max(0, +plus(ask.askedAt, remindAfter) - +now)].filter((wait) => wait > 0);
  });
  return waits.length === 0 ? null : Math.min(...waits);
}
