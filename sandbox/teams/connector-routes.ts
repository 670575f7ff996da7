import { createConversation, deleteActivity, postActivity, updateActivity } from './connector-calls.js';
import type { CallResult } from './connector-calls.js';
import type { Operation } from './faults.js';
import { allMembers, oneMember, pagedMembers, teamChannels, teamDetails } from './members.js';
import { isRecord, splitConversationId } from './message.js';
import type { World } from './world.js';

/** One call of the bot, understood but not yet done. */
export interface Call {
  readonly operation: Operation;
  readonly conversationId: string;
  readonly run: () => CallResult;
}

/** What the bot asks for by method and path below /v3/; null when Teams has no such operation. */
export function findCall(
  world: World,
  method: string,
  [kind, id = '', part, sub]: string[],
  query: URLSearchParams,
  text: string,
): Call | null {
  const body = parseJson(text);
  const conversationId = splitConversationId(id).conversationId;
  const call = (operation: Operation, run: () => CallResult): Call => ({ operation, conversationId, run });
  if (kind === 'teams' && method === 'GET')
    return call('team', () => (part === 'conversations' ? teamChannels(world, id) : teamDetails(world, id)));
  if (kind !== 'conversations') return null;
  if (id === '' && method === 'POST')
    return { ...call('create', () => createConversation(world, body)), conversationId: placeOf(body) };
  if (part === 'activities' && method === 'POST')
    return call('post', () => postActivity(world, id, sub ?? null, body, query.get('isTargetedActivity') === 'true'));
  if (part === 'activities' && sub !== undefined && method === 'PUT')
    return call('update', () => updateActivity(world, id, sub, body));
  if (part === 'activities' && sub !== undefined && method === 'DELETE')
    return call('delete', () => deleteActivity(world, id, sub));
  if (method !== 'GET') return null;
  if (part === 'pagedmembers') return call('members', () => pagedMembers(world, id, query));
  if (part === 'members')
    return call('members', () => (sub === undefined ? allMembers(world, id) : oneMember(world, id, sub)));
  return null;
}

/** The channel that a new conversation is for, else the person. */
function placeOf(body: unknown): string {
  if (!isRecord(body)) return '';
  const data = body['channelData'];
  const channel = isRecord(data) ? data['channel'] : null;
  if (isRecord(channel) && typeof channel['id'] === 'string') return channel['id'];
  const [member] = Array.isArray(body['members']) ? (body['members'] as unknown[]) : [];
  return isRecord(member) ? String(member['id']) : '';
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
