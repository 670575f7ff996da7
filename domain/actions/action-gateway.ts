import type { TenantConnection } from '../alerts/alert-source.js';
import type { DeviceActionKind } from './action.js';

/** A machine action as Microsoft reports it. Words are kept as sent. */
export interface MicrosoftAction {
  readonly id: string;
  /** Isolate, Unisolate, RunAntiVirusScan, ... */
  readonly type: string;
  /** Pending, InProgress, Succeeded, Failed, TimeOut, Cancelled, or a word never seen. */
  readonly status: string;
  readonly microsoftDeviceId: string;
  readonly comment: string | null;
  /** Microsoft's text, as the next. */
  readonly createdAt: string | null;
  /** When its status changed last. */
  readonly updatedAt: string | null;
}

export interface ActionOrder {
  readonly kind: DeviceActionKind;
  readonly microsoftDeviceId: string;
  /** Isolation or scan type; null for a release. */
  readonly parameter: string | null;
  /** Requester, approver, reason and our id; Microsoft shows it to people. */
  readonly comment: string;
}

/**
 * How the one request ended. accepted: Microsoft has it. active: "already in progress", so that nothing new was begun.
 * refused: definitely nothing was begun; `message` is a sentence for people. unknown: it may have been begun.
 */
export type OrderOutcome =
  | { readonly is: 'accepted'; readonly action: MicrosoftAction }
  | { readonly is: 'active' }
  | { readonly is: 'refused'; readonly message: string }
  | { readonly is: 'unknown'; readonly message: string };

/** What can be known of a machine before it is acted on. */
export interface MachineNow {
  readonly health: string | null;
  readonly onboarding: string | null;
  readonly operatingSystem: string | null;
  readonly osVersion: string | null;
  readonly deviceValue: string | null;
  readonly tags: readonly string[];
}

/** Defender for Endpoint for device actions, with the credential for acting. Reads throw SourceError. */
export interface DeviceActions {
  /** Null when Defender does not know the machine. */
  machine(connection: TenantConnection, microsoftDeviceId: string, signal: AbortSignal): Promise<MachineNow | null>;
  /** Actions of the machine since `since` (null = all that Microsoft lists), newest first. */
  ofMachine(
    connection: TenantConnection,
    microsoftDeviceId: string,
    since: Date | null,
    signal: AbortSignal,
  ): Promise<readonly MicrosoftAction[]>;
  /** Null when Microsoft does not know it. */
  read(connection: TenantConnection, actionId: string, signal: AbortSignal): Promise<MicrosoftAction | null>;
  /** One POST, never repeated, whatever happens. Never throws, except the reason of `signal` before it left. */
  order(connection: TenantConnection, order: ActionOrder, signal: AbortSignal): Promise<OrderOutcome>;
  /** One POST. accepted: it is or will be cancelled; refused: it ended meanwhile or cannot be cancelled. */
  cancel(connection: TenantConnection, actionId: string, comment: string, signal: AbortSignal): Promise<OrderOutcome>;
}

export interface AlertVerdict {
  readonly classification: 'truePositive' | 'falsePositive' | 'informationalExpectedActivity';
  /** Names of the CSDL: malware, notMalicious, confirmedActivity, ...; null = not said. */
  readonly determination: string | null;
  readonly comment: string;
}

/** Alerts changed at Microsoft. Setting the same status twice is harmless, so that it may be repeated. */
export interface AlertUpdates {
  /** Resolves the alert; resolves to Microsoft's own last-update time after it. Throws SourceError. */
  resolve(
    connection: TenantConnection,
    microsoftAlertId: string,
    verdict: AlertVerdict,
    signal: AbortSignal,
  ): Promise<{ readonly lastUpdate: string }>;
}
