import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { inTenant } from '../../../database/transaction.js';
import type { TestDatabase } from '../../helpers/database.js';
import { insertMember, insertTenant } from '../../helpers/database.js';

export interface TestChannel {
  readonly tenantId: string;
  readonly conversationId: string;
  readonly analystId: string;
}

/** A tenant whose alerts are linked to a channel of its own. */
export async function insertChannel(admin: Knex): Promise<TestChannel> {
  const { tenantId, entraTenantId } = await insertTenant(admin);
  const { userId } = await insertMember(admin, tenantId, { role: 'security_analyst', displayName: 'Ann Analyst' });
  return { tenantId, analystId: userId, conversationId: await addChannel(admin, { tenantId, entraTenantId, userId }) };
}

async function addChannel(
  admin: Knex,
  of: { tenantId: string; entraTenantId: string; userId: string },
): Promise<string> {
  const conversationId = `19:${randomUUID()}@thread.tacv2`;
  await admin('conversations').insert({
    conversation_id: conversationId,
    kind: 'channel',
    service_url: 'https://smba.trafficmanager.net/emea/',
    entra_tenant_id: of.entraTenantId,
    bot_id: '28:bot',
    tenant_id: of.tenantId,
  });
  await admin('channel_links').insert({
    tenant_id: of.tenantId,
    conversation_id: conversationId,
    purpose: 'alerts',
    linked_by: of.userId,
  });
  return conversationId;
}

/** Open alerts in the order of `titles`; resolves to their ids. */
export async function insertAlerts(admin: Knex, tenantId: string, titles: readonly string[]): Promise<string[]> {
  const rows = titles.map((title) => ({
    tenant_id: tenantId,
    id: randomUUID(),
    source_system: 'edr',
    source_id: randomUUID(),
    alert_type: 'edr',
    classification: 'malware',
    severity: 'high',
    title,
    first_seen_at: admin.fn.now(),
    last_seen_at: admin.fn.now(),
  }));
  await admin.batchInsert('security_alerts', rows, 100);
  return rows.map((row) => row.id);
}

/** Puts card rows into the outbox as a change does; what is pending already merges. */
export function makeStale(base: TestDatabase, channel: TestChannel, alertIds: readonly string[]): Promise<void> {
  return inTenant(base.db, channel.tenantId, async ({ sql }) => {
    await sql.raw(
      `insert into outbox (tenant_id, conversation_id, stale_key, kind, entity_type, entity_id)
       select ?, ?, 'alert:' || id, 'card', 'alert', id from unnest(?::uuid[]) with ordinality x (id, n) order by n
       on conflict (tenant_id, conversation_id, stale_key) where state = 'pending'
         do update set generation = outbox.generation + 1`,
      [channel.tenantId, channel.conversationId, [...alertIds]],
    );
  });
}

/** A line of history and the row that brings it into the thread. */
export async function addThreadLine(base: TestDatabase, channel: TestChannel, alertId: string, reason: string) {
  await inTenant(base.db, channel.tenantId, async ({ sql, tenantId }) => {
    const [audit] = await sql('audit_log')
      .insert({
        tenant_id: tenantId,
        actor_kind: 'person',
        actor: channel.analystId,
        action: 'alert.close',
        entity_type: 'alert',
        entity_id: alertId,
        reason,
      })
      .returning<{ id: string }[]>('id');
    await sql('outbox').insert({
      tenant_id: tenantId,
      conversation_id: channel.conversationId,
      stale_key: `thread:${audit?.id}`,
      kind: 'thread',
      entity_type: 'alert',
      entity_id: alertId,
      payload: JSON.stringify({ auditId: audit?.id }),
    });
  });
}

export async function addNotice(base: TestDatabase, channel: TestChannel, payload: object): Promise<void> {
  await base.admin('outbox').insert({
    tenant_id: channel.tenantId,
    conversation_id: channel.conversationId,
    stale_key: `notice:${randomUUID()}`,
    kind: 'notice',
    payload: JSON.stringify(payload),
  });
}

export async function outboxStates(base: TestDatabase, channel: TestChannel): Promise<string[]> {
  return base.admin('outbox').where({ tenant_id: channel.tenantId }).orderBy('id').pluck('state');
}
