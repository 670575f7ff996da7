import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { channelActivity, installationActivities, mentionsIn, messageActivity } from './activities.js';
import type { Sender } from './activities.js';
import { createBotClient } from './bot-client.js';
import type { BotAnswer } from './bot-client.js';
import { handleConnector } from './connector.js';
import type { Conversation, Directory, Person, Team } from './directory.js';
import type { TeamsEvent } from './events.js';
import { createFaults } from './faults.js';
import type { Faults } from './faults.js';
import { createInvokes } from './invokes.js';
import type { Invokes } from './invokes.js';
import { createLimits } from './limits.js';
import { createLog } from './log.js';
import type { ConnectorLog } from './log.js';
import type { Message } from './message.js';
import { conversationOf, createWorld, hasBot, personOf, rosterOf, teamOf } from './world.js';
import type { World } from './world.js';

export interface PretendTeamsOptions {
  readonly directory: Directory;
  /** The bot's POST /api/messages; a function when the port is not known yet. */
  readonly botEndpoint: string | (() => string);
  /** What the activities name as serviceUrl; default the address of listen(). */
  readonly serviceUrl?: string | (() => string);
  /** JSON lines; everything is forgotten at the end without it. */
  readonly stateFile?: string;
  /** 0.01 makes the windows of the rate limits a hundred times shorter. Default 1. */
  readonly timeScale?: number;
  /** Default true. */
  readonly enforceLimits?: boolean;
  /** How long a person's client waits for the bot, in ms. Default 15,000. */
  readonly deadlineMs?: number;
  readonly now?: () => Date;
}

export interface Said {
  readonly message: Message;
  /** null when Teams does not hand the message to the bot: a channel post that does not mention it. */
  readonly answer: BotAnswer | null;
}

export interface SayOptions {
  /** A message of the thread to answer in. */
  readonly replyTo?: string;
  /** A slash command: only the person and the bot see it. */
  readonly targeted?: boolean;
}

/** People are named by 29: id, Entra object id or name; conversations by id or channel name. */
export interface PretendTeams extends Invokes {
  readonly world: World;
  readonly people: ReadonlyMap<string, Person>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly conversations: ReadonlyMap<string, Conversation>;
  readonly faults: Faults;
  readonly log: ConnectorLog;
  /** Bot Connector REST API v3. False when the request is not a call of it. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>;
  /** Serves handle on 127.0.0.1; port 0 takes any. Resolves to the service URL. */
  listen(port?: number): Promise<string>;
  say(person: string, conversation: string, text: string, options?: SayOptions): Promise<Said>;
  /** Adds the app where this conversation is (the whole team for a channel) and tells the bot. */
  addApp(conversation: string): Promise<void>;
  removeApp(conversation: string): Promise<void>;
  deleteChannel(channel: string): Promise<void>;
  restoreChannel(channel: string): Promise<void>;
  /** A person deletes a message; bots are not told. */
  deleteActivity(messageId: string): void;
  message(id: string): Message | null;
  /** Root posts of a channel or all messages of a chat, oldest first. */
  messages(conversation: string): Message[];
  replies(rootId: string): Message[];
  subscribe(listener: (event: TeamsEvent) => void): () => void;
  close(): Promise<void>;
}

export function createPretendTeams(options: PretendTeamsOptions): PretendTeams {
  const { timeScale = 1, enforceLimits = true, deadlineMs = 15_000, now = () => new Date() } = options;
  const world = createWorld(options.directory, now, options.stateFile);
  const parts = {
    world,
    timeScale,
    limits: enforceLimits ? createLimits(timeScale) : null,
    faults: createFaults(),
    log: createLog(),
  };
  const bot = createBotClient(options.botEndpoint, deadlineMs);
  let server: Server | null = null;
  let address = '';
  const sender: Sender = {
    world,
    get serviceUrl() {
      const given = options.serviceUrl ?? address;
      return typeof given === 'string' ? given : given();
    },
  };
  const handle = (req: IncomingMessage, res: ServerResponse) => handleConnector(parts, req, res);
  const found = (ids: readonly string[]) => ids.flatMap((id) => world.memory.message(id) ?? []);

  async function setApp(ref: string, installed: boolean): Promise<void> {
    const conversation = conversationOf(world, ref);
    world.memory.setInstalled(conversation.teamId ?? conversation.id, installed);
    world.events.emit({ type: 'places' });
    for (const activity of installationActivities(sender, someoneOf(world, conversation), conversation, installed))
      await bot.send(activity);
  }

  async function setDeleted(ref: string, deleted: boolean): Promise<void> {
    const conversation = conversationOf(world, ref);
    world.memory.setDeleted(conversation, deleted);
    world.events.emit({ type: 'places' });
    const kind = deleted ? 'channelDeleted' : 'channelRestored';
    await bot.send(channelActivity(sender, someoneOf(world, conversation), conversation, kind));
  }

  return {
    ...createInvokes(sender, bot),
    world,
    people: world.people,
    teams: world.teams,
    conversations: world.conversations,
    faults: parts.faults,
    log: parts.log,
    handle,
    listen: async (port = 0) => {
      const started = createServer((req, res) => void handle(req, res).then((done) => void (done || notHere(res))));
      await new Promise<void>((resolve, reject) => started.once('error', reject).listen(port, '127.0.0.1', resolve));
      server = started;
      address = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
      return address;
    },
    say: async (ref, conversationRef, text, { replyTo, targeted = false } = {}) => {
      const [person, conversation] = [personOf(world, ref), conversationOf(world, conversationRef)];
      const mentions = mentionsIn(text, [world.bot, ...rosterOf(world, conversation)]);
      const rootId = conversation.kind === 'personal' ? null : rootOf(world, replyTo);
      const place = {
        conversationId: conversation.id,
        rootId,
        fromId: person.id,
        targetId: targeted ? person.id : null,
      };
      const content = { text, attachments: [], mentions, summary: null, importance: null };
      const message = world.memory.add({ ...content, ...place });
      world.events.emit({ type: 'message', message });
      const isHeard =
        conversation.kind === 'personal' || targeted || mentions.some((one) => one.mentioned.id === world.bot.id);
      if (!isHeard || !hasBot(world, conversation)) return { message, answer: null };
      return { message, answer: await bot.send(messageActivity(sender, person, conversation, message, targeted)) };
    },
    addApp: (ref) => setApp(ref, true),
    removeApp: (ref) => setApp(ref, false),
    deleteChannel: (ref) => setDeleted(ref, true),
    restoreChannel: (ref) => setDeleted(ref, false),
    deleteActivity: (id) => {
      const message = world.memory.remove(id);
      if (message) world.events.emit({ type: 'deleted', message });
    },
    message: (id) => world.memory.message(id),
    messages: (ref) => found(world.memory.roots(conversationOf(world, ref).id)),
    replies: (rootId) => found(world.memory.replies(rootId)),
    subscribe: (listener) => world.events.subscribe(listener),
    close: async () => {
      world.memory.close();
      server?.closeAllConnections();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
    },
  };
}

function rootOf(world: World, replyTo: string | undefined): string | null {
  return replyTo === undefined ? null : (world.memory.message(replyTo)?.rootId ?? null);
}

/** Whoever acts where Teams does not say: the first member. */
function someoneOf(world: World, conversation: Conversation): Person {
  const people = rosterOf(world, conversation);
  const person = people.find((one) => !one.isGuest) ?? people[0];
  if (!person) throw new Error(`Nobody is in ${teamOf(world, conversation)?.name ?? conversation.name}.`);
  return person;
}

function notHere(res: ServerResponse): void {
  res.writeHead(404).end();
}
