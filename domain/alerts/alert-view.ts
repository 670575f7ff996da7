import type { Person } from '../access/actor.js';
import type { OpenAction } from '../actions/action.js';
import type { HistoryEntry } from '../audit/history.js';
import type { IncidentStatus } from '../incidents/incident.js';
import type { Alert } from './alert.js';

/** Everything an alert card shows, read in one transaction. */
export interface AlertView {
  readonly alert: Alert;
  readonly tenantName: string;
  /** For deep links into the right Defender portal; null when the tenant has no Entra tenant. */
  readonly entraTenantId: string | null;
  readonly assignee: Person | null;
  readonly closedBy: Person | null;
  readonly device: DeviceFacts | null;
  readonly incident: { readonly id: string; readonly number: number; readonly status: IncidentStatus } | null;
  /** The number of the closed alert that this one repeats. */
  readonly recurrenceOfNumber: number | null;
  /** Newest first, at most 5. */
  readonly history: readonly HistoryEntry[];
  readonly now: Date;
}

/** What is known of the device of an alert or incident; each field is null when it is not known. */
export interface DeviceFacts {
  readonly id: string;
  readonly name: string | null;
  /** 0 to 100. */
  readonly riskScore: number | null;
  readonly health: string | null;
  readonly isolation: string | null;
  readonly compliance: string | null;
  readonly onboarding: string | null;
  /** Oldest first, at most 10. */
  readonly openActions: readonly OpenAction[];
}
