import type { OpenAction } from '../actions/action.js';
import type { HistoryEntry } from '../audit/history.js';

/** A row of edr_devices as rules and cards need it. All text is untrusted; null = not known. */
export interface Device {
  readonly tenantId: string;
  readonly id: string;
  readonly microsoftDeviceId: string | null;
  readonly aadDeviceId: string | null;
  readonly intuneDeviceId: string | null;
  readonly name: string | null;
  readonly serialNumber: string | null;
  readonly operatingSystem: string | null;
  readonly osVersion: string | null;
  readonly primaryUser: string | null;
  readonly health: string | null;
  /** 0 to 100. */
  readonly riskScore: number | null;
  readonly exposure: string | null;
  readonly compliance: string | null;
  readonly onboarding: string | null;
  readonly deviceValue: string | null;
  readonly tags: readonly string[];
  /** isolated, selectively_isolated, not_isolated, or null: nothing is known. */
  readonly isolation: string | null;
  readonly lastSeenAt: Date | null;
  readonly supersededBy: string | null;
  readonly goneAt: Date | null;
  readonly isStub: boolean;
  /** Counts acts of people on the device. */
  readonly version: number;
}

/** Everything the card of a device shows, read in one transaction. */
export interface DeviceView {
  readonly device: Device;
  readonly tenantName: string;
  readonly entraTenantId: string | null;
  /** A server, a domain controller or a high-value device: acting on it always needs approval. */
  readonly isSensitive: boolean;
  readonly openAlertCount: number;
  /** CVEs with CVSS >= 7.0, and all of them. */
  readonly severeVulnerabilityCount: number;
  readonly vulnerabilityCount: number;
  /** As Intune says, at most 10. */
  readonly failedRules: readonly string[];
  readonly openActions: readonly OpenAction[];
  /** Records that may be the same machine by name or serial number: never merged, never the target of an action. */
  readonly lookalikes: readonly {
    readonly id: string;
    readonly name: string | null;
    readonly why: 'name' | 'serial number';
  }[];
  /** Newest first, at most 5. */
  readonly history: readonly HistoryEntry[];
  readonly now: Date;
}

/** A device in a choice of several. */
export interface DeviceChoice {
  readonly id: string;
  readonly name: string | null;
  readonly operatingSystem: string | null;
  readonly primaryUser: string | null;
  readonly lastSeenAt: Date | null;
}

export const deviceVerbNames = ['device.isolate', 'device.release', 'device.scan'] as const;
export type DeviceVerb = (typeof deviceVerbNames)[number];
