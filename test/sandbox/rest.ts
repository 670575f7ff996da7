import type { PretendTeams } from '../../sandbox/teams/pretend-teams.js';

/** One plain call of the Bot Connector REST API, as any SDK makes it. */
export interface RestCall {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: { id?: string; activityId?: string; error?: { code: string }; [name: string]: unknown };
}

export function restOf(serviceUrl: string, teams: PretendTeams) {
  const call = async (method: string, path: string, body?: unknown): Promise<RestCall> => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const response = await fetch(`${serviceUrl}/v3/${path}`, { method, ...init, signal: AbortSignal.timeout(5_000) });
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      body: JSON.parse(text) as RestCall['body'],
    };
  };
  const idOf = (name: string) => [...teams.conversations.values()].find((one) => one.name === name)?.id ?? name;
  const activities = (conversation: string) => `conversations/${encodeURIComponent(conversation)}/activities`;
  return {
    call,
    idOf,
    /** A root post in the channel of this name. */
    post: (channel: string, activity: unknown = { type: 'message', text: 'Hello' }) =>
      call('POST', 'conversations', { isGroup: true, channelData: { channel: { id: idOf(channel) } }, activity }),
    reply: (channel: string, rootId: string, text: string) =>
      call('POST', activities(`${idOf(channel)};messageid=${rootId}`), { type: 'message', text }),
    update: (channel: string, id: string, text: string) =>
      call('PUT', `${activities(idOf(channel))}/${id}`, { type: 'message', text }),
  };
}
