/** What the one formula is computed from; null = that sync never completed, so its factor drops out. */
export interface PostureInputs {
  readonly deviceCount: number;
  /** Mean risk (0 to 100) of devices with a known risk; null when there is none, or devices were never synced. */
  readonly meanRisk: number | null;
  readonly highRiskDeviceCount: number;
  readonly activeAlerts: Readonly<Record<'critical' | 'high' | 'medium' | 'low', number>> | null;
  /** CVEs with CVSS >= 7.0 on at least one device. */
  readonly severeVulnerabilityCount: number | null;
  /** Devices with a known state, and of them the compliant ones. */
  readonly compliance: { readonly known: number; readonly compliant: number } | null;
}

export interface PostureFactors {
  /** Each 0 to 100; null when it dropped out. */
  readonly deviceRisk: number | null;
  readonly alerts: number | null;
  readonly vulnerabilities: number | null;
  readonly compliance: number | null;
}

export const postureBands = ['excellent', 'good', 'fair', 'poor', 'critical'] as const;
export type PostureBand = (typeof postureBands)[number];

export interface Posture {
  /** 0 (worst) to 100, rounded half up. */
  readonly score: number;
  readonly band: PostureBand;
  readonly factors: PostureFactors;
  readonly inputs: PostureInputs;
}

export interface PosturePoint {
  readonly score: number;
  readonly at: Date;
}

/** What pulls the score down most, worst first, at most 5 each. Texts are untrusted. */
export interface PostureContributors {
  readonly devices: readonly { readonly id: string; readonly name: string | null; readonly riskScore: number }[];
  readonly vulnerabilities: readonly { readonly cveId: string; readonly cvss: number; readonly deviceCount: number }[];
  readonly rules: readonly { readonly rule: string; readonly deviceCount: number }[];
}

export interface PostureView {
  readonly tenantName: string;
  /** Null: insufficient data, because no device is known. */
  readonly posture: Posture | null;
  readonly previous: PosturePoint | null;
  readonly weekAgo: PosturePoint | null;
  readonly monthAgo: PosturePoint | null;
  /** Oldest first, at most one a day, 30 days. */
  readonly trend: readonly PosturePoint[];
  readonly contributors: PostureContributors;
  readonly now: Date;
}
