import { randomUUID } from 'node:crypto';
import { CARD_SCHEMA } from '../cards/card.js';
import { inTenant } from '../database/transaction.js';
import { ingestEdrAlerts } from '../domain/alerts/ingest/ingest-edr.js';
import { linkedChannel } from '../test/helpers/builders.js';
import { insertMember, insertTenant } from '../test/helpers/people.js';
import type { TestMember, TestTenant } from '../test/helpers/people.js';
import { alertMaker, batches } from './bench-alerts.js';
import type { BenchDatabase } from './bench-database.js';

/** A tenant with a linked channel, in which analysts click on cards of open alerts. */
export interface CardDesk {
  /** Bodies of invoke activities: "Assign to me" on that many new alerts whose cards are posted. */
  clicks(count: number): Promise<string[]>;
  /** Throws unless every alert that was clicked is assigned. */
  assertTaken(): Promise<void>;
}

const analysts = 8;

export async function openCardDesk(database: BenchDatabase): Promise<CardDesk> {
  const { admin, db } = database;
  const tenant = await insertTenant(admin);
  const member = () => insertMember(admin, tenant.tenantId, { role: 'security_analyst' });
  const people = await Promise.all(Array.from({ length: analysts }, member));
  const channel = await linkedChannel(admin, tenant.tenantId, people[0]?.userId ?? '');
  const make = alertMaker(7);
  const clicks = async (count: number) => {
    const policy = { firstSync: false, takeEverything: false };
    const ids: string[] = [];
    for (const batch of batches(Math.ceil(count / 100), 100, make)) {
      ids.push(...(await inTenant(db, tenant.tenantId, (trx) => ingestEdrAlerts(trx, batch, policy))).ids);
    }
    await post(database);
    return ids.slice(0, count).map((id, at) => JSON.stringify(take(tenant, people[at % analysts], channel, id)));
  };
  const assertTaken = async () => {
    const [row] = await admin('security_alerts').where({ status: 'open' }).count<{ count: string }[]>();
    if (row?.count !== '0') throw new Error(`${row?.count} alerts that were clicked are not assigned`);
  };
  return { clicks, assertTaken };
}

/** What the delivery loop would have done: every card is posted under the alert's own id. */
async function post({ admin }: BenchDatabase): Promise<void> {
  await admin.raw(
    `insert into posted_cards (tenant_id, entity_type, entity_id, conversation_id, activity_id, card_schema)
     select tenant_id, entity_type, entity_id, conversation_id, entity_id, ? from outbox
     where state = 'pending' and kind = 'card' on conflict do nothing`,
    [CARD_SCHEMA],
  );
  await admin.raw("update outbox set state = 'sent', finished_at = now() where state = 'pending'");
  await admin.raw('vacuum analyze outbox, posted_cards, security_alerts');
}

/** An invoke as Teams sends it from the thread of the card. */
function take(tenant: TestTenant, person: TestMember | undefined, channel: string, id: string): object {
  const data = { verb: 'alert.take', tenantId: tenant.tenantId, entity: 'alert', entityId: id, version: 1 };
  return {
    type: 'invoke',
    name: 'adaptiveCard/action',
    id: `f:${randomUUID()}`,
    channelId: 'msteams',
    serviceUrl: 'http://127.0.0.1:1/',
    timestamp: new Date().toISOString(),
    from: { id: '29:1ann', name: 'Ada Analyst', aadObjectId: person?.aadObjectId },
    recipient: { id: '28:bot', name: 'AVIAN' },
    replyToId: id,
    conversation: {
      id: `${channel};messageid=${id}`,
      conversationType: 'channel',
      tenantId: tenant.entraTenantId,
      isGroup: true,
    },
    channelData: {
      tenant: { id: tenant.entraTenantId },
      team: { id: '19:team@thread.tacv2', name: 'SOC' },
      channel: { id: channel, name: 'Alerts' },
    },
    value: {
      action: { type: 'Action.Execute', verb: 'alert.take', data: { ...data, schema: CARD_SCHEMA } },
      trigger: 'manual',
    },
  };
}
