import type { Person } from '../access/actor.js';
import type { DeviceFacts } from '../alerts/alert-view.js';
import type { AlertStatus, Classification, Severity } from '../alerts/alert.js';
import type { HistoryEntry } from '../audit/history.js';
import type { SlaClock } from '../sla/clock.js';

export const incidentStatuses = ['open', 'in_progress', 'resolved', 'dismissed'] as const;
export type IncidentStatus = (typeof incidentStatuses)[number];

/** A row of security_incidents. */
export interface Incident {
  readonly tenantId: string;
  readonly id: string;
  /** Per tenant; people say INC-42. */
  readonly number: number;
  readonly ownerId: string;
  /** Untrusted: copied from the alert. */
  readonly title: string;
  readonly description: string | null;
  readonly severity: Severity;
  readonly status: IncidentStatus;
  readonly resolutionSummary: string | null;
  readonly dismissalJustification: string | null;
  readonly slaAcknowledgeBy: Date;
  readonly slaInvestigateBy: Date;
  readonly slaResolveBy: Date;
  readonly acknowledgedAt: Date | null;
  readonly investigationStartedAt: Date | null;
  readonly resolvedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** 1, and one more at each reopening. */
  readonly cycle: number;
  readonly version: number;
}

export interface LinkedAlert {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly severity: Severity;
  readonly status: AlertStatus;
  readonly classification: Classification;
  readonly seenCount: number;
  readonly isPrimary: boolean;
}

/** Everything an incident card shows, read in one transaction. */
export interface IncidentView {
  readonly incident: Incident;
  readonly tenantName: string;
  readonly entraTenantId: string | null;
  readonly owner: Person;
  /** Primary first. */
  readonly alerts: readonly LinkedAlert[];
  /** Devices that its alerts name, that of the primary one first; at most 10. */
  readonly devices: readonly DeviceFacts[];
  readonly clocks: readonly SlaClock[];
  /** Newest first, at most 5. */
  readonly history: readonly HistoryEntry[];
  readonly now: Date;
}
