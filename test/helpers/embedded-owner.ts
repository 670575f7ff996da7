import { startEmbedded } from '../../database/embedded/start.js';
import { describeError } from '../../cli/describe-error.js';

/** A process of its own that owns the embedded server of the folder in its first argument until its stdin ends. */
const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`);
const warn = (warning: string) => say({ warning });

try {
  const embedded = await startEmbedded({
    dataDir: process.argv[2] ?? '',
    throwaway: true,
    log: { info: () => undefined, warn, error: warn },
  });
  say({ adminUrl: embedded.adminUrl });
  process.stdin.resume().once('end', () => void embedded.stop());
} catch (error) {
  say({ refused: describeError(error) });
}
