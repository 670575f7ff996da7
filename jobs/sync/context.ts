import type { Logger } from 'pino';
import type { AlertSource } from '../../domain/alerts/alert-source.js';
import type { Database } from '../../domain/transaction.js';

export interface SyncContext {
  readonly db: Database;
  readonly source: AlertSource;
  readonly log: Logger;
  /** Seconds between two syncs, for tenants that set none. */
  readonly everySeconds: number;
  /** A folder of sandbox data: it is read from its beginning, and every item becomes an alert. */
  readonly takeEverything: boolean;
}

/** A sync that has begun. */
export interface Begun {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly entraTenantId: string;
  readonly runId: string;
  readonly everyMs: number;
  /** No sync of this tenant was ever complete. */
  readonly isFirst: boolean;
  /** Microsoft's text, or null for everything. */
  readonly since: string | null;
  readonly watermark: string | null;
  readonly holdReason: string | null;
  readonly throttledInARow: number;
}
