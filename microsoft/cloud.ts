export const cloudNames = ['worldwide', 'gcc', 'gcc_high', 'dod'] as const;
export type CloudName = (typeof cloudNames)[number];

/** Where one of Microsoft's clouds is found. Roots are origins without a trailing slash, always https. */
export interface MicrosoftCloud {
  readonly name: CloudName;
  /** Host of the Entra token endpoint. */
  readonly loginHost: string;
  readonly graphRoot: string;
  readonly graphScope: string;
  /** The only hosts that ever see a Graph token, links to further pages included. */
  readonly graphHosts: ReadonlySet<string>;
  readonly defenderRoot: string;
  readonly defenderScope: string;
  /** The only hosts that ever see a Defender token, links to further pages included. */
  readonly defenderHosts: ReadonlySet<string>;
}

export interface CloudOverrides {
  readonly loginHost?: string | undefined;
  readonly graphHost?: string | undefined;
  /** For a geographic host such as eu.api.security.microsoft.com; tokens are still asked for the cloud's own Defender. */
  readonly defenderHost?: string | undefined;
}

interface Hosts {
  readonly login: string;
  readonly graph: string;
  readonly defender: string;
  /** The audience of Defender tokens, which its links to further pages name as well. */
  readonly defenderAudience: string;
}

const worldwideLogin = { login: 'login.microsoftonline.com', graph: 'graph.microsoft.com' };
const gccDefender = 'api-gcc.securitycenter.microsoft.us';
const govDefender = 'api-gov.securitycenter.microsoft.us';

/** Hosts from Microsoft's "National cloud deployments" and "Supported Defender for Endpoint APIs". */
const hosts: Record<CloudName, Hosts> = {
  worldwide: {
    ...worldwideLogin,
    defender: 'api.security.microsoft.com',
    defenderAudience: 'api.securitycenter.microsoft.com',
  },
  gcc: { ...worldwideLogin, defender: gccDefender, defenderAudience: gccDefender },
  gcc_high: {
    login: 'login.microsoftonline.us',
    graph: 'graph.microsoft.us',
    defender: govDefender,
    defenderAudience: govDefender,
  },
  dod: {
    login: 'login.microsoftonline.us',
    graph: 'dod-graph.microsoft.us',
    defender: govDefender,
    defenderAudience: govDefender,
  },
};

/** The cloud of that name; hosts may be overridden by configuration, because Microsoft moves them. */
export function microsoftCloud(name: CloudName, overrides: CloudOverrides = {}): MicrosoftCloud {
  const own = hosts[name];
  const graphHost = overrides.graphHost ?? own.graph;
  const defenderHost = overrides.defenderHost ?? own.defender;
  return {
    name,
    loginHost: overrides.loginHost ?? own.login,
    graphRoot: `https://${graphHost}`,
    graphScope: `https://${graphHost}/.default`,
    graphHosts: new Set([graphHost]),
    defenderRoot: `https://${defenderHost}`,
    defenderScope: `https://${own.defenderAudience}/.default`,
    defenderHosts: new Set([defenderHost, own.defender, own.defenderAudience]),
  };
}

/** True when `url` is https, without user name or port of its own, on one of `allowed`. */
export function isAllowedUrl(url: string, allowed: ReadonlySet<string>): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === 'https:' && username === '' && password === '' && allowed.has(host);
}
