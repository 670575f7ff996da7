import type { Knex } from 'knex';
import type { Logger } from 'pino';

export interface Signals {
  /** Give this to Database.onCommit. */
  readonly notify: (signals: ReadonlySet<string>) => void;
  /** Waits for what is on its way. */
  close(): Promise<void>;
}

export interface SignalsOptions {
  /** Any of our logins; the statement runs outside of transactions, because NOTIFY inside would put commits in a row. */
  readonly sql: Knex;
  readonly log: Logger;
  /** At most one NOTIFY for each kind of work in so many ms. Default 50. */
  readonly everyMs?: number;
}

/** Wakes the loops of all processes: 'outbox' becomes NOTIFY avian_outbox. The first one leaves at once. */
export function createSignals({ sql, log, everyMs = 50 }: SignalsOptions): Signals {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

  const flush = () => {
    if (waiting.size === 0) {
      timer = undefined;
      return;
    }
    const channels = [...waiting].map((kind) => `avian_${kind}`);
    waiting.clear();
    timer = setTimeout(flush, everyMs).unref();
    const left = sql.raw("select pg_notify(channel, '') from unnest(?::text[]) channel", [channels]);
    sending = Promise.all([sending, left]).then(
      () => undefined,
      (error: unknown) => log.debug({ err: error }, 'other processes were not woken; they look by themselves'),
    );
  };
  const notify = (signals: ReadonlySet<string>) => {
    for (const signal of signals) waiting.add(signal);
    if (!timer) flush();
  };
  const close = async () => {
    clearTimeout(timer);
    flush();
    clearTimeout(timer);
    await sending;
  };
  return { notify, close };
}
