import type { Knex } from 'knex';
import { escapeLiteral } from 'pg';
import type { Opening, OpeningConfig } from './opening.js';

/** The two logins of a running process. Neither owns a table nor bypasses row security; see docs/schema.md. */
export interface Database {
  /** Login avian_app: sees the rows of the tenant that the transaction names, and no other. */
  readonly app: Knex;
  /** Login avian_system: claims due work over all tenants, by policies of its own; used in as few places as possible. */
  readonly system: Knex;
  /** Told after a commit which kinds of work it left behind, e.g. 'outbox', so that a waiting loop can be woken. */
  readonly onCommit?: (signals: ReadonlySet<string>) => void;
  close(): Promise<void>;
}

/** A transaction inside one tenant. Functions that write take it first, so that a pool cannot be passed by mistake. */
export interface Trx {
  readonly sql: Knex.Transaction;
  readonly tenantId: string;
  /** app.now() at the start of the transaction, in whole milliseconds: the only clock of the domain. */
  readonly now: Date;
  /** Filled by writers that leave work behind; handed to Database.onCommit after the commit. */
  readonly signals: Set<string>;
}

/** A transaction over all tenants, for claiming due work and for what happens before a tenant is known. */
export interface SystemTrx {
  readonly system: Knex.Transaction;
  readonly now: Date;
}

export interface TransactionOptions {
  /** Name of an advisory lock of the tenant that is shared until the end of the transaction, taken before anything else. */
  readonly shares?: string;
}

/** Runs `work` in a transaction in which row security shows one tenant only. */
export async function inTenant<T>(
  db: Database,
  tenantId: string,
  work: (trx: Trx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const signals = new Set<string>();
  const found: { now?: Date } = {};
  const opening: Opening = {
    sql: `select set_config('app.tenant_id', ${escapeLiteral(tenantId)}, true), date_trunc('milliseconds', app.now()) as now${sharedLock(tenantId, options)}`,
    opened: (rows) => Object.assign(found, rows[0]),
  };
  const config: OpeningConfig = { opening };
  const result = await db.app.transaction(async (sql) => {
    if (!found.now) throw new Error('this pool was not opened by openPool, so no tenant is set');
    return work({ sql, tenantId, now: found.now, signals });
  }, config);
  if (signals.size > 0) db.onCommit?.(signals);
  return result;
}

function sharedLock(tenantId: string, { shares }: TransactionOptions): string {
  if (shares === undefined) return '';
  return `, pg_advisory_xact_lock_shared(hashtextextended(${escapeLiteral(`${shares}/${tenantId}`)}, 0))`;
}

/** Runs `work` as the cross-tenant login. */
export function inSystem<T>(db: Database, work: (trx: SystemTrx) => Promise<T>): Promise<T> {
  return db.system.transaction(async (system) => {
    const opened = await system.raw<{ rows: [{ now: Date }] }>("select date_trunc('milliseconds', app.now()) as now");
    return work({ system, now: opened.rows[0].now });
  });
}
