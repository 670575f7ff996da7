import type { ConversationParameters } from 'botframework-schema';
import type { ConnectorClient } from 'botframework-connector';
import { DeliveryError } from '../../domain/channels/teams-gateway.js';
import type {
  ConversationReference,
  OutgoingContent,
  PersonToReach,
  TeamsGateway,
} from '../../domain/channels/teams-gateway.js';
import type { BotLog } from '../log.js';
import { bareId, rootOf, toActivity } from './activities.js';
import type { Connectors } from './connectors.js';
import { toDeliveryError } from './faults.js';
import type { Operation } from './faults.js';

/** Teams for the delivery loop: each call is one HTTP request, opening a chat two. */
export function createTeamsGateway(connectors: Connectors, log: BotLog): TeamsGateway {
  const attempt = async <T>(
    to: ConversationReference,
    operation: Operation,
    send: (client: ConnectorClient) => Promise<T>,
  ): Promise<T> => {
    try {
      return await send(await connectors.reach(to.serviceUrl));
    } catch (error) {
      if ((error as { statusCode?: unknown }).statusCode === 401) connectors.tokenRefused();
      const fault = toDeliveryError(error, operation, new Date());
      report(log, operation, to, error, fault);
      throw fault;
    }
  };
  return {
    post: (to, content) => attempt(to, 'post', (client) => post(client, to, content)),
    reply: (to, root, content) => attempt(to, 'reply', (client) => reply(client, to, root, content)),
    update: (to, id, content) =>
      attempt(to, 'update', async (client) => {
        await client.conversations.updateActivity(to.conversationId, id, { ...toActivity(to, content), id });
      }),
    openPersonal: (person) => attempt(person.near, 'open', (client) => openPersonal(client, person)),
  };
}

async function post(client: ConnectorClient, to: ConversationReference, content: OutgoingContent): Promise<string> {
  const activity = toActivity(to, content);
  if (to.kind !== 'channel') {
    return known((await client.conversations.sendToConversation(to.conversationId, activity)).id);
  }
  const made = await client.conversations.createConversation({
    isGroup: true,
    bot: { id: to.botId, name: 'AVIAN' },
    tenantId: to.entraTenantId,
    channelData: {
      ...(activity.channelData as object | undefined),
      channel: { id: to.conversationId },
      tenant: { id: to.entraTenantId },
    },
    activity: activity,
  } as ConversationParameters);
  return known(rootOf(made.id) ?? made.activityId);
}

async function reply(
  client: ConnectorClient,
  to: ConversationReference,
  root: string,
  content: OutgoingContent,
): Promise<string> {
  const activity = toActivity(to, content);
  if (to.kind !== 'channel') {
    return known((await client.conversations.replyToActivity(to.conversationId, root, activity)).id);
  }
  return known((await client.conversations.sendToConversation(`${to.conversationId};messageid=${root}`, activity)).id);
}

const unreachable = (why: string) => new DeliveryError('lost', why);

/** Teams makes one chat for a bot and a person, however often it is asked for. */
async function openPersonal(client: ConnectorClient, person: PersonToReach): Promise<ConversationReference> {
  const { near, entraTenantId } = person;
  const memberId = await addressOf(client, person);
  const made = await client.conversations.createConversation({
    isGroup: false,
    bot: { id: near.botId, name: 'AVIAN' },
    members: [{ id: memberId }],
    tenantId: entraTenantId,
    channelData: { tenant: { id: entraTenantId } },
  } as unknown as ConversationParameters);
  const conversationId = bareId(known(made.id));
  return { conversationId, kind: 'personal', serviceUrl: near.serviceUrl, entraTenantId, botId: near.botId };
}

/** The 29: address, which the roster tells for an Entra object id. A guest has the object id of another tenant. */
async function addressOf(client: ConnectorClient, { near, aadObjectId, entraTenantId }: PersonToReach) {
  const member: unknown = await client.conversations.getConversationMember(near.conversationId, aadObjectId);
  const { id, tenantId } = member as { id?: unknown; tenantId?: unknown };
  if (typeof id !== 'string' || id === '') throw unreachable('The roster has no address of this person.');
  if (typeof tenantId === 'string' && tenantId.toLowerCase() !== entraTenantId.toLowerCase())
    throw unreachable('The roster knows this person as one of another organisation.');
  return id;
}

/** Accepted, but under an id we were not told: it cannot be updated, and may stand there. */
function known(id: string | undefined): string {
  if (id === undefined || id === '')
    throw new DeliveryError('unknown', 'Teams answered without the id of the message.');
  return id;
}

function report(
  log: BotLog,
  operation: Operation,
  to: ConversationReference,
  error: unknown,
  fault: DeliveryError,
): void {
  const fields = { operation, conversationId: to.conversationId, fault: fault.fault, reason: fault.message };
  const status = (error as { statusCode?: unknown }).statusCode;
  const cause = (error as { cause?: unknown }).cause;
  if (status === 401 || fault.message.startsWith('Entra')) {
    log.error({ ...fields, err: cause }, 'The bot is not let in: check its application id, secret and tenant');
  } else log.debug(fields, 'A call to Teams failed');
}
