import type { SandboxApp } from './tenants.js';

export const graphAudience = 'https://graph.microsoft.com';
export const defenderAudience = 'https://api.securitycenter.microsoft.com';

/** An app registration with the application permissions that every tenant granted. */
export interface Registration {
  readonly app: SandboxApp;
  readonly roles: readonly string[];
}

export const readerRoles: readonly string[] = [
  'SecurityAlert.Read.All',
  'DeviceManagementManagedDevices.Read.All',
  'DeviceManagementConfiguration.Read.All',
  'Machine.Read.All',
  'Vulnerability.Read.All',
  'Score.Read.All',
  'Alert.Read.All',
];

export const actorRoles: readonly string[] = [
  'SecurityAlert.ReadWrite.All',
  'Machine.Isolate',
  'Machine.Scan',
  'Machine.Read.All',
];

/** The resource of older documents that is the same API. */
const oldDefender = 'https://securitycenter.onmicrosoft.com/windowsatpservice';

/** Resources that Entra issues tokens for; the last one is another product's, and Defender refuses its tokens. */
const resources: ReadonlyMap<string, string> = new Map([
  [graphAudience, graphAudience],
  ['https://graph.microsoft.us', graphAudience],
  ['https://dod-graph.microsoft.us', graphAudience],
  [defenderAudience, defenderAudience],
  [oldDefender, defenderAudience],
  ['https://api-gcc.securitycenter.microsoft.us', defenderAudience],
  ['https://api-gov.securitycenter.microsoft.us', defenderAudience],
  ['https://api.security.microsoft.com', 'https://api.security.microsoft.com'],
]);

/** The audience of tokens for a scope such as https://graph.microsoft.com/.default; undefined when nobody knows it. */
export function audienceOf(scope: string): string | undefined {
  return resources.get((scope.split(' ')[0] ?? '').replace(/\/\.default$/, ''));
}

const ofDefender = /^(Machine|Vulnerability|Score|Alert|Software|SecurityRecommendation)\./;

/** Those of the roles that the resource knows. */
export function rolesFor(audience: string, roles: readonly string[]): readonly string[] {
  if (audience === defenderAudience) return roles.filter((role) => ofDefender.test(role));
  return audience === graphAudience ? roles.filter((role) => !ofDefender.test(role)) : [];
}
