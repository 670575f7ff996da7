import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

import {
  ActivityHandler,
  CardFactory,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  MessageFactory,
  TeamsInfo,
} from 'botbuilder';
import type { Activity, ConversationReference, InvokeResponse, TurnContext } from 'botbuilder';

import { alertCard, closeForm } from './echo-card.js';
import type { EchoAlert } from './echo-card.js';

/** A small real bot: the CloudAdapter on plain http, one alert at a time, everything that a card can do. */
export interface EchoBot {
  readonly endpoint: string;
  readonly adapter: CloudAdapter;
  /** Every activity that came in, oldest first. */
  readonly received: Partial<Activity>[];
  /** Posts an alert card as a root post; resolves to its activity id. */
  raise(
    serviceUrl: string,
    channelId: string,
    alert?: Partial<EchoAlert>,
    responders?: readonly string[],
  ): Promise<string>;
  /** Runs code in a conversation the bot knows, as proactive messages do. */
  inConversation<T>(serviceUrl: string, conversationId: string, work: (context: TurnContext) => Promise<T>): Promise<T>;
  /** How the next invokes are answered, when not as usual. */
  answerInvokesWith(answer: ((activity: Partial<Activity>) => Promise<InvokeResponse>) | null): void;
  close(): Promise<void>;
}

