import { createSandboxCloud } from '../sandbox/cloud/cloud.js';
import type { SandboxCloud } from '../sandbox/cloud/cloud.js';
import type { LoggedRequest } from '../sandbox/cloud/request-log.js';
import type { SandboxTenant } from '../sandbox/cloud/tenants.js';
import { answerParent } from './peer.js';

export interface SyncSize {
  readonly machines: number;
  readonly exposuresPerMachine: number;
  readonly alerts: number;
}

export type CloudQuestion =
  | { readonly ask: 'open'; readonly tenants: readonly SandboxTenant[]; readonly size: SyncSize }
  /** What a tenant was asked for since the last time, as Microsoft's own addresses. */
  | { readonly ask: 'asked'; readonly tenant: string }
  /** One in a hundred of everything changes. */
  | { readonly ask: 'churn'; readonly tenant: string };

const month = 30 * 24 * 3_600_000;
let opened: SandboxCloud | undefined;

/** The pretend Microsoft at the size of the specification. Its records are computed from their index; its limits are lifted. */
answerParent<CloudQuestion>(async (question) => {
  if (question.ask === 'open') return open(question.tenants, question.size);
  if (!opened) throw new Error('the cloud was not opened');
  return question.ask === 'asked' ? asked(opened, question.tenant) : churn(opened, question.tenant);
});

async function open(tenants: readonly SandboxTenant[], { alerts, ...scale }: SyncSize): Promise<string> {
  const withoutAlerts = tenants.map((tenant) => ({ ...tenant, alerts: [] }));
  const cloud = createSandboxCloud({ tenants: withoutAlerts, scale, requestsPerMinute: 1e6 });
  for (const { entraTenantId } of tenants) raise(cloud, entraTenantId, alerts);
  opened = cloud;
  return (await cloud.listen()).url;
}

/** Spread over the 30 days that a first sync mirrors, oldest first. */
function raise(cloud: SandboxCloud, tenant: string, count: number): void {
  for (let at = 0; at < count; at += 1) {
    const moment = new Date(Date.now() - (month - 3_600_000) * (1 - (at + 1) / count)).toISOString();
    const time = moment.replace('Z', '0000Z');
    cloud.burst(tenant, 1, {
      createdDateTime: time,
      lastUpdateDateTime: time,
      lastActivityDateTime: time,
      status: 'new',
    });
  }
}

function asked({ requestLog }: SandboxCloud, tenant: string): string[] {
  const log = requestLog as LoggedRequest[];
  const pages = log.filter((one) => one.tenant === tenant && one.method === 'GET');
  log.length = 0;
  return pages.map(({ host, path, query }) => `https://${host}${path}${query}`);
}

function churn(cloud: SandboxCloud, tenant: string): void {
  cloud.churn(tenant);
  const all = cloud.alerts(tenant);
  for (let at = 0; at < all.length; at += 100) cloud.updateAlert(tenant, all[at]?.id ?? '', { severity: 'low' });
}
