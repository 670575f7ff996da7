/** Limits of a session of the running program, in milliseconds; a transaction that needs more says so with SET LOCAL. */
export const sessionLimits = {
  statement_timeout: 15_000,
  lock_timeout: 5_000,
  idle_in_transaction_session_timeout: 30_000,
} as const;

/** A connection on which nothing arrives for so long is taken for dead; it must exceed every statement_timeout. */
export const silenceMs = 60_000;
