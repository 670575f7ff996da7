import type { AlertMetadata, Classification, Severity } from '../alert.js';

/** One alert of a source as it was seen in a batch, in our words; the common ground of all sources. */
export interface Observation {
  /** Unique per tenant and source system; at most 240 characters. */
  readonly sourceId: string;
  /** How often it was seen anew in this batch, at least once. */
  readonly seen: number;
  readonly alertType: string;
  readonly classification: Classification;
  readonly severity: Severity;
  readonly title: string;
  readonly description: string | null;
  readonly metadata: AlertMetadata;
  readonly defenderIncidentId: string | null;
  readonly defenderAlertId: string | null;
  readonly defenderSeverity: string | null;
  readonly threatName: string | null;
  readonly affectedDevice: string | null;
  readonly affectedUser: string | null;
  readonly detectedAt: string | null;
  readonly deviceId: string | null;
  readonly fingerprint: string | null;
  /** The source itself holds it for resolved. */
  readonly resolved: boolean;
  /** It came back: opens a recurrence once the window after closing is over. */
  readonly reappeared: boolean;
  /** When the source last saw activity; likewise opens a recurrence when it lies after the window. */
  readonly lastActivityAt: string | null;
  /** False: kept in the mirror only, unless there is an alert already. */
  readonly mayCreate: boolean;
}

/** What became of an observation. `recurred` also opened a new alert, as `created` did. */
export type Verdict = 'created' | 'recurred' | 'counted' | 'mirrored';
