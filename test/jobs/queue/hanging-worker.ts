import { pino } from 'pino';
import { createWorker } from '../../../jobs/worker.js';
import { handlersWith } from './idle-handlers.js';

/** A process of its own whose worker never ends the sync it takes; it says so and waits to be killed. */
const worker = createWorker({
  url: process.env['WORKER_URL'] ?? '',
  log: pino({ level: 'silent' }),
  pollMs: 100,
  handlers: handlersWith({
    sync_alerts: async () => {
      process.stdout.write('took it\n');
      await new Promise(() => undefined);
    },
  }),
});
await worker.start();
