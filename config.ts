import type { SyncSource } from './domain/sync/source.js';
import { environment } from './environment.js';
import type { Environment } from './environment.js';
import { givenSecrets } from './microsoft/credential-settings.js';
import { credentialEnds, entraApps, secretsOf } from './microsoft/entra-apps.js';
import type { CredentialEnd, EntraApps } from './microsoft/entra-apps.js';

/** The environment is wrong; the message lists every fault with what to do, so that one round of mending is enough. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** Every variable the program reads; .env.example and its test go by this list. */
export const variables: readonly string[] = Object.keys(environment.shape);

/** Seconds between two syncs of a tenant; `vulnerabilitiesFull` between two full walks. */
export type SyncSeconds = Readonly<Record<SyncSource | 'vulnerabilitiesFull', number>>;

export interface DatabaseUrls {
  readonly app: string;
  readonly system: string;
  readonly worker: string;
  /** Only local mode uses it while running: to seed its people. */
  readonly migration: string | null;
}

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly logLevel: Environment['LOG_LEVEL'];
  /** Embedded PostgreSQL and the sandbox keep their files here. */
  readonly dataDir: string;
  readonly cloud: Environment['MICROSOFT_CLOUD'];
  /** Null: start the embedded server. */
  readonly database: DatabaseUrls | null;
  /** Instead of the cloud's own host of Defender for Endpoint, e.g. a geographic one. */
  readonly defenderHost: string | null;
  /** Null: local mode, with the sandbox cloud and the console. */
  readonly microsoft: EntraApps | null;
  readonly sandboxData: string | null;
  readonly syncSeconds: SyncSeconds;
  /** No tenant's action is sent to Microsoft, whatever the tenant sets. */
  readonly forceDryRun: boolean;
  /** When the credentials end whose end is known, as they are configured now. */
  readonly credentialEnds: () => readonly CredentialEnd[];
  /** Values that must never be written to a log. */
  readonly secrets: readonly string[];
}

/** Reads the environment. Throws ConfigError with all faults at once. `production`: nothing local is allowed. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  options: { production: boolean },
): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([name, value]) => variables.includes(name) && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) throw faulty(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  const e = parsed.data;
  const faults: string[] = [];
  const database = databaseUrls(e, options.production, faults);
  const microsoft = entraApps(e, options.production, faults);
  if (!microsoft && !loopback.has(e.HOST)) {
    faults.push('HOST must be 127.0.0.1 without Microsoft settings: local mode answers anybody who can reach it');
  }
  if (!microsoft && database && !database.migration) {
    faults.push('MIGRATION_DATABASE_URL is missing: local mode on a database of your own seeds its people with it');
  }
  if (faults.length > 0) throw faulty(faults);
  return Object.freeze({
    port: e.PORT,
    host: e.HOST,
    logLevel: e.LOG_LEVEL,
    dataDir: e.DATA_DIR,
    cloud: e.MICROSOFT_CLOUD,
    database,
    microsoft,
    sandboxData: e.SANDBOX_DATA ?? null,
    defenderHost: e.DEFENDER_API_HOST ?? null,
    syncSeconds: syncSecondsOf(e, microsoft !== null),
    forceDryRun: e.EDR_DRY_RUN === 'true',
    credentialEnds: () => credentialEnds(microsoft),
    secrets: secrets(e, microsoft),
  });
}

function faulty(faults: readonly string[]): ConfigError {
  return new ConfigError(
    `The configuration has ${faults.length} fault${faults.length === 1 ? '' : 's'}:\n${faults.map((f) => `  - ${f}`).join('\n')}\n.env.example explains every variable.`,
  );
}

function databaseUrls(e: Environment, production: boolean, faults: string[]): DatabaseUrls | null {
  if (!e.DATABASE_URL) {
    if (production)
      faults.push(
        'DATABASE_URL is missing: production needs a PostgreSQL 15 or newer; npm run cli -- database setup prints it',
      );
    else if (e.SYSTEM_DATABASE_URL || e.WORKER_DATABASE_URL)
      faults.push('DATABASE_URL is missing although other database variables are set');
    return null;
  }
  for (const name of ['SYSTEM_DATABASE_URL', 'WORKER_DATABASE_URL'] as const) {
    if (!e[name])
      faults.push(
        `${name} is missing beside DATABASE_URL: npm run cli -- database setup creates the logins and prints it`,
      );
  }
  return {
    app: e.DATABASE_URL,
    system: e.SYSTEM_DATABASE_URL ?? '',
    worker: e.WORKER_DATABASE_URL ?? '',
    migration: e.MIGRATION_DATABASE_URL ?? null,
  };
}

/** The sandbox is quick, so that there is something to see. */
function syncSecondsOf(e: Environment, isReal: boolean): SyncSeconds {
  return {
    alerts: e.ALERT_SYNC_SECONDS ?? (isReal ? 120 : 3),
    devices: e.DEVICE_SYNC_SECONDS ?? (isReal ? 900 : 15),
    compliance: e.COMPLIANCE_SYNC_SECONDS ?? (isReal ? 3_600 : 20),
    vulnerabilities: e.VULNERABILITY_SYNC_SECONDS ?? (isReal ? 21_600 : 30),
    vulnerabilitiesFull: e.VULNERABILITY_FULL_SYNC_SECONDS ?? (isReal ? 86_400 : 300),
  };
}

/** Of files as they are at the start; a rotated one is caught by the shapes that the log knows. */
function secrets(e: Environment, microsoft: EntraApps | null): string[] {
  const urls = [e.DATABASE_URL, e.SYSTEM_DATABASE_URL, e.WORKER_DATABASE_URL, e.MIGRATION_DATABASE_URL];
  const passwords = urls.flatMap((url) => /^\w+:\/\/[^:@/]*:([^@]+)@/.exec(url ?? '')?.[1] ?? []);
  const all = [...givenSecrets(e), ...secretsOf(microsoft), ...passwords, ...passwords.map(decodeURIComponent)];
  return [...new Set(all)].filter((value) => value.length >= 4);
}
