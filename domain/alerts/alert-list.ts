import type { Alert } from './alert.js';

/** The mandatory fields of an alert, and what a button on its row needs. */
export type AlertListItem = Pick<
  Alert,
  'id' | 'number' | 'severity' | 'title' | 'classification' | 'sourceSystem' | 'createdAt' | 'status' | 'version'
>;

/** A page of the triage queue or of a person's own alerts, in the order of the list. */
export interface AlertListPage {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly items: readonly AlertListItem[];
  /** All entries of the list, not of the page. */
  readonly total: number;
  /** Opaque; null on the last page. */
  readonly nextCursor: string | null;
}
