import type { Logger } from 'pino';
import type { Cursor } from '../../domain/sync/cursor-store.js';
import type { RunCounts, RunKind } from '../../domain/sync/run-store.js';
import type { SyncSource, TenantConnection } from '../../domain/sync/source.js';
import type { Database, Trx } from '../../domain/transaction.js';

/** Seconds between two syncs of a source; `vulnerabilitiesFull` between two walks over all of them. */
export type SyncSeconds = Readonly<Record<SyncSource | 'vulnerabilitiesFull', number>>;

export interface SyncContext {
  readonly db: Database;
  readonly log: Logger;
  /** For tenants that set none. */
  readonly syncSeconds: SyncSeconds;
  /** Told after each part that a run has taken. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
}

export interface SyncProgress {
  readonly tenantId: string;
  readonly source: SyncSource;
  readonly runId: string;
  readonly pages: number;
  readonly read: number;
}

/** What is particular to one source; all the rest is runSync(). */
export interface SourceSync {
  readonly source: SyncSource;
  /** Whether everything is read this time. Default: always. */
  kind?(cursor: Cursor, when: { now: Date; fullEveryMs: number }): RunKind;
  /** Reads and stores page by page. Throws SourceError, and the reason of `signal`. */
  walk(frame: RunFrame, signal: AbortSignal): Promise<WalkResult>;
  /** After a walk that is not partial, in the transaction that records the run: what only a complete walk may conclude. */
  conclude?(trx: Trx, frame: RunFrame): Promise<Partial<RunCounts>>;
}

export interface WalkResult {
  /** Something is missing at Microsoft, so that nothing may be concluded from what was not met. */
  readonly partial: boolean;
  /** A sentence: why a part that needs a permission of its own could not be read. The rest is complete. */
  readonly lacking?: string | null;
  /** A sentence: why such a part could not be read this time. It is nobody's task to see to it. */
  readonly missed?: string | null;
  /** Classes of errors that the run met besides malformed records and the one that ends it. */
  readonly faults?: readonly string[];
}

/** A sync that has begun. */
export interface RunFrame extends Cursor {
  readonly context: SyncContext;
  readonly source: SyncSource;
  readonly kind: RunKind;
  readonly tenantId: string;
  readonly connection: TenantConnection;
  readonly runId: string;
  readonly startedAt: Date;
  readonly everyMs: number;
  /** No sync of this source was ever complete. */
  readonly isFirst: boolean;
}
