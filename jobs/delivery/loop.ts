import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { claimLanes, laneKey, releaseLanes } from '../../domain/channels/lane-store.js';
import type { Lane } from '../../domain/channels/lane-store.js';
import type { TeamsGateway } from '../../domain/channels/teams-gateway.js';
import type { ChannelService } from '../../domain/services.js';
import { inSystem } from '../../domain/transaction.js';
import type { Database } from '../../domain/transaction.js';
import { createAlarm } from './alarm.js';
import type { Alarm } from './alarm.js';
import { entityCards } from './cards.js';
import type { EntityCards } from './cards.js';
import { deliveryTimes } from './context.js';
import type { DeliveryContext, DeliveryTimes } from './context.js';
import { deliverLane } from './lane.js';
import { teamsLimits } from './limits.js';
import type { DeliveryLimits } from './limits.js';
import { createListener } from './listener.js';
import { createTenantPace } from './tenant-pace.js';

export interface DeliveryLoopOptions {
  readonly db: Database;
  readonly gateway: TeamsGateway;
  /** Told when a conversation takes no more messages. */
  readonly channels: Pick<ChannelService, 'lose'>;
  readonly log: Logger;
  /** Login avian_system, for a connection of its own that listens for work; without it the loop looks every `pollMs`. */
  readonly listenUrl?: string;
  readonly cards?: EntityCards;
  readonly limits?: DeliveryLimits;
  readonly times?: Partial<DeliveryTimes>;
  /** Lanes that are worked on at once. Default 8. */
  readonly lanes?: number;
  /** Rows of one lane before others have their turn. Default 20. */
  readonly slice?: number;
  /** This loop's uuid. */
  readonly owner?: string;
}

export interface DeliveryLoop {
  start(): void;
  /** Ends the requests in flight, begins nothing new and gives the lanes back: at most 5 s. */
  stop(): Promise<void>;
  /** There may be something to deliver. */
  wake(): void;
}

/** One per process. Claims conversations that have due work, over all tenants, and delivers each in order. */
export function createDeliveryLoop(options: DeliveryLoopOptions): DeliveryLoop {
  const stopping = new AbortController();
  const context = contextOf(options, stopping.signal);
  const alarm = createAlarm();
  const listener = options.listenUrl ? createListener(options.listenUrl, alarm.ring, options.log) : null;
  let running: Promise<void> | undefined;
  return {
    start: () => {
      listener?.start();
      running ??= run(context, alarm, options.lanes ?? 8);
    },
    wake: alarm.ring,
    stop: async () => {
      stopping.abort();
      alarm.ring();
      await Promise.all([running, listener?.stop()]);
    },
  };
}

function contextOf(options: DeliveryLoopOptions, stopping: AbortSignal): DeliveryContext {
  const limits = options.limits ?? teamsLimits;
  return {
    db: options.db,
    gateway: options.gateway,
    channels: options.channels,
    log: options.log,
    cards: options.cards ?? entityCards,
    limits,
    times: { ...deliveryTimes, ...options.times },
    pace: createTenantPace(limits.tenant),
    owner: options.owner ?? randomUUID(),
    slice: options.slice ?? 20,
    stopping,
  };
}

async function run(context: DeliveryContext, alarm: Alarm, lanes: number): Promise<void> {
  const active = new Map<string, Promise<void>>();
  let last: Lane | null = null;
  while (!context.stopping.aborted) {
    const claimed: Lane[] = await claim(context, lanes - active.size, last);
    last = claimed.at(-1) ?? last;
    // After an outage of the database a lease may be over although its lane is still worked on here.
    for (const lane of claimed.filter((one) => !active.has(laneKey(one)))) {
      const work = workOn(context, alarm, lane).finally(() => active.delete(laneKey(lane)));
      active.set(laneKey(lane), work);
    }
    await alarm.wait(context.times.pollMs);
  }
  await Promise.race([Promise.all(active.values()), alarm.after(context.times.stopMs)]);
  if (active.size > 0) context.log.warn({ lanes: active.size }, 'requests without an answer are left to their leases');
}

async function claim(context: DeliveryContext, limit: number, after: Lane | null): Promise<Lane[]> {
  if (limit <= 0) return [];
  const { owner, times } = context;
  try {
    return await inSystem(context.db, (trx) => claimLanes(trx, { owner, leaseMs: times.leaseMs, limit, after }));
  } catch (error) {
    context.log.warn({ err: error }, 'delivery cannot look for work; it tries again');
    return [];
  }
}

/** An error of the database leaves the lane to its lease, and every row as it was. */
async function workOn(context: DeliveryContext, alarm: Alarm, lane: Lane): Promise<void> {
  try {
    const left = await deliverLane(context, lane);
    if (left.taken) return;
    await releaseLanes(context.db, context.owner, lane);
    if (left.againInMs !== null) alarm.ringIn(left.againInMs);
    else alarm.ring();
  } catch (error) {
    context.log.error({ err: error, tenantId: lane.tenantId }, 'delivery to a conversation was interrupted');
    await releaseLanes(context.db, context.owner, lane).catch((reason: unknown) => {
      context.log.warn({ err: reason }, 'a lane could not be given back; its lease ends by itself');
    });
  }
}
