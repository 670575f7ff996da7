import { createHash } from 'node:crypto';

/** Who exists in the pretend Microsoft 365: one entry per customer organisation. */
export interface Directory {
  readonly botName: string;
  /** The bot's Entra application id, without 28:. */
  readonly appId: string;
  readonly tenants: readonly DirectoryTenant[];
}

export interface DirectoryTenant {
  readonly entraTenantId: string;
  readonly name: string;
  readonly people: readonly DirectoryPerson[];
  readonly teams: readonly DirectoryTeam[];
}

export interface DirectoryPerson {
  readonly aadObjectId: string;
  readonly name: string;
  /** What the console shows under the name, e.g. "Security analyst". Teams itself knows nothing of it. */
  readonly title: string;
  readonly email: string;
  readonly isGuest?: boolean;
}

export interface DirectoryTeam {
  readonly name: string;
  readonly channels: readonly string[];
  /** aadObjectIds; people of other tenants may be named (shared channels). Everybody of the tenant when absent. */
  readonly members?: readonly string[];
  /** The bot is not in this team until somebody adds it. Default true. */
  readonly installed?: boolean;
}

export interface Person extends DirectoryPerson {
  /** 29:..., the address of this person for this bot. */
  readonly id: string;
  readonly entraTenantId: string;
  readonly tenantName: string;
  readonly isGuest: boolean;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly aadGroupId: string;
  readonly entraTenantId: string;
  readonly tenantName: string;
  readonly memberIds: ReadonlySet<string>;
  readonly channelIds: readonly string[];
  installed: boolean;
}

export interface Conversation {
  /** 19:...@thread.tacv2 for a channel, a:... for a personal chat. */
  readonly id: string;
  readonly kind: 'channel' | 'personal';
  readonly name: string;
  readonly entraTenantId: string;
  /** Set for channels. */
  readonly teamId: string | null;
  /** Set for personal chats. */
  readonly personId: string | null;
  deleted: boolean;
  /** For a personal chat: the person has the app. Channels ask their team. */
  installed: boolean;
}

export interface Places {
  readonly people: ReadonlyMap<string, Person>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly conversations: ReadonlyMap<string, Conversation>;
}

/** Ids are derived from names, so that they are the same after every restart. */
export function readDirectory(directory: Directory): Places {
  const people = new Map(
    directory.tenants.flatMap((tenant) => peopleOf(directory, tenant)).map((one) => [one.id, one]),
  );
  const teams = new Map<string, Team>();
  const conversations = new Map<string, Conversation>();
  for (const tenant of directory.tenants) {
    for (const entry of tenant.teams) {
      const channels = entry.channels.map((name) => channelOf(tenant, entry, name));
      const team = teamOf(tenant, entry, channels, people);
      teams.set(team.id, team);
      for (const channel of channels) conversations.set(channel.id, { ...channel, teamId: team.id });
    }
  }
  for (const person of people.values()) {
    const chat = personalChatOf(directory, person);
    conversations.set(chat.id, chat);
  }
  return { people, teams, conversations };
}

function peopleOf(directory: Directory, tenant: DirectoryTenant): Person[] {
  return tenant.people.map((person) => ({
    ...person,
    id: `29:1${digest(directory.appId, person.aadObjectId, 'base64url').slice(0, 54)}`,
    entraTenantId: tenant.entraTenantId,
    tenantName: tenant.name,
    isGuest: person.isGuest ?? false,
  }));
}

function channelOf(tenant: DirectoryTenant, team: DirectoryTeam, name: string): Conversation {
  const id = `19:${digest(tenant.entraTenantId, `${team.name}/${name}`, 'hex').slice(0, 32)}@thread.tacv2`;
  return {
    id,
    kind: 'channel',
    name,
    entraTenantId: tenant.entraTenantId,
    teamId: null,
    personId: null,
    deleted: false,
    installed: true,
  };
}

function teamOf(
  tenant: DirectoryTenant,
  entry: DirectoryTeam,
  channels: readonly Conversation[],
  people: ReadonlyMap<string, Person>,
): Team {
  const key = digest(tenant.entraTenantId, entry.name, 'hex');
  const isMember = (person: Person) =>
    entry.members === undefined
      ? person.entraTenantId === tenant.entraTenantId
      : entry.members.includes(person.aadObjectId);
  return {
    id: channels[0]?.id ?? `19:${key.slice(0, 32)}@thread.tacv2`,
    name: entry.name,
    aadGroupId: `${key.slice(0, 8)}-${key.slice(8, 12)}-4${key.slice(13, 16)}-8${key.slice(17, 20)}-${key.slice(20, 32)}`,
    entraTenantId: tenant.entraTenantId,
    tenantName: tenant.name,
    memberIds: new Set([...people.values()].filter(isMember).map((person) => person.id)),
    channelIds: channels.map((channel) => channel.id),
    installed: entry.installed ?? true,
  };
}

function personalChatOf(directory: Directory, person: Person): Conversation {
  return {
    id: `a:1${digest(directory.appId, `chat/${person.id}`, 'base64url')}`,
    kind: 'personal',
    name: directory.botName,
    entraTenantId: person.entraTenantId,
    teamId: null,
    personId: person.id,
    deleted: false,
    installed: true,
  };
}

function digest(scope: string, name: string, encoding: 'hex' | 'base64url'): string {
  return createHash('sha512').update(`${scope}\n${name}`).digest(encoding);
}
