import pg from 'pg';
import type { Logger } from 'pino';
import { backOffMs } from '../back-off.js';

export const outboxChannel = 'avian_outbox';

export interface Listener {
  start(): void;
  stop(): Promise<void>;
}

/** Listens for new work on a connection of its own, which is opened anew whenever it ends. */
export function createListener(url: string, ring: () => void, log: Logger): Listener {
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;
  let opening: Promise<void> | undefined;
  let stopped = false;
  let failures = 0;

  const lose = (lost: pg.Client, error?: Error) => {
    if (client !== lost) return;
    client = undefined;
    if (stopped) return;
    failures += 1;
    log.warn({ err: error }, 'listening for deliveries was interrupted; it goes on');
    void lost.end().catch(() => log.debug('the broken connection was closed already'));
    retry = setTimeout(open, backOffMs(failures, { baseMs: 250, capMs: 10_000 }));
  };
  const open = () => {
    opening = connect();
  };
  const connect = async () => {
    const next = new pg.Client({
      connectionString: url,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      application_name: 'avian-listen',
    });
    client = next;
    next.on('error', (error) => lose(next, error));
    next.on('end', () => lose(next));
    next.on('notification', ring);
    try {
      await next.connect();
      await next.query(`listen ${outboxChannel}`);
      failures = 0;
      ring();
    } catch (error) {
      lose(next, error instanceof Error ? error : undefined);
    }
  };
  const stop = async () => {
    stopped = true;
    clearTimeout(retry);
    await opening;
    const last = client;
    client = undefined;
    await last?.end();
  };
  return { start: open, stop };
}
