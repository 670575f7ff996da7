import { z } from 'zod';
import { credentialReader } from './microsoft/credential-settings.js';
import type { CredentialReader } from './microsoft/credential-settings.js';

/** The environment is wrong; the message lists every fault with what to do, so that one round of mending is enough. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost']);
const text = z.string().trim().min(1, 'is empty: give it a value or remove the line');
const uuid = z.uuid('must be a GUID, as the Entra admin center shows it');
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must look like postgres://user:password@host:5432/database');

const environment = z.object({
  PORT: z.coerce.number().int().min(0).max(65535).default(3978),
  HOST: text.default('127.0.0.1'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  DATA_DIR: text.default('.avian'),
  SANDBOX_DATA: text.optional(),
  DATABASE_URL: postgresUrl.optional(),
  SYSTEM_DATABASE_URL: postgresUrl.optional(),
  WORKER_DATABASE_URL: postgresUrl.optional(),
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  MICROSOFT_CLOUD: z.enum(['worldwide', 'gcc', 'gcc_high', 'dod']).default('worldwide'),
  MICROSOFT_APP_ID: uuid.optional(),
  MICROSOFT_APP_TENANT_ID: uuid.optional(),
  MICROSOFT_APP_SECRET: text.optional(),
  MICROSOFT_APP_SECRET_FILE: text.optional(),
  MICROSOFT_APP_CERTIFICATE_FILE: text.optional(),
  MICROSOFT_APP_CERTIFICATE_KEY_FILE: text.optional(),
  MICROSOFT_APP_FEDERATED_TOKEN_FILE: text.optional(),
  READER_APP_ID: uuid.optional(),
  READER_APP_SECRET: text.optional(),
  READER_APP_SECRET_FILE: text.optional(),
  READER_APP_CERTIFICATE_FILE: text.optional(),
  READER_APP_CERTIFICATE_KEY_FILE: text.optional(),
  READER_APP_FEDERATED_TOKEN_FILE: text.optional(),
  ALERT_SYNC_SECONDS: z.coerce.number().int().min(1).max(86_400).optional(),
});
type Environment = z.infer<typeof environment>;

/** Every variable the program reads; .env.example and its test go by this list. */
export const variables: readonly string[] = Object.keys(environment.shape);

export interface EntraApp {
  readonly clientId: string;
  /** Reads the files anew, so that they rotate without a restart. */
  readonly readCredential: CredentialReader;
}

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
  /** Null: local mode, with the sandbox cloud and the console. */
  readonly microsoft: { readonly bot: EntraApp & { readonly tenantId: string }; readonly reader: EntraApp } | null;
  readonly sandboxData: string | null;
  /** Seconds between two alert syncs of a tenant. */
  readonly alertSyncSeconds: number;
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
  const microsoft = microsoftApps(e, options.production, faults);
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
    alertSyncSeconds: e.ALERT_SYNC_SECONDS ?? (microsoft ? 120 : 3),
    secrets: [...secretsOf(e), ...fileSecrets(microsoft)],
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

function microsoftApps(e: Environment, production: boolean, faults: string[]): Config['microsoft'] {
  const anyGiven = Object.keys(e).some((name) => /^(MICROSOFT_APP|READER_APP)_/.test(name));
  if (!anyGiven && !production) return null;
  if (!e.MICROSOFT_APP_ID) faults.push('MICROSOFT_APP_ID is missing: the application id of the Azure Bot');
  if (!e.MICROSOFT_APP_TENANT_ID)
    faults.push('MICROSOFT_APP_TENANT_ID is missing: the Entra tenant the bot is registered in');
  if (!e.READER_APP_ID)
    faults.push('READER_APP_ID is missing: the application that reads alerts (SecurityAlert.Read.All)');
  const bot = credentialReader(e, 'MICROSOFT_APP', faults);
  const reader = credentialReader(e, 'READER_APP', faults);
  if (!bot || !reader || !e.MICROSOFT_APP_ID || !e.MICROSOFT_APP_TENANT_ID || !e.READER_APP_ID) return null;
  return {
    bot: { clientId: e.MICROSOFT_APP_ID, tenantId: e.MICROSOFT_APP_TENANT_ID, readCredential: bot },
    reader: { clientId: e.READER_APP_ID, readCredential: reader },
  };
}

function secretsOf(e: Environment): string[] {
  const urls = [e.DATABASE_URL, e.SYSTEM_DATABASE_URL, e.WORKER_DATABASE_URL, e.MIGRATION_DATABASE_URL];
  const passwords = urls.flatMap((url) => /^\w+:\/\/[^:@/]*:([^@]+)@/.exec(url ?? '')?.[1] ?? []);
  return [e.MICROSOFT_APP_SECRET, e.READER_APP_SECRET, ...passwords, ...passwords.map(decodeURIComponent)].filter(
    (value): value is string => value !== undefined && value.length >= 4,
  );
}

/** As they are at the start; a rotated one is caught by the shapes that the log knows. */
function fileSecrets(microsoft: Config['microsoft']): string[] {
  const credentials = microsoft ? [microsoft.bot.readCredential(), microsoft.reader.readCredential()] : [];
  return credentials.flatMap((credential) => (credential.kind === 'secret' ? [credential.secret] : []));
}
