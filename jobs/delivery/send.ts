import { setTimeout as sleep } from 'node:timers/promises';
import { DeliveryError } from '../../domain/channels/teams-gateway.js';
import type { Lane } from '../../domain/channels/lane-store.js';
import type { Begun } from './begin.js';
import type { DeliveryContext } from './context.js';
import { settleFailed, settleSent } from './settle.js';
import type { Rest } from './settle.js';

export interface Sent {
  /** The row had its turn. */
  readonly accepted: boolean;
  readonly rest: Rest;
}

/** Sends what was begun, outside of any transaction, and records how it ended. */
export async function send(context: DeliveryContext, lane: Lane, begun: Begun): Promise<Sent> {
  const answer = await answerOf(context, begun);
  if (!(answer instanceof DeliveryError)) {
    await persistently(context, () => settleSent(context, lane, begun, answer));
    return { accepted: true, rest: 0 };
  }
  context.log.debug({ tenantId: lane.tenantId, outboxId: begun.row.id, fault: answer.fault }, answer.message);
  return { accepted: false, rest: await persistently(context, () => settleFailed(context, lane, begun, answer)) };
}

/** The activity id of a post or reply, null for an update, or what went wrong. */
async function answerOf(context: DeliveryContext, begun: Begun): Promise<string | null | DeliveryError> {
  const timer = new AbortController();
  const silence = sleep(context.times.sendMs, undefined, { signal: timer.signal, ref: false }).then(
    () => new DeliveryError('unknown', `no answer within ${context.times.sendMs / 1000} s`),
    () => null,
  );
  try {
    return await Promise.race([request(context, begun), silence]);
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    context.log.error({ err: error, outboxId: begun.row.id }, 'the gateway failed in a way of its own');
    return new DeliveryError('unknown', 'the gateway failed in a way of its own');
  } finally {
    timer.abort();
  }
}

async function request({ gateway }: DeliveryContext, { to, request }: Begun): Promise<string | null> {
  const { operation, activityId, content } = request;
  if (activityId === null) return gateway.post(to, content);
  if (operation === 'reply') return gateway.reply(to, activityId, content);
  await gateway.update(to, activityId, content);
  return null;
}

const patienceMs = 60_000;
const pauseMs = 250;

/** What Teams answered is known to this process only, so recording it is tried for as long as a database may be away. */
async function persistently<T>(context: DeliveryContext, record: () => Promise<T>): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await record();
    } catch (error) {
      const isLastTry = performance.now() > until || (context.stopping.aborted && tries >= 5);
      if (isLastTry) throw error;
      context.log.warn({ err: error }, 'the outcome of a delivery is not recorded yet');
      await sleep(Math.min(pauseMs * tries, 2_000));
    }
  }
}
