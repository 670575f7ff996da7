import { randomUUID } from 'node:crypto';
import { TeamsAdapter } from '../../../bot/adapter.js';
import type { BotMode } from '../../../bot/adapter.js';
import { createBot } from '../../../bot/bot.js';
import { createTeamsGateway } from '../../../bot/delivery/gateway.js';
import { createMessages } from '../../../bot/messages.js';
import { createRoster } from '../../../bot/people.js';
import type { TeamsGateway } from '../../../domain/channels/teams-gateway.js';
import { createHttpServer } from '../../../http/server.js';
import { startFakeConnector } from '../../helpers/fake-connector.js';
import type { FakeConnector } from '../../helpers/fake-connector.js';
import { ENTRA, PERSON, recordServices } from './recorded-services.js';
import type { Recorded } from './recorded-services.js';

export const BOT = '28:app';
export const CHANNEL = '19:alerts@thread.tacv2';

export interface LogLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface Desk extends Recorded {
  readonly connector: FakeConnector;
  readonly gateway: TeamsGateway;
  readonly url: string;
  readonly log: LogLine[];
  post(body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>;
  close(): Promise<void>;
}

/** The bot behind its real door, adapter and connector client; only Teams and the domain are not real. */
export async function openDesk(options: { mode?: BotMode; patienceMs?: number } = {}): Promise<Desk> {
  const connector = await startFakeConnector();
  const recorded = recordServices();
  const log: LogLine[] = [];
  const write = (level: string) => (fields: object, message: string) =>
    void log.push({ level, fields: fields as LogLine['fields'], message });
  const logger = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  const mode = options.mode ?? { kind: 'local', host: '127.0.0.1' };
  const adapter = new TeamsAdapter({ mode, requestTimeoutMs: 300 });
  const gateway = createTeamsGateway(adapter.connectors, logger);
  const roster = createRoster(adapter.connectors, logger);
  const { services } = recorded;
  const { patienceMs = 8000 } = options;
  const bot = createBot({ services, gateway, roster, log: logger, patienceMs });
  const well = () => Promise.resolve({ ok: true, details: {} });
  const messages = createMessages(adapter, bot, logger);
  const server = createHttpServer({ messages, health: well, readiness: well, log: logger });
  const url = `http://127.0.0.1:${await server.listen(0, '127.0.0.1')}/api/messages`;
  const post: Desk['post'] = async (body, headers = {}) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const init = { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } };
    const response = await fetch(url, init);
    const answer = await response.text();
    return { status: response.status, body: answer === '' ? undefined : (JSON.parse(answer) as unknown) };
  };
  const close = async () => {
    await server.close(0);
    await connector.close();
  };
  return { ...recorded, connector, gateway, url, log, post, close };
}

/** An activity as Teams sends it from the channel, in the thread of the card `root`; a test names what matters to it. */
export function activity(desk: Pick<Desk, 'connector'>, changes: Readonly<Record<string, unknown>>): object {
  return {
    id: randomUUID(),
    channelId: 'msteams',
    serviceUrl: desk.connector.url,
    timestamp: '2026-03-02T09:00:00.000Z',
    from: { id: '29:ann', name: 'Ann Ek', aadObjectId: PERSON },
    recipient: { id: BOT, name: 'AVIAN' },
    conversation: { id: `${CHANNEL};messageid=root`, conversationType: 'channel', tenantId: ENTRA, isGroup: true },
    channelData: {
      tenant: { id: ENTRA },
      team: { id: '19:team@thread.tacv2', name: 'SOC' },
      channel: { id: CHANNEL, name: 'Alerts' },
    },
    ...changes,
  };
}

export const personal = {
  conversation: { id: 'a:chat', conversationType: 'personal', tenantId: ENTRA },
  channelData: { tenant: { id: ENTRA } },
};

export function said(desk: Pick<Desk, 'connector'>, text: string, changes: object = {}): object {
  return activity(desk, { type: 'message', text, ...changes });
}

export function clicked(desk: Pick<Desk, 'connector'>, data: unknown, changes: object = {}): object {
  const value = { action: { type: 'Action.Execute', verb: 'x', data }, trigger: 'manual' };
  return activity(desk, { type: 'invoke', name: 'adaptiveCard/action', value, replyToId: 'root', ...changes });
}
