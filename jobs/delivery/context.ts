import type { Logger } from 'pino';
import type { Database } from '../../domain/transaction.js';
import type { ChannelService } from '../../domain/services.js';
import type { TeamsGateway } from '../../domain/channels/teams-gateway.js';
import type { EntityCards } from './cards.js';
import type { DeliveryLimits } from './limits.js';
import type { TenantPace } from './tenant-pace.js';

/** Spans of the delivery loop in milliseconds. */
export interface DeliveryTimes {
  /** Another loop may take a lane over when its owner was silent for so long. */
  readonly leaseMs: number;
  /** A request without an answer for so long has an unknown outcome; must be shorter than the lease. */
  readonly sendMs: number;
  /** Looks for due lanes at least so often. */
  readonly pollMs: number;
  /** A lane that must wait no longer than this is kept. */
  readonly keepMs: number;
  /** Back-off after the first failure without Retry-After, and the longest one. */
  readonly backOffMs: number;
  readonly backOffCapMs: number;
  /** `stop` gives requests in flight so long. */
  readonly stopMs: number;
}

export const deliveryTimes: DeliveryTimes = {
  leaseMs: 30_000,
  sendMs: 20_000,
  pollMs: 1_000,
  keepMs: 1_000,
  backOffMs: 1_000,
  backOffCapMs: 300_000,
  stopMs: 4_500,
};

/** What every part of the loop needs. */
export interface DeliveryContext {
  readonly db: Database;
  readonly gateway: TeamsGateway;
  readonly cards: EntityCards;
  readonly channels: Pick<ChannelService, 'lose'>;
  readonly limits: DeliveryLimits;
  readonly times: DeliveryTimes;
  readonly pace: TenantPace;
  readonly log: Logger;
  /** This loop's uuid. */
  readonly owner: string;
  /** Rows of one lane before others have their turn. */
  readonly slice: number;
  /** Aborted when the loop stops: nothing new begins. */
  readonly stopping: AbortSignal;
}
