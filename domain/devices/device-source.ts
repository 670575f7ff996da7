import type { SourcePage, TenantConnection, Walk } from '../sync/source.js';

/** A machine as Defender for Endpoint reports it, parsed but not judged. All text is untrusted; null = not known. */
export interface SourceMachine {
  readonly microsoftDeviceId: string;
  /** Lower case; null, also for the nil GUID. */
  readonly aadDeviceId: string | null;
  readonly name: string | null;
  readonly operatingSystem: string | null;
  readonly osVersion: string | null;
  /** A word: None, Informational, Low, Medium, High, or one never seen. */
  readonly risk: string | null;
  readonly exposure: string | null;
  readonly health: string | null;
  readonly onboarding: string | null;
  readonly deviceValue: string | null;
  readonly tags: readonly string[];
  /** Microsoft's texts; null for the sentinels of year 1 and 9999. */
  readonly firstSeenAt: string | null;
  readonly lastSeenAt: string | null;
}

/** A device as Intune reports it. */
export interface SourceManagedDevice {
  readonly intuneDeviceId: string;
  /** Lower case; null, also for the nil GUID. */
  readonly aadDeviceId: string | null;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly operatingSystem: string | null;
  readonly osVersion: string | null;
  readonly primaryUser: string | null;
  /** As sent: compliant, noncompliant, inGracePeriod, error, conflict, unknown, configManager, or a word never seen. */
  readonly compliance: string | null;
  readonly enrollment: string | null;
  readonly lastSyncAt: string | null;
}

/** A rule of a compliance policy that a device fails. */
export interface SourceFailedRule {
  readonly intuneDeviceId: string;
  /** Setting or policy as people read it. */
  readonly rule: string;
  /** As sent: nonCompliant, error, conflict, ... */
  readonly state: string;
}

export type IsolationState = 'isolated' | 'selectively_isolated' | 'not_isolated';

/** What an isolation or release that has succeeded left a machine in, whoever ordered it and where. */
export interface SourceIsolation {
  readonly microsoftDeviceId: string;
  readonly state: IsolationState;
  /** When it succeeded: Microsoft's text, 0 to 7 fractional digits. */
  readonly at: string;
}

/** Defender for Endpoint as the sync of devices sees it. */
export interface MachineSource {
  readonly machines: Walk<SourceMachine>;
  /** Of actions begun at or after `since` (null = all that Microsoft lists), in no order that matters. */
  isolations(
    connection: TenantConnection,
    since: Date | null,
    signal: AbortSignal,
  ): AsyncIterable<SourcePage<SourceIsolation>>;
}

/**
 * Intune. A tenant without it raises SourceError('not_licensed'). `failedRules` needs another permission than the devices;
 * its fault `on_hold` leaves the states themselves readable.
 */
export interface ManagedDeviceSource {
  readonly managedDevices: Walk<SourceManagedDevice>;
  readonly failedRules: Walk<SourceFailedRule>;
}
