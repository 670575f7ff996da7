import type { Logger } from 'pino';
import type { AlertSource } from '../domain/alerts/alert-source.js';
import type { TeamsGateway } from '../domain/channels/teams-gateway.js';
import type { ChannelService } from '../domain/services.js';
import type { Database } from '../domain/transaction.js';
import { createDeliveryLoop } from './delivery/loop.js';
import type { DeliveryLoopOptions } from './delivery/loop.js';
import { createSignals } from './delivery/signals.js';
import type { TaskHandlers } from './queue/tasks.js';
import { retentionTask } from './tasks/retention.js';
import { scheduleSyncsTask } from './tasks/schedule-syncs.js';
import { sealAuditTask } from './tasks/seal-audit.js';
import { syncTasks } from './tasks/sync-sources.js';
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
  readonly source: AlertSource;
  /** Seconds between two alert syncs, for tenants that set none. */
  readonly syncSeconds: number;
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

/** A task without a handler does not compile. */
function handlersOf(db: Database, parts: JobParts, log: Logger): TaskHandlers {
  const { source, syncSeconds: alerts, takeEverything } = parts;
  const syncSeconds = { alerts, devices: 900, compliance: 3_600, vulnerabilities: 21_600, vulnerabilitiesFull: 86_400 };
  return {
    ...syncTasks({ db, log, syncSeconds }, { alerts: source }, takeEverything),
    schedule_syncs: scheduleSyncsTask(db),
    seal_audit: sealAuditTask(db, log),
    retention: retentionTask(db),
  };
}
