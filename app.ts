import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { TeamsAdapter, type BotMode } from './bot/adapter.js';
import { createBot } from './bot/bot.js';
import { slashCommands } from './bot/commands/index.js';
import { createTeamsGateway } from './bot/delivery/gateway.js';
import { createMessages } from './bot/messages.js';
import { createRoster } from './bot/people.js';
import type { Config } from './config.js';
import { checkFitness } from './database/fitness.js';
import { openDatabase } from './database/pool.js';
import type { Database } from './database/transaction.js';
import { createServices } from './domain/create-services.js';
import { createRequestBudget } from './domain/sync/budget-store.js';
import type { RequestBudget } from './domain/sync/request-budget.js';
import { healthProbe, readinessProbe } from './domain/health/probes.js';
import { createHttpServer } from './http/server.js';
import type { Mount } from './http/mount.js';
import { createJobs } from './jobs/jobs.js';
import type { JobParts } from './jobs/jobs.js';
import { botTokenFor } from './microsoft/bot-token.js';
import { microsoftCloud } from './microsoft/cloud.js';
import { connectMicrosoft } from './microsoft/connect.js';
import type { Microsoft } from './microsoft/connect.js';
import { ofSecret } from './microsoft/credentials.js';
import { credentialsOf } from './microsoft/entra-apps.js';

export interface App {
  start(): Promise<{ readonly address: string; readonly isLocal: boolean }>;
  /** Takes no new work, finishes what it has, closes; within 10 s. Harmless before and during start. */
  stop(): Promise<void>;
}

/** An application of the pretend cloud. */
export interface PretendApp {
  readonly clientId: string;
  readonly secret: string;
}

/** What local mode puts in the place of Microsoft and Teams. */
export interface LocalMode {
  /** Ends at the pretend cloud whatever host the code believes to call. */
  readonly transport: typeof fetch;
  readonly reader: PretendApp;
  readonly actor: PretendApp;
  /** Instead of Microsoft's limits. */
  readonly budget?: RequestBudget;
  readonly mounts: readonly Mount[];
  /** Shorter windows and spans, where the pretend Teams has them too. */
  readonly delivery?: JobParts['delivery'];
  /** Called once the bot listens: the app is installed, channels are linked. */
  arrive(): Promise<void>;
  close(): Promise<void>;
}

export interface LocalOptions {
  readonly dataDir: string;
  readonly sandboxData: string | null;
  readonly migrationUrl: string;
  /** Where the bot listens, e.g. http://127.0.0.1:3978; known when it does. */
  readonly address: () => string;
  readonly commands: readonly { readonly title: string; readonly description: string }[];
  readonly log: Logger;
}

export type OpenLocalMode = (options: LocalOptions) => Promise<LocalMode>;

type Close = () => Promise<void>;

/** Requests in flight have so long when the program stops; jobs had up to 5 s before. */
const drainMs = 3_000;
/** A start that is under way may go on so long when the program is stopped. */
const startPatienceMs = 5_000;

