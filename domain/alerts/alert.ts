export const severities = ['critical', 'high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

export const alertStatuses = [
  'open',
  'assigned',
  'investigating',
  'escalated',
  'closed_benign',
  'closed_false_positive',
] as const;
export type AlertStatus = (typeof alertStatuses)[number];

export const sourceSystems = ['edr', 'firewall', 'email'] as const;
export type SourceSystem = (typeof sourceSystems)[number];

export const classifications = [
  'malware',
  'ransomware',
  'phishing',
  'suspicious_activity',
  'intrusion_attempt',
  'botnet_activity',
  'data_exfiltration',
  'credential_access',
  'lateral_movement',
  'network_anomaly',
  'policy_violation',
  'connectivity',
  'system_health',
  'other',
] as const;
export type Classification = (typeof classifications)[number];

/** A row of security_alerts. Times are ours unless said otherwise; `null` = known to be none. */
export interface Alert {
  readonly tenantId: string;
  readonly id: string;
  /** Per tenant; people say A-1042. */
  readonly number: number;
  readonly sourceSystem: SourceSystem;
  readonly sourceId: string;
  readonly alertType: string;
  readonly classification: Classification;
  readonly severity: Severity;
  /** Untrusted text of the source, as are description, threatName, affectedDevice and affectedUser. */
  readonly title: string;
  readonly description: string | null;
  readonly metadata: AlertMetadata;
  readonly seenCount: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly defenderIncidentId: string | null;
  readonly defenderAlertId: string | null;
  readonly defenderSeverity: string | null;
  readonly threatName: string | null;
  readonly affectedDevice: string | null;
  readonly affectedUser: string | null;
  readonly status: AlertStatus;
  readonly assignedTo: string | null;
  readonly assignedAt: Date | null;
  /** The source's own time of the event. */
  readonly detectedAt: Date | null;
  readonly deviceId: string | null;
  readonly investigationStartedAt: Date | null;
  readonly escalatedAt: Date | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly closingNotes: string | null;
  readonly recurrenceOf: string | null;
  /** When the source itself resolved it while it was open here. */
  readonly sourceResolvedAt: Date | null;
  readonly takeBy: Date | null;
  readonly triageBy: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Counts workflow changes, not repeats. */
  readonly version: number;
}

/** What we keep of the source beyond the columns. Every value is untrusted. */
export interface AlertMetadata {
  readonly alertWebUrl?: string | null;
  readonly incidentWebUrl?: string | null;
  readonly category?: string | null;
  readonly serviceSource?: string | null;
  readonly detectionSource?: string | null;
  readonly mitreTechniques?: readonly string[];
  readonly recommendedActions?: string | null;
  /** Short human lines of evidence, e.g. "File invoice.exe (sha256 ..)", at most 20. */
  readonly evidence?: readonly string[];
}
