import { createPretendTeams } from '../sandbox/teams/pretend-teams.js';
import type { PretendTeams } from '../sandbox/teams/pretend-teams.js';
import { answerParent } from './peer.js';

export type TeamsQuestion =
  | { readonly ask: 'open'; readonly channels: number; readonly timeScale: number }
  /** What was accepted since the last question. */
  | { readonly ask: 'posted' }
  | { readonly ask: 'faults' };

export interface Posted {
  readonly alertId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const entraTenantId = 'be9c0000-0000-4000-8000-000000000001';
const appId = 'be9c0000-0000-4000-8000-0000000000b0';
let teams: PretendTeams | undefined;
let posted: Posted[] = [];

answerParent<TeamsQuestion>(async (question) => {
  if (question.ask === 'open') return open(question.channels, question.timeScale);
  if (question.ask === 'faults') return { throttled: teams?.log.answered(429) ?? 0 };
  const fresh = posted;
  posted = [];
  return fresh;
});

async function open(count: number, timeScale: number) {
  const channels = Array.from({ length: count }, (_, at) => `Customer ${at + 1}`);
  const person = { aadObjectId: appId.replace('b0', 'a1'), name: 'Ann', title: 'Analyst', email: 'ann@example.com' };
  const tenant = { entraTenantId, name: 'Provider', people: [person], teams: [{ name: 'Security', channels }] };
  teams = createPretendTeams({
    directory: { botName: 'AVIAN', appId, tenants: [tenant] },
    botEndpoint: 'http://127.0.0.1:1/',
    timeScale,
  });
  teams.subscribe((event) => {
    if (event.type !== 'message') return;
    const alertId = /"entityId":"([0-9a-f-]{36})"/.exec(JSON.stringify(event.message.attachments))?.[1];
    if (alertId !== undefined) posted.push({ alertId, at: Date.now() });
  });
  const url = await teams.listen();
  const rooms = [...teams.conversations.values()].filter((one) => one.kind === 'channel').map((one) => one.id);
  return { url, entraTenantId, botId: teams.world.bot.id, channels: rooms };
}
