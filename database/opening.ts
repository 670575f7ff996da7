import type { Knex } from 'knex';

/** A statement that goes out with BEGIN in one message: a round trip less for every transaction. */
export interface Opening {
  readonly sql: string;
  /** Told what the statement found, before the transaction's work begins. */
  readonly opened: (rows: readonly unknown[]) => void;
}

/** Of a transaction that begins with an opening; knex hands it through to where withOpenings finds it. */
export interface OpeningConfig extends Knex.TransactionConfig {
  readonly opening?: Opening;
}

interface Beginning {
  begin(connection: unknown): Promise<unknown>;
}

interface PoolClient {
  transaction(container: unknown, config?: OpeningConfig, outer?: unknown): Beginning;
  query(connection: unknown, sql: string): Promise<{ readonly response: readonly [unknown, { rows: unknown[] }] }>;
}

/** Lets transactions of this pool begin with an opening. One that fails is rolled back: its connection goes to others. */
export function withOpenings(pool: Knex): Knex {
  const client = pool.client as PoolClient;
  const make = client.transaction.bind(client);
  client.transaction = (container, config, outer) => {
    const transaction = make(container, config, outer);
    const opening = config?.opening;
    if (opening) transaction.begin = (connection) => begin(client, connection, opening);
    return transaction;
  };
  return pool;
}

async function begin(client: PoolClient, connection: unknown, { sql, opened }: Opening): Promise<void> {
  try {
    const { response } = await client.query(connection, `BEGIN; ${sql}`);
    opened(response[1].rows);
  } catch (error) {
    // A connection that cannot even roll back is broken, which the first error says.
    await client.query(connection, 'ROLLBACK').catch(() => undefined);
    throw error;
  }
}
