import { createApp } from '../app.js';
import type { App, OpenLocalMode } from '../app.js';
import { readConfig } from '../config.js';
import { openPool } from '../database/pool.js';
import { acceptEntraTenant, addMember, addTenant, grantInstallationAdmin } from '../domain/access/provision.js';
import { teamsLimits } from '../jobs/delivery/limits.js';
import { sandboxActor, sandboxApp } from '../sandbox/cloud/tenants.js';
import type { SandboxTenant } from '../sandbox/cloud/tenants.js';
import { sandboxTransport } from '../sandbox/cloud/transport.js';
import type { Directory } from '../sandbox/teams/directory.js';
import { answerParent } from './peer.js';
import { quietLog } from './quiet-log.js';

export type MemoryQuestion =
  | {
      readonly ask: 'start';
      readonly dataDir: string;
      readonly cloudUrl: string;
      readonly directory: Directory;
      readonly customers: readonly SandboxTenant[];
      readonly timeScale: number;
    }
  | { readonly ask: 'sample' };

export interface MemorySample {
  /** Bytes, after garbage collection. */
  readonly rss: number;
  readonly heapUsed: number;
}

let app: App | undefined;

/** The application as `npm start` makes it; only Microsoft and Teams, which local mode brings along, are in another process. */
answerParent<MemoryQuestion>(
  async (question) => (question.ask === 'sample' ? sample() : start(question)),
  async () => app?.stop(),
);

async function start(given: Extract<MemoryQuestion, { ask: 'start' }>): Promise<string> {
  const { timeScale } = given;
  const config = readConfig({ PORT: '0', DATA_DIR: given.dataDir }, { production: false });
  const windows = teamsLimits.windows.map(({ ms, max }) => ({ ms: ms * timeScale, max }));
  const limits = { ...teamsLimits, windows, tenant: { ...teamsLimits.tenant, ms: teamsLimits.tenant.ms * timeScale } };
  const open: OpenLocalMode = async ({ migrationUrl }) => {
    await seed(migrationUrl, given.directory, given.customers);
    return {
      transport: sandboxTransport(given.cloudUrl),
      reader: sandboxApp,
      actor: sandboxActor,
      mounts: [],
      delivery: { limits },
      arrive: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  };
  app = createApp(config, quietLog, () => Promise.resolve(open));
  return (await app.start()).address;
}

async function seed(url: string, { tenants }: Directory, customers: readonly SandboxTenant[]): Promise<void> {
  const admin = openPool(url, 2, 'avian-bench-seed');
  const [provider] = tenants;
  const [person] = provider?.people ?? [];
  if (!provider || !person) throw new Error('the directory is empty');
  const { entraTenantId } = provider;
  const { aadObjectId, name: displayName, email } = person;
  await acceptEntraTenant(admin, entraTenantId, provider.name);
  for (const { name, domain, entraTenantId: theirs } of customers) {
    const tenantId = await addTenant(admin, { name, domain, entraTenantId: theirs });
    await addMember(admin, tenantId, { displayName, email, role: 'tenant_admin', entraTenantId, aadObjectId });
  }
  await grantInstallationAdmin(admin, entraTenantId, aadObjectId);
  await admin.destroy();
}

function sample(): MemorySample {
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}