export async function startEchoBot(appId: string): Promise<EchoBot> {
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const alerts = new Map<number, EchoAlert & { postId: string; responders: readonly string[] }>();
  const received: Partial<Activity>[] = [];
  let scripted: ((activity: Partial<Activity>) => Promise<InvokeResponse>) | null = null;
  let next = 1042;

  const redraw = async (context: TurnContext, number: number) => {
    const alert = alerts.get(number);
    if (!alert) return;
    const draft = cardActivity(alert, alert.responders);
    await context.updateActivity({ ...draft, id: alert.postId, conversation: context.activity.conversation });
  };

  async function execute(context: TurnContext): Promise<InvokeResponse> {
    const { action } = context.activity.value as { action: { verb: string; data: { alert: number } } };
    const alert = alerts.get(action.data.alert);
    if (!alert) return cardError('This alert is not found here.');
    if (context.activity.from.name === 'Gita Rao')
      return cardError('Guests may not work on alerts. Ask Adam Okoye (administrator) for the analyst role.');
    if (action.verb === 'refresh') return cardAnswer(alertCard(alert, alert.responders));
    if (action.verb === 'take' && alert.assignee !== null && alert.assignee !== context.activity.from.name)
      return toast(`${alert.assignee} took this already.`);
    const changed = action.verb === 'take' ? 'assigned' : 'investigating';
    Object.assign(alert, { status: changed, assignee: context.activity.from.name, version: alert.version + 1 });
    await redraw(context, alert.number);
    await reply(
      context,
      alert.postId,
      `**${context.activity.from.name}** ${changed === 'assigned' ? 'took' : 'investigates'} A-${alert.number}`,
    );
    return cardAnswer(alertCard(alert, alert.responders));
  }

  async function dialog(context: TurnContext): Promise<InvokeResponse> {
    const { data } = context.activity.value as { data: { alert: number; notes?: string } };
    const alert = alerts.get(data.alert);
    if (!alert) return { status: 200, body: { task: { type: 'message', value: 'This alert is not found here.' } } };
    if (context.activity.name === 'task/fetch') {
      const card = CardFactory.adaptiveCard(closeForm(alert));
      return {
        status: 200,
        body: {
          task: {
            type: 'continue',
            value: { title: `Close A-${alert.number}`, height: 'medium', width: 'medium', card },
          },
        },
      };
    }
    Object.assign(alert, { status: 'closed', assignee: context.activity.from.name, version: alert.version + 1 });
    await redraw(context, alert.number);
    return { status: 200, body: { task: { type: 'message', value: `A-${alert.number} is closed.` } } };
  }

  const handler = new ActivityHandler();
  handler.onMessage(async (context) => {
    const text = context.activity.text ?? `You submitted ${JSON.stringify(context.activity.value)}`;
    if (text.includes('roster')) {
      const page = await TeamsInfo.getPagedMembers(context, 50);
      await context.sendActivity(`${page.members.length} people`);
    } else await context.sendActivity(MessageFactory.text(`You said: ${text.replace(/<at>[^<]*<\/at>\s*/g, '')}`));
  });

  const answerInvoke = (context: TurnContext): Promise<InvokeResponse> => {
    if (scripted) return scripted(context.activity);
    return context.activity.name === 'adaptiveCard/action' ? execute(context) : dialog(context);
  };

  const server = createServer((req, res) => {
    void readJson(req).then(async (body) => {
      received.push(body as Partial<Activity>);
      const wrapped = Object.assign(res, {
        status: (code: number) => ((res.statusCode = code), wrapped),
        send: (value?: unknown) => {
          res.setHeader('content-type', 'application/json');
          res.write(typeof value === 'string' ? value : JSON.stringify(value));
          return wrapped;
        },
        header: (name: string, value: unknown) => (res.setHeader(name, String(value)), wrapped),
      });
      const request = { body: body as Record<string, unknown>, headers: req.headers, method: req.method ?? 'POST' };
      await adapter.process(request, wrapped as never, async (context) => {
        if (context.activity.type !== 'invoke') return handler.run(context);
        const value = await answerInvoke(context);
        await context.sendActivity({ type: 'invokeResponse', value });
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/messages`,
    adapter,
    received,
    raise: async (serviceUrl, channelId, given = {}, responders = []) => {
      const alert: EchoAlert = {
        ...sample,
        number: next++,
        firstSeen: new Date().toISOString().replace(/\.\d+Z/, 'Z'),
        ...given,
      };
      let conversationId = '';
      const parameters = {
        isGroup: true,
        bot: { id: `28:${appId}`, name: 'AVIAN' },
        channelData: { channel: { id: channelId } },
        activity: cardActivity(alert, responders),
      };
      await adapter.createConversationAsync(appId, 'msteams', serviceUrl, '', parameters as never, async (context) => {
        conversationId = context.activity.conversation.id;
      });
      const postId = conversationId.split(';messageid=')[1] ?? '';
      alerts.set(alert.number, Object.assign(alert, { postId, responders }));
      return postId;
    },
    inConversation: async (serviceUrl, conversationId, work) => {
      const reference = {
        channelId: 'msteams',
        serviceUrl,
        bot: { id: `28:${appId}`, name: 'AVIAN' },
        conversation: { id: conversationId },
      };
      const results: Awaited<ReturnType<typeof work>>[] = [];
      await adapter.continueConversationAsync(appId, reference as ConversationReference, async (context) => {
        results.push(await work(context));
      });
      return results[0] as Awaited<ReturnType<typeof work>>;
    },
    answerInvokesWith: (answer) => {
      scripted = answer;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const sample = {
  title: 'Ransomware behaviour on FIN-LT-0231',
  severity: 'High' as const,
  device: 'FIN-LT-0231',
  status: 'open' as const,
  assignee: null,
  version: 1,
};

function cardActivity(alert: EchoAlert, responders: readonly string[]): Partial<Activity> {
  const attachments = [CardFactory.adaptiveCard(alertCard(alert, responders))];
  return { type: 'message', attachments, summary: `${alert.severity}: ${alert.title}` };
}

async function reply(context: TurnContext, rootId: string, text: string): Promise<void> {
  const [channel = ''] = context.activity.conversation.id.split(';');
  const conversation = { ...context.activity.conversation, id: `${channel};messageid=${rootId}` };
  await context.sendActivities([{ type: 'message', text, conversation }]);
}

const cardAnswer = (card: unknown) => invokeAnswer(200, 'application/vnd.microsoft.card.adaptive', card);
const toast = (text: string) => invokeAnswer(200, 'application/vnd.microsoft.activity.message', text);
const cardError = (message: string) =>
  invokeAnswer(400, 'application/vnd.microsoft.error', { code: 'BadRequest', message });

function invokeAnswer(statusCode: number, type: string, value: unknown): InvokeResponse {
  return { status: 200, body: { statusCode, type, value } };
}

async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
}
