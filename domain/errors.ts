/**
 * What went wrong, for the bot to choose its reaction:
 * refused = the person may not; conflict = the state does not allow it (the card is stale); not_found = nothing here under
 * that id (foreign ids get the same answer); invalid = the input is wrong; unavailable = try again later.
 */
export type DomainErrorCode = 'refused' | 'conflict' | 'not_found' | 'invalid' | 'unavailable';

/** An error for people: its message is shown as it is and says what to do next. Everything else that is thrown is a bug. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: DomainErrorCode,
    message: string,
  ) {
    super(message);
  }
}
