import type { ActionDelays } from './estate/action-life.js';
import type { Scale } from './estate/scale.js';
import { actorRoles, readerRoles } from './registrations.js';
import type { Registration } from './registrations.js';
import { sandboxActor, sandboxApp } from './tenants.js';
import type { SandboxApp, SandboxTenant } from './tenants.js';

export interface SandboxCloudOptions {
  /** Default: Contoso and Fabrikam with generated alerts and devices. */
  readonly tenants?: readonly SandboxTenant[];
  /** The app that reads. */
  readonly app?: SandboxApp;
  /** The app that acts; null: nobody has registered one. */
  readonly actor?: SandboxApp | null;
  readonly clock?: () => Date;
  readonly seed?: number;
  /** Where everything that happened is kept over a restart; without it it is forgotten. */
  readonly stateFile?: string;
  /** Application permissions granted to the reader, of all resources together. */
  readonly roles?: readonly string[];
  readonly actorRoles?: readonly string[];
  /** Requests of one app for one tenant that each API takes in a minute, in place of Microsoft's limits. */
  readonly requestsPerMinute?: number;
  /** How long machine actions take, by default a few seconds. */
  readonly actionDelays?: Partial<ActionDelays>;
  /** Rows of a page where the client does not say, in place of Microsoft's thousands. */
  readonly pageSize?: number;
  /** Every tenant has so many machines; records are computed page by page. */
  readonly scale?: Scale;
}

/** The apps that Entra knows. */
export function registrationsOf({
  app = sandboxApp,
  actor = sandboxActor,
  ...options
}: SandboxCloudOptions): readonly Registration[] {
  const reader = { app, roles: options.roles ?? readerRoles };
  return actor === null ? [reader] : [reader, { app: actor, roles: options.actorRoles ?? actorRoles }];
}
