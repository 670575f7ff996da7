/**
 * The only hosts that are given the bot's token: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 * names those of the public and the US government clouds.
 */
const hosts: ReadonlySet<string> = new Set([
  'smba.trafficmanager.net',
  'smba.infra.gcc.teams.microsoft.com',
  'smba.infra.gov.teams.microsoft.us',
  'smba.infra.dod.teams.microsoft.us',
]);
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

export type ServiceUrlCheck = (url: string) => boolean;

/** Local mode talks to this machine only, and no other mode does. */
export function serviceUrlCheck(mode: 'teams' | 'local'): ServiceUrlCheck {
  return (url) => {
    if (!URL.canParse(url)) return false;
    const { protocol, hostname, username, password, port } = new URL(url);
    if (username !== '' || password !== '') return false;
    if (mode === 'local') return (protocol === 'http:' || protocol === 'https:') && loopback.has(hostname);
    return protocol === 'https:' && port === '' && hosts.has(hostname);
  };
}

export function isLoopback(host: string): boolean {
  return loopback.has(host) || host === '::1';
}
