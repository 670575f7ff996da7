import { existsSync } from 'node:fs';
import { createApp } from './app.js';
import { ConfigError, readConfig } from './config.js';
import { createLogger } from './log.js';

/** A sentence for people, on standard error, and the exit code that tells a service manager not to try again at once. */
function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function configure() {
  if (existsSync('.env')) process.loadEnvFile('.env');
  try {
    return readConfig(process.env, { production: process.argv.includes('--production') });
  } catch (error) {
    if (error instanceof ConfigError) fail(error.message);
    throw error;
  }
}

const config = configure();
const log = createLogger(config.logLevel, config.secrets);
process.on('unhandledRejection', (error) => log.error({ err: error }, 'An unhandled rejection: a bug'));

const app = createApp(config, log);
let stopping = false;
/** Service managers kill after 10 s. */
const longestStopMs = 9_500;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'Stopping');
    setTimeout(() => {
      log.error('Stopping took too long; what is left is returned by its leases');
      process.exit(1);
    }, longestStopMs).unref();
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'Stopping failed');
        process.exit(1);
      },
    );
  });
}

try {
  const { address, isLocal } = await app.start();
  process.stdout.write(isLocal ? `The console is at ${address}\n` : `AVIAN listens at ${address}\n`);
} catch (error) {
  log.debug({ err: error }, 'Start failed');
  if (!stopping) {
    await app.stop().catch(() => undefined);
    fail(`AVIAN could not start: ${error instanceof Error ? error.message : String(error)}`);
  }
}
