import { Command, CommanderError } from 'commander';
import { describeError } from './describe-error.js';
import { register as audit } from './commands/audit.js';
import { register as database } from './commands/database.js';
import { register as migrate } from './commands/migrate.js';
import { register as schema } from './commands/schema.js';
import { register as tenant } from './commands/tenant.js';

/** One line per command file. */
const registrations = [audit, database, migrate, schema, tenant];

const program = new Command('avian')
  .description('AVIAN for Teams: what an administrator does from the command line')
  .option('--debug', 'show the stack of an error')
  .showHelpAfterError()
  .exitOverride();
for (const register of registrations) register(program);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

/** One sentence for the person at the terminal; commander has already printed what it refuses. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  const debug = program.opts<{ debug?: boolean }>().debug ?? false;
  process.stderr.write(`${debug && error instanceof Error ? error.stack : describeError(error)}\n`);
  return 1;
}
