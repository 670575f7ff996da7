import { createApp } from '../../app.js';
import type { LocalMode } from '../../app.js';
import type { Config } from '../../config.js';
import type { SyncSource } from '../../domain/sync/source.js';
import { createLogger } from '../../log.js';
import type { DeliveryLimits } from '../../jobs/delivery/limits.js';
import { teamsLimits } from '../../jobs/delivery/limits.js';
import type { JobParts } from '../../jobs/jobs.js';
import { createSandboxCloud } from '../../sandbox/cloud/cloud.js';
import type { SandboxCloud } from '../../sandbox/cloud/cloud.js';
import { sandboxActor, sandboxApp, sandboxTenants } from '../../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../../sandbox/cloud/transport.js';
import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';
import { alex, channels, directory, seedCast } from './cast.js';
import type { TenantIds } from './cast.js';
import { testDatabase } from './database.js';
import type { TestDatabase, TestUrls } from './database.js';
import { until } from './until.js';

export interface RunningApp {
  /** http://127.0.0.1:port */
  readonly address: string;
  stop(): Promise<void>;
}

export interface Installation {
  readonly database: TestDatabase;
  readonly cloud: SandboxCloud;
  readonly teams: PretendTeams;
  readonly tenantIds: TenantIds;
  /** Lines that the application logged, as JSON. */
  readonly log: readonly string[];
  readonly apps: readonly RunningApp[];
  /** Another process of the same installation; Teams sends to all of them in turn. */
  startApp(): Promise<RunningApp>;
  /** What Teams sends while `work` runs goes to this process. */
  through<T>(app: RunningApp, work: () => Promise<T>): Promise<T>;
  /** Reads a tenant's alerts, or another source, at Microsoft now, and waits until that is over. */
  sync(tenant?: keyof TenantIds, source?: SyncSource): Promise<void>;
  /** Waits until nothing is left to deliver. */
  delivered(): Promise<void>;
  /** Has the jobs of an action on a device look after it now, and waits until they did. */
  acted(actionId: string): Promise<void>;
  close(): Promise<void>;
}

export interface InstallationOptions {
  readonly apps?: number;
  /** 0.01: the rate limits, here and in Teams, have windows a hundred times shorter. */
  readonly timeScale?: number;
  readonly times?: NonNullable<JobParts['delivery']>['times'];
  /** Where the application reaches the database, if not directly. */
  readonly reach?: (urls: TestUrls) => TestUrls;
}

/** Quick enough for tests: leases and waits are seconds instead of minutes. */
const quick = { pollMs: 100, backOffMs: 20, backOffCapMs: 500, leaseMs: 2_000, sendMs: 1_000, keepMs: 50 };

export function scaledLimits(timeScale: number): DeliveryLimits {
  const scaled = ({ ms, max }: { ms: number; max: number }) => ({ ms: ms * timeScale, max });
  return { ...teamsLimits, windows: teamsLimits.windows.map(scaled), tenant: scaled(teamsLimits.tenant) };
}

/** What createApp needs to run against pretend services of another place. */
export function localModeAt(cloudUrl: string, delivery: JobParts['delivery']): LocalMode {
  const nothing = () => Promise.resolve();
  return {
    transport: sandboxTransport(cloudUrl),
    reader: sandboxApp,
    actor: sandboxActor,
    // Stories read more often than Microsoft lets anybody.
    budget: () => Promise.resolve(0),
    mounts: [],
    ...(delivery && { delivery }),
    arrive: nothing,
    close: nothing,
  };
}

/** Nothing is read from Microsoft by itself after the first time: a test says when. */
export function configOf(urls: TestUrls, alertSyncSeconds = 86_400): Config {
  const database = { app: urls.app, system: urls.system, worker: urls.worker, migration: urls.migrator };
  return {
    port: 0,
    host: '127.0.0.1',
    logLevel: 'debug',
    dataDir: '',
    cloud: 'worldwide',
    database,
    microsoft: null,
    sandboxData: null,
    defenderHost: null,
    syncSeconds: {
      alerts: alertSyncSeconds,
      devices: 86_400,
      compliance: 86_400,
      vulnerabilities: 86_400,
      vulnerabilitiesFull: 86_400,
    },
    forceDryRun: false,
    credentialEnds: () => [],
    secrets: [],
  };
}

