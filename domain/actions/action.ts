import type { Person } from '../access/actor.js';
import type { HistoryEntry } from '../audit/history.js';

export const actionKinds = ['isolate', 'unisolate', 'scan', 'resolve_alert'] as const;
export type ActionKind = (typeof actionKinds)[number];
/** What people ask for with a button. */
export type DeviceActionKind = Exclude<ActionKind, 'resolve_alert'>;

export const actionStatuses = [
  'requested',
  'approved',
  'pending',
  'in_progress',
  'unknown',
  'completed',
  'failed',
  'timed_out',
  'cancelled',
  'rejected',
  'expired',
] as const;
export type ActionStatus = (typeof actionStatuses)[number];

export const isolationTypes = ['Full', 'Selective'] as const;
export const scanTypes = ['Quick', 'Full'] as const;

/** A row of edr_actions. Times are ours; `null` = known to be none. */
export interface DeviceAction {
  readonly tenantId: string;
  readonly id: string;
  /** Per tenant; people say ACT-7. */
  readonly number: number;
  readonly kind: ActionKind;
  readonly status: ActionStatus;
  readonly deviceId: string | null;
  readonly alertId: string | null;
  readonly incidentId: string | null;
  /** Isolation or scan type as Microsoft spells it; null for a release. */
  readonly parameter: string | null;
  readonly requestedBy: string;
  /** The person's own words; untrusted. */
  readonly reason: string;
  readonly requestedAt: Date;
  readonly needsApproval: boolean;
  readonly approveBy: Date | null;
  readonly approvedBy: string | null;
  readonly approvedAt: Date | null;
  readonly isDryRun: boolean;
  readonly isBreakGlass: boolean;
  readonly reviewedBy: string | null;
  readonly reviewedAt: Date | null;
  readonly endedBy: string | null;
  readonly endReason: string | null;
  /** Set and committed before the request leaves: from then on it is never sent again. */
  readonly sentAt: Date | null;
  readonly isAttached: boolean;
  readonly microsoftActionId: string | null;
  readonly microsoftStatus: string | null;
  readonly queueExpiresAt: Date | null;
  readonly cancelRequestedBy: string | null;
  readonly cancelRequestedAt: Date | null;
  readonly cancelSentAt: Date | null;
  /** A sentence for people: what came of it, or why it failed. */
  readonly resultMessage: string | null;
  readonly completedAt: Date | null;
  readonly lateOutcome: string | null;
  readonly polls: number;
  readonly nextStepAt: Date | null;
  readonly version: number;
}

export interface AskedPerson extends Person {
  readonly reached: 'personal' | 'mention' | 'nowhere' | null;
}

/** Everything the card of an action shows, read in one transaction. */
export interface ActionView {
  readonly action: DeviceAction;
  readonly tenantName: string;
  readonly entraTenantId: string | null;
  /** Null for resolve_alert. */
  readonly device: ActionDevice | null;
  readonly alert: { readonly id: string; readonly number: number } | null;
  readonly incident: { readonly id: string; readonly number: number } | null;
  readonly requester: Person;
  readonly approver: Person | null;
  readonly reviewer: Person | null;
  readonly endedBy: Person | null;
  readonly asked: readonly AskedPerson[];
  /** Newest first, at most 5. */
  readonly history: readonly HistoryEntry[];
  readonly now: Date;
}

export interface ActionDevice {
  readonly id: string;
  /** For the link to Defender; untrusted. Null: only Intune or Entra knows the device. */
  readonly microsoftDeviceId: string | null;
  /** Untrusted. */
  readonly name: string | null;
  readonly operatingSystem: string | null;
  readonly health: string | null;
  readonly isolation: string | null;
  readonly deviceValue: string | null;
}

/** An action that has not ended, as the cards of its device, alert and incident mention it. */
export interface OpenAction {
  readonly id: string;
  readonly number: number;
  readonly kind: DeviceActionKind;
  readonly status: ActionStatus;
  readonly isDryRun: boolean;
  readonly requestedBy: string;
}
