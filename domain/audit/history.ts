/** A line of an entity's history, from the audit trail. */
export interface HistoryEntry {
  readonly at: Date;
  /** Who: a person's display name, or the name of a job. */
  readonly by: string;
  /** The audit action, e.g. alert.take. */
  readonly action: string;
  /** What the person wrote (reason, notes); untrusted. */
  readonly reason: string | null;
}
