import { pino } from 'pino';
import { createWorker } from '../../../jobs/worker.js';

/** A process of its own whose worker never ends the sync it takes; it says so and waits to be killed. */
const idle = () => Promise.resolve();
const worker = createWorker({
  url: process.env['WORKER_URL'] ?? '',
  log: pino({ level: 'silent' }),
  pollMs: 100,
  handlers: {
    sync_alerts: async () => {
      process.stdout.write('took it\n');
      await new Promise(() => undefined);
    },
    schedule_syncs: idle,
    seal_audit: idle,
    retention: idle,
  },
});
await worker.start();
