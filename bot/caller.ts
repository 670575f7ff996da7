import { z } from 'zod';
import type { ConversationReference } from '../domain/channels/teams-gateway.js';
import type { Caller } from '../domain/services.js';
import type { IncomingActivity } from './activity.js';
import { bareId } from './delivery/activities.js';

const guid = z.guid().transform((id) => id.toLowerCase());

/** The person behind the activity, from Entra ids only. Null when Teams named none. */
export function callerOf(activity: IncomingActivity): Caller | null {
  const person = guid.safeParse(activity.from?.aadObjectId);
  const tenant = entraTenantOf(activity);
  if (!person.success || tenant === null) return null;
  return {
    entraTenantId: tenant,
    aadObjectId: person.data,
    displayName: activity.from?.name ?? '',
    conversationId: bareId(activity.conversation.id),
    conversationKind: kindOf(activity),
    activityId: activity.id ?? null,
  };
}

export function entraTenantOf(activity: IncomingActivity): string | null {
  const tenant = guid.safeParse(activity.channelData?.tenant?.id ?? activity.conversation.tenantId);
  return tenant.success ? tenant.data : null;
}

export function kindOf(activity: IncomingActivity): ConversationReference['kind'] {
  const type = activity.conversation.conversationType;
  if (type === 'channel' || type === 'groupChat' || type === 'personal') return type;
  // Teams leaves the type out of some events of teams; only those carry a team.
  return activity.channelData?.team ? 'channel' : 'personal';
}

/** Where the conversation of this activity is reached. Null when a part is missing. */
export function referenceOf(activity: IncomingActivity): ConversationReference | null {
  const entraTenantId = entraTenantOf(activity);
  return entraTenantId === null ? null : addressOf(activity, entraTenantId);
}

/** Enough to answer in place, which needs no tenant. */
export function addressOf(activity: IncomingActivity, entraTenantId = ''): ConversationReference | null {
  const botId = activity.recipient?.id;
  if (botId === undefined || botId === '') return null;
  return {
    conversationId: bareId(activity.conversation.id),
    kind: kindOf(activity),
    serviceUrl: activity.serviceUrl,
    entraTenantId,
    botId,
  };
}
