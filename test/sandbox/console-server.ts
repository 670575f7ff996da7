import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createConsole } from '../../sandbox/console/console.js';
import type { PanelControl } from '../../sandbox/console/panel.js';
import { createPretendTeams } from '../../sandbox/teams/pretend-teams.js';
import type { PretendTeams, PretendTeamsOptions } from '../../sandbox/teams/pretend-teams.js';
import { directory } from './directory.js';
import { startEchoBot } from './echo-bot.js';
import type { EchoBot } from './echo-bot.js';

export interface ConsoleServer {
  readonly url: string;
  readonly teams: PretendTeams;
  readonly bot: EchoBot;
  /** Raises an alert in the channel of this name; resolves to the activity id. */
  raise(channel: string, ...alert: RaiseArguments): Promise<string>;
  close(): Promise<void>;
}

type RaiseArguments = Parameters<EchoBot['raise']> extends [string, string, ...infer Rest] ? Rest : never;

/** Pretend Teams, the echo bot and the console on one loopback server, as local mode does it. */
export async function startConsoleServer(options: Partial<PretendTeamsOptions> = {}): Promise<ConsoleServer> {
  const bot = await startEchoBot(directory.appId);
  let url = '';
  const teams = createPretendTeams({
    directory,
    botEndpoint: bot.endpoint,
    serviceUrl: () => `${url}/teams`,
    ...options,
  });
  const raise = (channel: string, ...alert: RaiseArguments) => {
    const found = [...teams.conversations.values()].find((one) => one.name === channel);
    return bot.raise(`${url}/teams`, found?.id ?? channel, ...alert);
  };
  const page = createConsole({ teams, panel: panelFor(teams, raise), title: 'AVIAN for Teams', commands });
  const server = createServer((req, res) => {
    void (async () => {
      if (req.url?.startsWith('/teams/') === true && (await teams.handle(req, res))) return;
      if (!(await page.handle(req, res))) res.writeHead(404).end();
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await page.ready;
  return {
    url,
    teams,
    bot,
    raise,
    close: async () => {
      server.closeAllConnections();
      await Promise.all([new Promise((resolve) => server.close(resolve)), teams.close(), bot.close()]);
    },
  };
}

const commands = [
  { title: 'help', description: 'What you can ask for' },
  { title: 'queue', description: 'Untaken alerts, most urgent first' },
  { title: 'mine', description: 'What you work on' },
  { title: 'incidents', description: 'Open incidents' },
  { title: 'show', description: 'One alert or incident by its number' },
  { title: 'posture', description: 'Security score and trend' },
];

function panelFor(teams: PretendTeams, raise: ConsoleServer['raise']): PanelControl[] {
  let unthrottle: (() => void) | null = null;
  const severity = {
    id: 'severity',
    label: 'Severity',
    type: 'choice' as const,
    choices: ['Critical', 'High', 'Medium'].map((value) => ({ value, label: value })),
    initial: 'High',
  };
  const count = { id: 'count', label: 'How many', type: 'number' as const, min: 1, max: 50, initial: 5 };
  return [
    {
      id: 'raise',
      label: 'Raise alert',
      group: 'Defender alerts',
      kind: 'button',
      fields: [severity],
      run: async (values) => {
        await raise('Security alerts', { severity: values['severity'] as 'High' });
        return 'Defender raised an alert.';
      },
    },
    {
      id: 'burst',
      label: 'Raise a burst',
      group: 'Defender alerts',
      kind: 'button',
      fields: [count],
      run: async (values) => {
        for (let index = 0; index < Number(values['count']); index++) await raise('Security alerts');
        return undefined;
      },
    },
    {
      id: 'throttle',
      label: 'Teams throttles the bot',
      hint: 'Every call is answered with 429.',
      group: 'Faults',
      kind: 'toggle',
      isOn: () => unthrottle !== null,
      run: async (on) => {
        unthrottle?.();
        unthrottle = on
          ? teams.faults.add({ kind: 'status', status: 429, retryAfterSeconds: 5, times: Infinity })
          : null;
        return on ? 'Teams throttles the bot now.' : 'Teams is itself again.';
      },
    },
    {
      id: 'remove',
      label: 'Remove the app from this team',
      group: 'Faults',
      kind: 'button',
      run: async (_values, { conversationId }) => {
        await teams.removeApp(conversationId);
        return 'The app was removed.';
      },
    },
  ];
}
