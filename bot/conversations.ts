import type { ConversationReference } from '../domain/channels/teams-gateway.js';
import type { ChannelService } from '../domain/services.js';
import type { IncomingActivity } from './activity.js';
import { callerOf, kindOf, referenceOf } from './caller.js';

/** Milliseconds for which an unchanged conversation is not written again. */
const FRESH = 10 * 60_000;
/** Conversations kept in memory; the oldest entries go first. */
const KNOWN = 10_000;

type Names = Parameters<ChannelService['remember']>[1];

export interface ConversationBook {
  /** Writes down where this conversation is reached, unless that was done just now; events are written always. */
  note(activity: IncomingActivity): Promise<void>;
  /** The app or the conversation is gone, as an event of its Entra tenant says. */
  strike(conversationId: string, why: string, entraTenantId: string): Promise<void>;
  /** The same for all channels of a team. */
  strikeTeam(teamId: string, why: string, entraTenantId: string): Promise<void>;
  /** The app or the team is back, and with it the channels that were struck. */
  reviveTeam(teamId: string, entraTenantId: string): Promise<void>;
}

export function createConversationBook(channels: ChannelService, now: () => number = Date.now): ConversationBook {
  const written = new Map<string, { readonly print: string; readonly at: number }>();
  return {
    note: async (activity) => {
      const reference = referenceOf(activity);
      if (!reference) return;
      const placed = inChannel(reference, activity);
      const names = namesOf(placed, activity);
      const print = JSON.stringify([placed, names]);
      const last = written.get(placed.conversationId);
      if (!isEvent(activity) && last && last.print === print && now() - last.at < FRESH) return;
      await channels.remember(placed, names);
      written.delete(placed.conversationId);
      written.set(placed.conversationId, { print, at: now() });
      const [oldest] = written.keys();
      if (written.size > KNOWN && oldest !== undefined) written.delete(oldest);
    },
    strike: async (conversationId, why, entraTenantId) => {
      written.delete(conversationId);
      await channels.lose(conversationId, why, entraTenantId);
    },
    strikeTeam: async (teamId, why, entraTenantId) => {
      written.clear();
      await channels.loseTeam(teamId, why, entraTenantId);
    },
    reviveTeam: async (teamId, entraTenantId) => {
      written.clear();
      await channels.reviveTeam(teamId, entraTenantId);
    },
  };
}

/** It may say that a conversation is back which was lost without this process being told. */
function isEvent({ type }: IncomingActivity): boolean {
  return type === 'installationUpdate' || type === 'conversationUpdate';
}

/** Events about a channel arrive in the conversation of its team. */
function inChannel(reference: ConversationReference, activity: IncomingActivity): ConversationReference {
  const { eventType, channel } = activity.channelData ?? {};
  return eventType?.startsWith('channel') && channel ? { ...reference, conversationId: channel.id } : reference;
}

function namesOf(reference: ConversationReference, activity: IncomingActivity): Names {
  const { team, channel } = activity.channelData ?? {};
  const isPersonal = kindOf(activity) === 'personal';
  return {
    team: team?.name ?? null,
    teamId: team?.id ?? null,
    channel: channel?.id === reference.conversationId ? (channel.name ?? null) : null,
    aadObjectId: isPersonal ? (callerOf(activity)?.aadObjectId ?? null) : null,
  };
}
