import type { Api } from './faults.js';

const hosts: readonly (readonly [RegExp, readonly Api[]])[] = [
  [/^login\./, ['entra']],
  [/graph\.microsoft\./, ['graph', 'intune']],
  [/^([a-z]+\.)?api(-\w+)?\.security(center)?\./, ['defender']],
];

const paths: readonly (readonly [RegExp, Api])[] = [
  [/^\/[^/]+\/oauth2\/v2\.0\/token$/, 'entra'],
  [/^\/v1\.0\/deviceManagement(\/|$)/, 'intune'],
  [/^\/v1\.0\//, 'graph'],
  [/^\/api\//, 'defender'],
];

/** Which API a request is for: by its path, and the host that the client believed to call must have that API. */
export function apiOf(host: string, path: string): Api | undefined {
  const api = paths.find(([form]) => form.test(path))?.[1];
  const served = hosts.find(([form]) => form.test(host))?.[1];
  return api !== undefined && (served?.includes(api) ?? true) ? api : undefined;
}
