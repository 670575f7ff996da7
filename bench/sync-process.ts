import type { LoginUrls } from '../database/login-urls.js';
import { openDatabase } from '../database/pool.js';
import { inTenant } from '../database/transaction.js';
import type { Database } from '../database/transaction.js';
import { storePosture } from '../domain/posture/posture-store.js';
import { syncSources } from '../domain/sync/source.js';
import type { SyncSource } from '../domain/sync/source.js';
import { alertSync } from '../jobs/sync/alerts.js';
import { complianceSync } from '../jobs/sync/compliance.js';
import type { SourceSync } from '../jobs/sync/context.js';
import { deviceSync } from '../jobs/sync/devices.js';
import { runSync } from '../jobs/sync/run.js';
import { vulnerabilitySync } from '../jobs/sync/vulnerabilities.js';
import { microsoftCloud } from '../microsoft/cloud.js';
import { connectMicrosoft } from '../microsoft/connect.js';
import { defaultRetryPolicy } from '../microsoft/retry.js';
import { sandboxApp } from '../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../sandbox/cloud/transport.js';
import { answerParent } from './peer.js';
import { quietLog } from './quiet-log.js';

export interface SyncQuestion {
  readonly urls: LoginUrls;
  readonly cloudUrl: string;
  readonly tenantId: string;
  /** Every alert becomes a card, whatever its age. */
  readonly takeEverything: boolean;
}

export interface SyncAnswer {
  /** Milliseconds of each source. */
  readonly spent: Readonly<Record<SyncSource, number>>;
  readonly postureMs: number;
  /** The most that was ever resident, in bytes, as the system says. */
  readonly peak: number;
}

const order = ['devices', 'compliance', 'vulnerabilities', 'alerts'] as const satisfies readonly SyncSource[];
const day = 86_400;
const syncSeconds = { ...Object.fromEntries(syncSources.map((source) => [source, day])), vulnerabilitiesFull: day };

/**
 * Syncs a tenant as the jobs do, one source after the other, with the real sources; without a budget of requests, and without
 * the pauses that keep exports below Microsoft's 30 requests a minute.
 */
answerParent<SyncQuestion>(async (question) => {
  const { urls, tenantId } = question;
  const db = await openDatabase({ appUrl: urls.database, systemUrl: urls.system, name: 'avian-bench-sync' });
  const spent: Partial<Record<SyncSource, number>> = {};
  const syncs = syncsOf(question);
  for (const source of order) spent[source] = await timed(() => syncOnce(db, syncs[source], tenantId));
  const postureMs = await timed(() => inTenant(db, tenantId, storePosture));
  await db.close();
  return { spent, postureMs, peak: process.resourceUsage().maxRSS * 1_024 };
});

function syncsOf({ cloudUrl, takeEverything }: SyncQuestion): Record<SyncSource, SourceSync> {
  const { clientId, secret } = sandboxApp;
  const { sources } = connectMicrosoft({
    reader: () => ({ clientId, credentials: [{ kind: 'secret', secret }] }),
    actor: null,
    cloud: microsoftCloud('worldwide'),
    transport: sandboxTransport(cloudUrl),
    log: quietLog,
    retry: { ...defaultRetryPolicy, wait: () => Promise.resolve() },
  });
  return {
    devices: deviceSync(sources.machines),
    compliance: complianceSync(sources.managedDevices),
    vulnerabilities: vulnerabilitySync(sources.vulnerabilities),
    alerts: alertSync(sources.alerts, takeEverything),
  };
}

async function syncOnce(db: Database, sync: SourceSync, tenantId: string): Promise<void> {
  const seconds = syncSeconds as Record<SyncSource | 'vulnerabilitiesFull', number>;
  await runSync({ db, log: quietLog, syncSeconds: seconds }, sync, tenantId, new AbortController().signal);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
