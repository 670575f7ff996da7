import type { Activity } from 'botframework-schema';
import type { ConversationReference, OutgoingContent } from '../../domain/channels/teams-gateway.js';

/** A message as the connector takes it. Card and text never share one: Teams splits it and tells no id. */
export function toActivity(to: ConversationReference, content: OutgoingContent): Partial<Activity> {
  const frame = {
    type: 'message',
    from: { id: to.botId, name: 'AVIAN' },
    conversation: { id: to.conversationId, isGroup: to.kind !== 'personal', conversationType: to.kind, name: '' },
  };
  if ('text' in content) return { ...frame, text: content.text, textFormat: 'plain' };
  return {
    ...frame,
    summary: content.summary,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: content.card }],
    ...(content.notify ? { channelData: { notification: { alert: true } } } : {}),
  };
}

/** 19:..;messageid=170 -> 170; null for a bare id. */
export function rootOf(conversationId: string): string | null {
  return /;messageid=([^;]+)/.exec(conversationId)?.[1] ?? null;
}

export function bareId(conversationId: string): string {
  return conversationId.replace(/;messageid=.*$/, '');
}