/** The only place that knows every part. `openLocal` is loaded when needed, and only without Microsoft settings. */
export function createApp(config: Config, log: Logger, openLocal: () => Promise<OpenLocalMode> = loadSandbox): App {
  const closing: Close[] = [];
  let stopping = false;
  let starting: Promise<unknown> = Promise.resolve();
  let address = '';

  /** Ends a start that is overtaken by stop, which then also closes what has just been opened. */
  function remember(close: Close): void {
    closing.unshift(close);
    if (stopping) throw new Error('it was stopped while it started');
  }

  async function open() {
    const urls = await openServer(config, log, remember);
    const pools = await openDatabase({ appUrl: urls.database, systemUrl: urls.system });
    remember(() => pools.close());
    await checkFitness(pools);
    const jobs = createJobs({ pools, systemUrl: urls.system, workerUrl: urls.worker, log });
    const db: Database = jobs.database;
    const local = config.microsoft ? null : await openLocalMode(urls.migration);
    const adapter = new TeamsAdapter({ mode: botMode(config) });
    const microsoft = connectTo(config, local, db, log);
    const acting = { forceDryRun: config.forceDryRun, canAct: microsoft.deviceActions !== null };
    const services = createServices({ db, acting });
    const gateway = createTeamsGateway(adapter.connectors, log);
    const bot = createBot({ services, gateway, roster: createRoster(adapter.connectors, log), log });
    const http = createHttpServer({
      messages: createMessages(adapter, bot, log),
      health: healthProbe(db, config.credentialEnds),
      readiness: readinessProbe(db),
      mounts: local?.mounts ?? [],
      ownPagesOnly: local !== null,
      log,
    });
    const port = await http.listen(config.port, config.host);
    remember(() => http.close(drainMs));
    address = `http://${config.host}:${port}`;
    // Channels are linked before the first alerts come, so that their cards go out in the order of arrival.
    await local?.arrive();
    remember(() => jobs.stop());
    await jobs.start({
      gateway,
      channels: services.channels,
      ...microsoft,
      forceDryRun: config.forceDryRun,
      credentialEnds: config.credentialEnds,
      syncSeconds: config.syncSeconds,
      takeEverything: local !== null && config.sandboxData !== null,
      delivery: local?.delivery,
    });
    return { address, isLocal: local !== null };
  }

  async function openLocalMode(migrationUrl: string): Promise<LocalMode> {
    const open = await openLocal();
    const { dataDir, sandboxData } = config;
    const commands = slashCommands('team');
    const local = await open({ dataDir, sandboxData, migrationUrl, commands, log, address: () => address });
    remember(() => local.close());
    return local;
  }

  async function closeAll(): Promise<void> {
    for (const close of closing.splice(0))
      await close().catch((error: unknown) => log.error({ err: error }, 'Closing failed'));
  }

  return {
    start: () => {
      const opened = open();
      starting = opened.catch(() => undefined);
      return opened;
    },
    stop: async () => {
      stopping = true;
      await closeAll();
      await Promise.race([starting, pause(startPatienceMs, undefined, { ref: false })]);
      await closeAll();
    },
  };
}

interface ServerUrls {
  readonly database: string;
  readonly system: string;
  readonly worker: string;
  readonly migration: string;
}

async function openServer(config: Config, log: Logger, remember: (close: Close) => void): Promise<ServerUrls> {
  if (config.database) {
    const { app, system, worker, migration } = config.database;
    return { database: app, system, worker, migration: migration ?? '' };
  }
  const { openEmbeddedDatabase } = await import('./database/embedded/open.js');
  const embedded = await openEmbeddedDatabase({ dataDir: config.dataDir, log });
  remember(() => embedded.stop());
  return embedded.urls;
}

/** The compiler must not follow this path: dist/ has no sandbox. */
async function loadSandbox(): Promise<OpenLocalMode> {
  const path = './sandbox/local/local.js';
  return ((await import(path)) as { openLocalMode: OpenLocalMode }).openLocalMode;
}

function botMode(config: Config): BotMode {
  if (!config.microsoft) return { kind: 'local', host: config.host };
  const { bot } = config.microsoft;
  const cloud = microsoftCloud(config.cloud);
  return { kind: 'teams', appId: bot.clientId, cloud: config.cloud, acquireToken: botTokenFor(bot, cloud) };
}

function connectTo(config: Config, local: LocalMode | null, db: Database, log: Logger): Microsoft {
  const actor = local ? ofSecret(local.actor) : credentialsOf(config.microsoft?.actor ?? null);
  const reader = local ? ofSecret(local.reader) : credentialsOf(config.microsoft?.reader ?? null);
  if (!reader) throw new Error('No application reads alerts');
  return connectMicrosoft({
    reader,
    actor,
    cloud: microsoftCloud(config.cloud, { defenderHost: config.defenderHost ?? undefined }),
    transport: local?.transport ?? fetch,
    budget: local?.budget ?? createRequestBudget(db),
    log,
  });
}