/** The whole application, as app.ts puts it together, between a pretend Microsoft and a pretend Teams of its own. */
export async function openInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const { timeScale = 0.001, times, reach = (urls: TestUrls) => urls } = options;
  const database = await testDatabase();
  const tenantIds = await seedCast(database.admin);
  const cloud = createSandboxCloud({
    tenants: sandboxTenants.map((tenant) => ({ ...tenant, alerts: [] })),
    requestsPerMinute: 100_000,
    actionDelays: { isolate: 0, unisolate: 0, scan: 0 },
  });
  const cloudServer = await cloud.listen();
  const apps: RunningApp[] = [];
  let turn = 0;
  let only: RunningApp | null = null;
  const teams = createPretendTeams({
    directory,
    timeScale,
    botEndpoint: () => `${(only ?? apps[turn++ % apps.length])?.address ?? ''}/api/messages`,
  });
  await teams.listen();
  const log: string[] = [];
  const delivery = { limits: scaledLimits(timeScale), times: { ...quick, ...times } };
  const open = () => Promise.resolve(localModeAt(cloudServer.url, delivery));

  const startApp = async (): Promise<RunningApp> => {
    const logger = createLogger('debug', [], { write: (line: string) => void log.push(line) });
    const app = createApp(configOf(reach(database.urls)), logger, () => Promise.resolve(open));
    const { address } = await app.start();
    const running: RunningApp = {
      address,
      stop: async () => {
        if (apps.includes(running)) apps.splice(apps.indexOf(running), 1);
        await app.stop();
      },
    };
    apps.push(running);
    return running;
  };
  const through = async <T>(app: RunningApp, work: () => Promise<T>): Promise<T> => {
    only = app;
    try {
      return await work();
    } finally {
      only = null;
    }
  };
  const close = async () => {
    for (const app of [...apps]) await app.stop();
    await teams.close();
    await cloudServer.close();
    await database.drop();
  };

  for (let number = 0; number < (options.apps ?? 1); number += 1) await startApp();
  await firstSyncs(database);
  await linkChannels(teams);
  const installation = { database, cloud, teams, tenantIds, log, apps, startApp, through, close };
  return {
    ...installation,
    sync: (tenant = 'contoso', source = 'alerts') => sync(database, tenantIds[tenant], source),
    delivered: () => delivered(database),
    acted: (actionId) => acted(database, actionId),
  };
}

/** `evenBusy`: syncs go on by themselves, so that the queue never rests. */
export async function firstSyncs({ admin }: TestDatabase, evenBusy = false): Promise<void> {
  await until('every tenant was read once', async () => {
    const done = await admin('sync_cursors')
      .where('source', 'alerts')
      .whereNotNull('last_success_at')
      .select('tenant_id');
    return done.length === sandboxTenants.length && (evenBusy || (await isIdle(admin)));
  });
}

/** As in a real installation: the app is added to the team, then an admin links each channel. */
export async function linkChannels(teams: PretendTeams): Promise<void> {
  await teams.addApp(channels.contosoAlerts);
  const link = (channel: string, what: string) =>
    teams.say(alex.name, channel, `<at>${directory.botName}</at> ${what}`);
  await link(channels.contosoAlerts, 'link alerts Contoso');
  await link(channels.contosoIncidents, 'link escalations Contoso');
  await link(channels.fabrikamAlerts, 'link alerts Fabrikam');
}

type Admin = TestDatabase['admin'];

/** No job of the queue runs. */
async function isIdle(admin: Admin): Promise<boolean> {
  return (await admin('graphile_worker._private_jobs').whereNotNull('locked_at').select('id')).length === 0;
}

/** A job beside the tenant's own, once the queue rests: two that meet would postpone each other. */
async function sync({ admin }: TestDatabase, tenantId: string, source: SyncSource): Promise<void> {
  const runs = async () =>
    Number(
      (await admin('sync_runs').where({ tenant_id: tenantId, source }).whereNotNull('outcome').count()).at(0)?.[
        'count'
      ],
    );
  await until('the queue is idle', () => isIdle(admin));
  const before = await runs();
  await admin.raw(`select graphile_worker.add_job(?, json_build_object('tenantId', ?::text))`, [
    `sync_${source}`,
    tenantId,
  ]);
  await until('the sync is over', async () => (await runs()) > before && (await isIdle(admin)));
}

async function delivered({ admin }: TestDatabase): Promise<void> {
  const isDone = async () => (await admin('outbox').where({ state: 'pending' }).select('id').limit(1)).length === 0;
  await until('nothing is left to deliver', isDone, 60_000);
}

async function acted({ admin }: TestDatabase, actionId: string): Promise<void> {
  await admin.raw(
    `select graphile_worker.add_job('device_action', json_build_object('tenantId', tenant_id, 'actionId', id),
       job_key := tenant_id || '/action/' || id) from edr_actions where id = ?`,
    [actionId],
  );
  await until('the queue has nothing to do now', async () => {
    const due = await admin('graphile_worker._private_jobs').whereRaw('run_at <= now() and attempts < max_attempts');
    return due.length === 0;
  });
  await delivered({ admin } as TestDatabase);
}
