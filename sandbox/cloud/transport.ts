import type { Transport } from '../../microsoft/http.js';

/** Carries the host that the client believed to call. */
export const hostHeader = 'x-sandbox-host';

const pretended = new Set([
  'login.microsoftonline.com',
  'login.microsoftonline.us',
  'graph.microsoft.com',
  'graph.microsoft.us',
  'dod-graph.microsoft.us',
  'api.security.microsoft.com',
  'us.api.security.microsoft.com',
  'eu.api.security.microsoft.com',
  'api.securitycenter.microsoft.com',
  'api-gcc.securitycenter.microsoft.us',
  'api-gov.securitycenter.microsoft.us',
]);

/** fetch for code that believes to talk to Microsoft: it ends at the pretend cloud, and nothing ever leaves for another host. */
export function sandboxTransport(cloudUrl: string): Transport {
  return async (input, init) => {
    const asked = new URL(input instanceof Request ? input.url : input);
    if (asked.protocol !== 'https:' || !pretended.has(asked.host)) {
      throw new TypeError(`the sandbox does not reach ${asked.host}`);
    }
    const target = new URL(asked.pathname + asked.search, cloudUrl);
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
    headers.set(hostHeader, asked.host);
    return fetch(input instanceof Request ? new Request(target, input) : target, { ...init, headers });
  };
}
