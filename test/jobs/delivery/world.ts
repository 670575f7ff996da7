import { pino } from 'pino';
import type { DeliveryTimes } from '../../../jobs/delivery/context.js';
import { teamsLimits } from '../../../jobs/delivery/limits.js';
import type { DeliveryLimits } from '../../../jobs/delivery/limits.js';
import { createDeliveryLoop } from '../../../jobs/delivery/loop.js';
import type { DeliveryLoop, DeliveryLoopOptions } from '../../../jobs/delivery/loop.js';
import type { TestDatabase } from '../../helpers/database.js';
import type { TestChannel } from './channel.js';
import type { PretendTeams } from './pretend-teams.js';

export const silent = pino({ level: 'silent' });

/** The documented limits with every window so many times shorter. */
export function scaledLimits(factor: number): DeliveryLimits {
  return {
    ...teamsLimits,
    windows: teamsLimits.windows.map(({ ms, max }) => ({ ms: ms / factor, max })),
    tenant: { ms: 1_000, max: 10_000 },
  };
}

/** Quick enough for tests; the limits are out of the way unless given. */
export const quick: Partial<DeliveryTimes> = { pollMs: 40, backOffMs: 20, leaseMs: 2_000, sendMs: 1_000, keepMs: 10 };

export interface LoopWorld {
  start(options?: Partial<DeliveryLoopOptions>): DeliveryLoop;
  readonly lost: string[];
  stopAll(): Promise<void>;
}

export function loopWorld(base: TestDatabase, teams: () => PretendTeams): LoopWorld {
  const loops: DeliveryLoop[] = [];
  const lost: string[] = [];
  const start = (options: Partial<DeliveryLoopOptions> = {}) => {
    const loop = createDeliveryLoop({
      db: base.db,
      gateway: teams().gateway,
      channels: { lose: (conversationId) => Promise.resolve(void lost.push(conversationId)) },
      log: silent,
      limits: scaledLimits(1_000),
      times: quick,
      ...options,
    });
    loops.push(loop);
    loop.start();
    return loop;
  };
  const stopAll = async () => {
    await Promise.all(loops.splice(0).map((loop) => loop.stop()));
    lost.length = 0;
  };
  return { start, lost, stopAll };
}

/** Resolves when nothing of the channel is pending any more. */
export async function settled(base: TestDatabase, channels: readonly TestChannel[]): Promise<void> {
  const ids = channels.map((channel) => channel.tenantId);
  for (;;) {
    const left = await base
      .admin<{ id: string; tenant_id: string; state: string }>('outbox')
      .whereIn('tenant_id', ids)
      .where({ state: 'pending' })
      .first('id');
    if (!left) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
