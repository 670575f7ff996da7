import type { Person } from '../access/actor.js';
import type { Classification, SourceSystem } from '../alerts/alert.js';
import type { Incident } from './incident.js';

/** An incident as lists show it; classification and source are those of its primary alert. */
export interface IncidentListItem extends Pick<
  Incident,
  'id' | 'number' | 'severity' | 'title' | 'createdAt' | 'status' | 'version'
> {
  readonly classification: Classification;
  readonly sourceSystem: SourceSystem;
  readonly owner: Person;
  /** The next deadline that is not stamped yet; null when all clocks have stopped. */
  readonly dueAt: Date | null;
}

/** A page of a tenant's incidents, most urgent first. */
export interface IncidentListPage {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly items: readonly IncidentListItem[];
  /** All entries of the list, not of the page. */
  readonly total: number;
  /** Opaque; null on the last page. */
  readonly nextCursor: string | null;
}
