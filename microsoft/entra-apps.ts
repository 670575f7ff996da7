import type { CredentialSource } from './credentials.js';
import { credentialReader } from './credential-settings.js';
import type { AppPrefix, CredentialReader, CredentialSettings } from './credential-settings.js';

/** An application of Entra that the program signs in as. */
export interface EntraApp {
  readonly clientId: string;
  /** One or two. Reads the files anew, so that they rotate without a restart. */
  readonly readCredentials: CredentialReader;
}

export interface EntraApps {
  readonly bot: EntraApp & { readonly tenantId: string };
  readonly reader: EntraApp;
  /** Isolates, releases, scans, resolves alerts. Null: nothing is ever sent, tenants connect for reading only. */
  readonly actor: EntraApp | null;
}

export interface CredentialEnd {
  /** For people: which application, with the beginning of its variables. */
  readonly app: string;
  readonly endsAt: Date;
}

type AppSettings = CredentialSettings & {
  readonly [One in `${AppPrefix}_ID` | 'MICROSOFT_APP_TENANT_ID']?: string | undefined;
};

/** The applications that the settings name; null when they name none, or not enough: `faults` then says what is missing. */
export function entraApps(settings: AppSettings, required: boolean, faults: string[]): EntraApps | null {
  const given = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const isGiven = (prefix: AppPrefix) => given.some((name) => name.startsWith(`${prefix}_`));
  if (!required && !isGiven('MICROSOFT_APP') && !isGiven('READER_APP') && !isGiven('ACTOR_APP')) return null;
  const tenantId = settings.MICROSOFT_APP_TENANT_ID;
  if (!tenantId) faults.push('MICROSOFT_APP_TENANT_ID is missing: the Entra tenant the bot is registered in');
  const bot = entraApp(settings, 'MICROSOFT_APP', 'the application id of the Azure Bot', faults);
  const reader = entraApp(
    settings,
    'READER_APP',
    'the application that reads alerts (SecurityAlert.Read.All) and devices',
    faults,
  );
  const actor = isGiven('ACTOR_APP')
    ? entraApp(settings, 'ACTOR_APP', 'the application that acts on devices (Machine.Isolate, Machine.Scan)', faults)
    : null;
  return bot && reader && tenantId ? { bot: { ...bot, tenantId }, reader, actor } : null;
}

function entraApp(settings: AppSettings, prefix: AppPrefix, what: string, faults: string[]): EntraApp | null {
  const clientId = settings[`${prefix}_ID`];
  if (!clientId) faults.push(`${prefix}_ID is missing: ${what}`);
  const readCredentials = credentialReader(settings, prefix, faults);
  return clientId && readCredentials ? { clientId, readCredentials } : null;
}

/** For tokens: the application's credentials as they are at each request. Null for no application. */
export function credentialsOf(app: EntraApp | null): CredentialSource | null {
  return app && (() => ({ clientId: app.clientId, credentials: app.readCredentials() }));
}

/** When the credentials end whose end is known, as they are configured now. */
export function credentialEnds(apps: EntraApps | null): CredentialEnd[] {
  return named(apps).flatMap(([app, { readCredentials }]) =>
    readCredentials().flatMap(({ expiresAt }) => (expiresAt ? [{ app, endsAt: expiresAt }] : [])),
  );
}

/** Secrets as they are now, in files too. */
export function secretsOf(apps: EntraApps | null): string[] {
  const credentials = named(apps).flatMap(([, app]) => app.readCredentials());
  return credentials.flatMap((credential) => (credential.kind === 'secret' ? [credential.secret] : []));
}

function named(apps: EntraApps | null): readonly (readonly [string, EntraApp])[] {
  if (!apps) return [];
  const { bot, reader, actor } = apps;
  return [
    ['the bot (MICROSOFT_APP)', bot],
    ['the application that reads (READER_APP)', reader],
    ...(actor ? [['the application that acts (ACTOR_APP)', actor] as const] : []),
  ];
}
