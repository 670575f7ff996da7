import type { SlaClock } from '../sla/clock.js';
import { clockState } from '../sla/clock.js';
import type { Incident } from './incident.js';

type Timed = Pick<
  Incident,
  'slaAcknowledgeBy' | 'slaInvestigateBy' | 'slaResolveBy' | 'acknowledgedAt' | 'investigationStartedAt' | 'resolvedAt'
>;

export function incidentClocks(incident: Timed, now: Date): SlaClock[] {
  const clocks = [
    { name: 'acknowledge', deadline: incident.slaAcknowledgeBy, stamp: incident.acknowledgedAt },
    { name: 'investigate', deadline: incident.slaInvestigateBy, stamp: incident.investigationStartedAt },
    { name: 'resolve', deadline: incident.slaResolveBy, stamp: incident.resolvedAt },
  ] as const;
  return clocks.map((clock) => ({ ...clock, state: clockState(clock.deadline, clock.stamp, now) }));
}

/** The next deadline that is not stamped yet; null when all clocks have stopped. */
export function nextDeadline(incident: Timed): Date | null {
  if (incident.resolvedAt) return null;
  if (!incident.acknowledgedAt) return incident.slaAcknowledgeBy;
  return incident.investigationStartedAt ? incident.slaResolveBy : incident.slaInvestigateBy;
}
