import { notBefore, second } from '../../durations.js';
import { alertTargets } from '../../sla/policy.js';
import type { TenantSettings } from '../../tenants/settings.js';
import type { AlertMetadata, AlertStatus, Severity } from '../alert.js';
import { openWork } from '../life-cycle.js';
import { severityRank } from '../severity.js';
import type { Observation } from './observation.js';

/** What repeats touch of an alert; workflow state is only read. */
export interface KnownAlert {
  readonly id: string;
  readonly number: number;
  readonly sourceId: string;
  readonly status: AlertStatus;
  readonly severity: Severity;
  readonly seenCount: number;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly closedAt: Date | null;
  readonly sourceResolvedAt: Date | null;
  readonly takeBy: Date | null;
  readonly triageBy: Date | null;
  readonly defenderIncidentId: string | null;
  readonly defenderSeverity: string | null;
  readonly deviceId: string | null;
  readonly metadata: AlertMetadata;
  /** Of an escalated alert. */
  readonly incidentId: string | null;
  readonly incidentEndedAt: Date | null;
  /** The n of #n under which it can be kept when a recurrence takes the bare id. */
  readonly freeSuffix: number;
}

export interface Repeat {
  readonly before: KnownAlert;
  readonly after: KnownAlert;
  /** The row is renamed and not counted, so that a new alert takes the bare id. */
  readonly recurs: boolean;
}

export function isOpenWork(status: AlertStatus): boolean {
  return (openWork as readonly AlertStatus[]).includes(status);
}

/** Pure: what an observation does to the alert that is there. */
export function repeated(before: KnownAlert, one: Observation, now: Date, settings: TenantSettings): Repeat {
  if (recurs(before, one, now, settings)) return { before, after: renamed(before), recurs: true };
  const counted = {
    ...before,
    seenCount: before.seenCount + one.seen,
    lastSeenAt: notBefore(now, before.lastSeenAt),
    defenderSeverity: one.defenderSeverity ?? before.defenderSeverity,
    defenderIncidentId: one.defenderIncidentId ?? before.defenderIncidentId,
    deviceId: before.deviceId ?? one.deviceId,
    metadata: one.metadata,
    sourceResolvedAt: sourceResolution(before, one, now),
  };
  return { before, after: { ...counted, ...risen(before, one, now, settings) }, recurs: false };
}

/** Repeats within the window after the end only count; later ones only when the source says that it happens again. */
function recurs(alert: KnownAlert, one: Observation, now: Date, settings: TenantSettings): boolean {
  const endedAt = alert.status === 'escalated' ? alert.incidentEndedAt : alert.closedAt;
  if (!endedAt || one.resolved) return false;
  const windowEnd = endedAt.getTime() + settings.dedupWindowSeconds * second;
  const active = one.lastActivityAt !== null && Date.parse(one.lastActivityAt) > windowEnd;
  return now.getTime() > windowEnd && (one.reappeared || active);
}

function renamed(alert: KnownAlert): KnownAlert {
  return { ...alert, sourceId: `${alert.sourceId}#${alert.freeSuffix}` };
}

/** Resolved at the source while the work goes on here, until it comes back there. */
function sourceResolution(alert: KnownAlert, one: Observation, now: Date): Date | null {
  if (!isOpenWork(alert.status) && alert.status !== 'escalated') return alert.sourceResolvedAt;
  return one.resolved ? (alert.sourceResolvedAt ?? now) : null;
}

/** A severity that rises while the alert is open work is taken over, with a target if it had none; one that falls is not. */
function risen(alert: KnownAlert, one: Observation, now: Date, settings: TenantSettings): Partial<KnownAlert> {
  if (!isOpenWork(alert.status) || severityRank(one.severity) >= severityRank(alert.severity)) return {};
  const targets = alertTargets(one.severity, now, settings);
  return {
    severity: one.severity,
    takeBy: alert.takeBy ?? (alert.status === 'open' ? (targets?.takeBy ?? null) : null),
    triageBy: alert.triageBy ?? targets?.triageBy ?? null,
  };
}
