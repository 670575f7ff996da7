import type { AlertMetadata } from './alert.js';

/** A tenant's connection to Microsoft: which Entra tenant to read, in which cloud, and where its secret is found. */
export interface TenantConnection {
  readonly tenantId: string;
  readonly entraTenantId: string;
}

/** An alert as an EDR reports it, parsed but not judged. All text is untrusted. */
export interface SourceAlert {
  readonly microsoftAlertId: string;
  readonly microsoftIncidentId: string | null;
  /** Microsoft's own last-update time, as the text it sent (0 to 7 fractional digits). */
  readonly lastUpdate: string;
  readonly createdAt: string | null;
  readonly lastActivityAt: string | null;
  readonly title: string;
  readonly description: string | null;
  /** As sent: unknown, informational, low, medium, high, or a word we have never seen. */
  readonly severity: string;
  /** As sent: new, inProgress, resolved, or a word we have never seen. */
  readonly status: string;
  readonly category: string | null;
  readonly threatName: string | null;
  readonly device: SourceDevice | null;
  readonly user: string | null;
  readonly metadata: AlertMetadata;
}

/** The first device of an alert's evidence. `microsoftDeviceId` is the Defender machine id, or null for Entra-only devices. */
export interface SourceDevice {
  readonly microsoftDeviceId: string | null;
  readonly aadDeviceId: string | null;
  readonly name: string | null;
  readonly operatingSystem: string | null;
  readonly osVersion: string | null;
  /** A word: none, informational, low, medium, high. */
  readonly risk: string | null;
  readonly health: string | null;
  readonly onboarding: string | null;
}

export interface MalformedRecord {
  /** The record's id if it had one, else its place in the page. */
  readonly which: string;
  readonly why: string;
}

export interface AlertPage {
  readonly alerts: readonly SourceAlert[];
  readonly malformed: readonly MalformedRecord[];
  /** True for HTTP 206: a provider was missing, so the watermark must not move past this page. */
  readonly partial: boolean;
}

/** Why a read stopped, for the sync to choose its reaction. */
export type SourceFault =
  /** Consent, secret or permission is missing: on hold until an hourly probe succeeds; the message names what is missing. */
  | 'on_hold'
  /** The tenant does not have this product: not an error, and looked at again rarely. */
  | 'not_licensed'
  | 'throttled'
  | 'unavailable'
  /** The answer breaks the protocol (malformed JSON, a nextLink to another host, endless paging). */
  | 'protocol';

export class SourceError extends Error {
  override readonly name = 'SourceError';
  constructor(
    readonly fault: SourceFault,
    message: string,
    /** From Retry-After; undefined when not given. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
  }
}

/** An EDR, seen from the domain. Implemented by microsoft/; another EDR is another folder. */
export interface AlertSource {
  /**
   * Alerts changed at or after `since` (Microsoft's text form; null = from the beginning), oldest update first.
   * Throws SourceError. Repeats are allowed; the caller removes them.
   */
  pages(connection: TenantConnection, since: string | null, signal: AbortSignal): AsyncIterable<AlertPage>;
}
