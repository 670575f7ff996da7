import type { SyncRunsRow } from '../../database/rows.js';
import type { MalformedRecord, SyncSource } from './source.js';

/** A run that has ended. Texts are untrusted. */
export interface EndedRun {
  readonly outcome: NonNullable<SyncRunsRow['outcome']>;
  readonly kind: SyncRunsRow['kind'];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly read: number;
  readonly new: number;
  readonly changed: number;
  readonly removed: number;
  /** Records that were skipped, and up to 20 of them with why. */
  readonly skipped: number;
  readonly examples: readonly MalformedRecord[];
  readonly error: string | null;
}

/** A run that goes on, and how far it has come. */
export interface RunUnderWay {
  readonly kind: SyncRunsRow['kind'];
  readonly startedAt: Date;
  readonly pages: number;
  readonly read: number;
}

/** How reading one source of a tenant stands. */
export interface SourceStatus {
  readonly source: SyncSource;
  readonly underWay: RunUnderWay | null;
  readonly lastRun: EndedRun | null;
  /** Null before the first complete sync. */
  readonly lastSuccessAt: Date | null;
  /** Null before the first sync was due. */
  readonly nextRunAt: Date | null;
  /** What is missing; `partly`: the source is read, but not all that is known of it. */
  readonly hold: { readonly reason: string; readonly since: Date; readonly partly: boolean } | null;
  readonly throttledInARow: number;
  readonly unlicensedSince: Date | null;
}

export interface SyncStatusView {
  readonly tenantId: string;
  readonly tenantName: string;
  /** False: the tenant has no Microsoft tenant, so that nothing is read. */
  readonly isConnected: boolean;
  /** Every source there is, in the order in which people think of them. */
  readonly sources: readonly SourceStatus[];
  readonly now: Date;
}

/**
 * What became of asking for a sync: begins = the run is due at once; under_way = it is being read already; just_read = a run
 * that began a moment ago was complete.
 */
export type StartOutcome = 'begins' | 'under_way' | 'just_read';

export interface SyncStarted {
  readonly view: SyncStatusView;
  /** Empty when an earlier delivery of the same message was served. */
  readonly outcomes: readonly { readonly source: SyncSource; readonly outcome: StartOutcome }[];
}
