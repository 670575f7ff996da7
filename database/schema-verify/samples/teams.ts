import type { Sample } from './sample.js';

export const teams: readonly Sample[] = [
  {
    table: 'conversations',
    row: (ids) => ({
      conversation_id: ids.conversation,
      kind: 'channel',
      service_url: 'https://verify.invalid/',
      entra_tenant_id: ids.tenant,
      bot_id: 'verify',
      tenant_id: ids.tenant,
    }),
  },
  {
    table: 'channel_links',
    row: (ids) => ({
      tenant_id: ids.tenant,
      conversation_id: ids.conversation,
      purpose: 'alerts',
      linked_by: ids.user,
    }),
  },
  {
    table: 'posted_cards',
    row: (ids) => ({
      tenant_id: ids.tenant,
      entity_type: 'alert',
      entity_id: ids.alert,
      conversation_id: ids.conversation,
      card_schema: 1,
    }),
  },
  {
    table: 'outbox',
    row: (ids) => ({ tenant_id: ids.tenant, conversation_id: ids.conversation, stale_key: 'verify', kind: 'card' }),
  },
  { table: 'delivery_lanes', row: (ids) => ({ tenant_id: ids.tenant, conversation_id: ids.conversation }) },
  {
    table: 'delivery_log',
    row: (ids) => ({
      tenant_id: ids.tenant,
      conversation_id: ids.conversation,
      outbox_id: 1,
      operation: 'post',
      sent_at: '2026-01-01T00:00:00Z',
    }),
  },
  { table: 'invoke_receipts', row: (ids) => ({ tenant_id: ids.tenant, key: 'verify' }) },
];
