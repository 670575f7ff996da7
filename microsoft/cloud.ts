export const cloudNames = ['worldwide', 'gcc', 'gcc_high', 'dod'] as const;
export type CloudName = (typeof cloudNames)[number];

/** Where one of Microsoft's clouds is found. */
export interface MicrosoftCloud {
  readonly name: CloudName;
  /** Host of the Entra token endpoint. */
  readonly loginHost: string;
  /** Origin of Graph, without a trailing slash; always https. */
  readonly graphRoot: string;
  readonly graphScope: string;
  /** The only hosts that ever see a Graph token, links to further pages included. */
  readonly graphHosts: ReadonlySet<string>;
}

/** Hosts from Microsoft's "National cloud deployments"; GCC uses the worldwide Graph. */
const hosts: Record<CloudName, { login: string; graph: string }> = {
  worldwide: { login: 'login.microsoftonline.com', graph: 'graph.microsoft.com' },
  gcc: { login: 'login.microsoftonline.com', graph: 'graph.microsoft.com' },
  gcc_high: { login: 'login.microsoftonline.us', graph: 'graph.microsoft.us' },
  dod: { login: 'login.microsoftonline.us', graph: 'dod-graph.microsoft.us' },
};

/** The cloud of that name; hosts may be overridden by configuration, because Microsoft moves them. */
export function microsoftCloud(
  name: CloudName,
  overrides: { readonly loginHost?: string; readonly graphHost?: string } = {},
): MicrosoftCloud {
  const graphHost = overrides.graphHost ?? hosts[name].graph;
  return {
    name,
    loginHost: overrides.loginHost ?? hosts[name].login,
    graphRoot: `https://${graphHost}`,
    graphScope: `https://${graphHost}/.default`,
    graphHosts: new Set([graphHost]),
  };
}

/** True when `url` is https, without user name or port of its own, on one of `allowed`. */
export function isAllowedUrl(url: string, allowed: ReadonlySet<string>): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  return protocol === 'https:' && username === '' && password === '' && allowed.has(host);
}
