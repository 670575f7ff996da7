/** A fault of the embedded server that the person who started the program can mend; the message says how. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}

/** What every remedy ends with: the embedded server is a default, never the only way. */
export const ownServerRemedy = 'or set DATABASE_URL to a PostgreSQL server of your own (docs/database.md)';
