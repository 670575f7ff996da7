import { inSystem, type Database } from '../../database/transaction.js';

/** What an operator looks at first; over all tenants, without naming any. */
export interface Health {
  /** Outgoing activities that wait, and the age of the oldest in seconds. */
  readonly waiting: number;
  readonly oldestWaitingSeconds: number;
  /** Outgoing activities that a person must look at. */
  readonly parked: number;
  readonly lostLinks: number;
  /** Sources on hold: consent, secret or permission is missing. */
  readonly sourcesOnHold: number;
  /** Other sources without a success for more than a day; what the tenant does not have counts nowhere. */
  readonly staleSources: number;
  /** Age in seconds of the oldest last success of alerts that are not on hold; null when none has succeeded yet. */
  readonly stalestSourceSeconds: number | null;
}

/** Throws when the database does not answer. */
export function readHealth(db: Database): Promise<Health> {
  return inSystem(db, async ({ system, now }) => {
    const found = await system.raw<{ rows: [Health] }>(
      `select
         (select count(*)::int from outbox where state = 'pending') as waiting,
         (select coalesce(extract(epoch from ?::timestamptz - min(created_at)), 0)::int from outbox where state = 'pending')
           as "oldestWaitingSeconds",
         (select count(*)::int from outbox where state = 'parked') as parked,
         (select count(*)::int from channel_links where state = 'lost') as "lostLinks",
         (select count(*)::int from sync_cursors where hold_since is not null) as "sourcesOnHold",
         (select count(*)::int from sync_cursors where hold_since is null and unlicensed_since is null
            and source <> 'alerts' and last_success_at < ?::timestamptz - interval '1 day') as "staleSources",
         (select extract(epoch from ?::timestamptz - min(last_success_at))::int from sync_cursors
            where hold_since is null and unlicensed_since is null and source = 'alerts') as "stalestSourceSeconds"`,
      [now, now, now],
    );
    return found.rows[0];
  });
}
