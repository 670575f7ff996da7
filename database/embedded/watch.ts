import path from 'node:path';
import type { Log } from './log.js';
import { stopPostmaster } from './postmaster.js';
import type { ServerPlan } from './server.js';
import { holdServer } from './hold.js';
import type { HeldServer } from './hold.js';
import type { Embedded } from './start.js';

/** Keeps a held server running until `stop`: when it dies or drops our session, it is held again on the same port. */
export function watchServer(plan: ServerPlan, first: HeldServer, log: Log): Embedded {
  const data = path.join(plan.home.folder, 'data');
  const samePort: ServerPlan = { ...plan, port: first.server.port };
  let held = first;
  let stopped: Promise<void> | null = null;
  const endWithProcess = () => void process.kill(held.server.pid, 'SIGINT');
  process.once('exit', endWithProcess);

  const keep = async (): Promise<void> => {
    for (;;) {
      await held.ownership.lost;
      if (stopped) return;
      log.warn('The embedded PostgreSQL ended our session; it is brought back.');
      held = await holdServer(samePort, log);
      if (stopped) return held.ownership.release();
    }
  };
  const kept = keep().catch((error: unknown) => {
    log.error(`The embedded PostgreSQL is lost: ${error instanceof Error ? error.message : String(error)}`);
  });

  const end = async (): Promise<void> => {
    process.off('exit', endWithProcess);
    await held.ownership.release();
    await kept;
    await stopPostmaster(held.server.pid, data, plan.binaries.pgCtl);
  };
  return { adminUrl: first.adminUrl, stop: () => (stopped ??= end()) };
}
