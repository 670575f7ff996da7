import { randomUUID } from 'node:crypto';
import { linkedChannel } from '../test/helpers/builders.js';
import { insertMember, insertTenant } from '../test/helpers/people.js';
import { benchDatabase } from './bench-database.js';
import type { BenchDatabase } from './bench-database.js';
import { startPeer } from './peer.js';
import type { Peer } from './peer.js';
import type { CloudQuestion, SyncSize } from './sync-cloud-process.js';

export interface Site {
  readonly database: BenchDatabase;
  readonly compiled: string;
  readonly cloud: Peer;
  readonly cloudUrl: string;
  readonly customers: readonly Customer[];
}

export interface Customer {
  readonly entraTenantId: string;
  readonly tenantId: string;
}

export async function openSite(compiled: string, size: SyncSize, count: number): Promise<Site> {
  const database = await benchDatabase();
  const customers: Customer[] = [];
  for (let at = 0; at < count; at += 1) customers.push(await insertCustomer(database));
  const cloud = startPeer('sync-cloud-process.ts');
  const tenants = customers.map(({ entraTenantId }, at) => {
    const name = `Customer ${at + 1}`;
    return { entraTenantId, name, domain: `customer${at + 1}.example` };
  });
  const cloudUrl = await cloud.ask<string>({ ask: 'open', tenants, size } satisfies CloudQuestion);
  return { database, compiled, cloud, cloudUrl, customers };
}

/** With a channel, so that alerts have cards to be made. */
async function insertCustomer({ admin }: BenchDatabase): Promise<Customer> {
  const customer = await insertTenant(admin, { entraTenantId: randomUUID() });
  const { userId } = await insertMember(admin, customer.tenantId, { role: 'security_analyst' });
  await linkedChannel(admin, customer.tenantId, userId);
  return customer;
}

export async function closeSite({ database, cloud }: Site): Promise<void> {
  await cloud.close();
  await database.drop();
}
