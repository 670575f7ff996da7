import type { Logger } from 'pino';
import type { AlertUpdates, DeviceActions } from '../domain/actions/action-gateway.js';
import type { TeamsGateway } from '../domain/channels/teams-gateway.js';
import type { ChannelService } from '../domain/services.js';
import type { Database } from '../domain/transaction.js';
import { createDeliveryLoop } from './delivery/loop.js';
import type { DeliveryLoopOptions } from './delivery/loop.js';
import { createSignals } from './delivery/signals.js';
import { handlersOf } from './handlers.js';
import type { SyncSeconds } from './sync/context.js';
import type { SyncSources } from './tasks/sync-sources.js';
import { createWorker } from './worker.js';

export interface JobsOptions {
  readonly pools: Database;
  /** Login avian_system, for the connection that listens for deliveries. */
  readonly systemUrl: string;
  /** Login avian_worker. */
  readonly workerUrl: string;
  readonly log: Logger;
}

export interface JobParts {
  readonly gateway: TeamsGateway;
  readonly channels: Pick<ChannelService, 'lose'>;
  readonly sources: SyncSources;
  /** Null when no application for acting is configured. */
  readonly deviceActions: DeviceActions | null;
  readonly alertUpdates: AlertUpdates | null;
  /** Nothing is ever sent to Microsoft, whatever a tenant has set. */
  readonly forceDryRun: boolean;
  /** The applications' credentials and when they end, as they are now. */
  readonly credentialEnds: () => readonly { readonly app: string; readonly endsAt: Date }[];
  /** For tenants that set none. */
  readonly syncSeconds: SyncSeconds;
  /** A folder of sandbox data: every item becomes an alert. */
  readonly takeEverything: boolean;
  /** Other limits and spans than those of Teams. */
  readonly delivery?: Pick<DeliveryLoopOptions, 'limits' | 'times'> | undefined;
}

export interface Jobs {
  /** The pools, and commits through them wake deliveries: give this one to everybody. */
  readonly database: Database;
  start(parts: JobParts): Promise<void>;
  /** Ends what is in flight, within 5 s. */
  stop(): Promise<void>;
}

/** All work of this process that nobody clicked for: one delivery loop and one worker of the queue. */
export function createJobs({ pools, systemUrl, workerUrl, log }: JobsOptions): Jobs {
  const signals = createSignals({ sql: pools.system, log });
  const database: Database = { ...pools, onCommit: signals.notify };
  const closing: (() => Promise<void>)[] = [];
  const start = async (parts: JobParts) => {
    const { gateway, channels } = parts;
    const loop = createDeliveryLoop({ ...parts.delivery, db: database, gateway, channels, log, listenUrl: systemUrl });
    const worker = createWorker({ url: workerUrl, handlers: handlersOf(database, parts, log), log });
    closing.push(
      () => loop.stop(),
      () => worker.stop(),
    );
    loop.start();
    await worker.start();
  };
  const stop = async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    await signals.close();
  };
  return { database, start, stop };
}
