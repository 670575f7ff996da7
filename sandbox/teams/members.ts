import type { CallResult } from './connector-calls.js';
import { openConversation } from './connector-calls.js';
import { ConnectorFault, conversationNotFound, notInRoster } from './connector-reply.js';
import type { Person } from './directory.js';
import { splitConversationId } from './message.js';
import { rosterOf } from './world.js';
import type { World } from './world.js';

export function allMembers(world: World, id: string): CallResult {
  return { status: 200, body: rosterOf(world, openConversation(world, id).conversation).map(accountOf) };
}

/** pageSize 50 to 500 as documented; the continuation token is the position. */
export function pagedMembers(world: World, id: string, query: URLSearchParams): CallResult {
  const people = rosterOf(world, openConversation(world, id).conversation);
  const size = Math.min(500, Math.max(50, Number(query.get('pageSize') ?? 200) || 200));
  const from = Number(query.get('continuationToken') ?? 0) || 0;
  const next = from + size < people.length ? { continuationToken: String(from + size) } : {};
  return { status: 200, body: { members: people.slice(from, from + size).map(accountOf), ...next } };
}

export function oneMember(world: World, id: string, memberId: string): CallResult {
  const people = rosterOf(world, openConversation(world, id).conversation);
  const person = people.find((one) => one.id === memberId || one.aadObjectId === memberId.toLowerCase());
  if (!person) throw new ConnectorFault(404, 'MemberNotFoundInConversation', 'The member is not in the conversation.');
  return { status: 200, body: accountOf(person) };
}

/** A person as the roster shows them. */
function accountOf(person: Person): Record<string, unknown> {
  const [givenName = person.name, ...rest] = person.name.split(' ');
  return {
    id: person.id,
    name: person.name,
    aadObjectId: person.aadObjectId,
    objectId: person.aadObjectId,
    givenName,
    surname: rest.join(' '),
    email: person.email,
    userPrincipalName: person.email,
    tenantId: person.entraTenantId,
    userRole: person.isGuest ? 'guest' : 'user',
  };
}

export function teamDetails(world: World, teamId: string): CallResult {
  const team = world.teams.get(splitConversationId(teamId).conversationId);
  if (!team) throw conversationNotFound();
  if (!team.installed) throw notInRoster();
  const { id, name, aadGroupId, entraTenantId: tenantId, channelIds, memberIds } = team;
  const counts = { channelCount: channelIds.length, memberCount: memberIds.size };
  return { status: 200, body: { id, name, aadGroupId, tenantId, type: 'standard', ...counts } };
}

export function teamChannels(world: World, teamId: string): CallResult {
  const team = world.teams.get(teamId);
  if (!team) throw conversationNotFound();
  if (!team.installed) throw notInRoster();
  const channels = team.channelIds.flatMap((id) => world.conversations.get(id) ?? []);
  const conversations = channels.filter((one) => !one.deleted).map(({ id, name }) => ({ id, name, type: 'standard' }));
  return { status: 200, body: { conversations } };
}
