import { z } from 'zod';
import { credentialVariables } from './microsoft/credential-settings.js';

const text = z.string().trim().min(1, 'is empty: give it a value or remove the line');
const uuid = z.uuid('must be a GUID, as the Entra admin center shows it');
const seconds = z.coerce.number().int().min(1).max(604_800);
const hostName = z.hostname('must be a host name such as eu.api.security.microsoft.com, without https://');
const postgresUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must look like postgres://user:password@host:5432/database');

/** Every variable of the program with its shape; how they fit together is judged in config.ts. */
export const environment = z.object({
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
  DEFENDER_API_HOST: hostName.optional(),
  MICROSOFT_APP_ID: uuid.optional(),
  MICROSOFT_APP_TENANT_ID: uuid.optional(),
  READER_APP_ID: uuid.optional(),
  ACTOR_APP_ID: uuid.optional(),
  ...credentialVariables,
  EDR_DRY_RUN: z.enum(['true', 'false'], 'must be true or false').default('false'),
  ALERT_SYNC_SECONDS: seconds.optional(),
  DEVICE_SYNC_SECONDS: seconds.optional(),
  COMPLIANCE_SYNC_SECONDS: seconds.optional(),
  VULNERABILITY_SYNC_SECONDS: seconds.optional(),
  VULNERABILITY_FULL_SYNC_SECONDS: seconds.optional(),
});
export type Environment = z.infer<typeof environment>;
