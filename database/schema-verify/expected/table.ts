/** What a table must be; more columns and indexes than named are no fault. */
export interface ExpectedTable {
  readonly name: string;
  /** It may belong to an AVIAN platform, whose lengths, NOT NULLs and names of keys are its own. */
  readonly adoptable?: true;
  /** Type, and `not null`, by column. */
  readonly columns: Readonly<Record<string, string>>;
  /** As PostgreSQL prints them, delete rule included. */
  readonly references: readonly string[];
  /** Columns, and the predicate of partial ones, of every unique key. */
  readonly unique: readonly string[];
  /** Columns with order and predicate by index name. */
  readonly indexes: Readonly<Record<string, string>>;
}
