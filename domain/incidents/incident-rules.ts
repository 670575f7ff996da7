import { day, notBefore } from '../durations.js';
import { DomainError } from '../errors.js';
import { incidentName } from '../names.js';
import { sentences } from '../sentences.js';
import { deadlines } from '../sla/policy.js';
import type { TenantSettings } from '../tenants/settings.js';
import { written } from '../text.js';
import type { Incident } from './incident.js';

/** Pure rules: an incident in a state that its life cycle allows -> what the act sets. */
export type Patch = Partial<Incident>;

const reopenWithin = 7 * day;

export function started(incident: Incident, now: Date): Patch {
  return { status: 'in_progress', ...stampsBy(incident, now) };
}

export function resolved(incident: Incident, now: Date, summary: string): Patch {
  return { status: 'resolved', resolutionSummary: written('The summary', summary), ...ended(incident, now) };
}

export function dismissed(incident: Incident, now: Date, justification: string): Patch {
  const dismissalJustification = written('The justification', justification);
  return { status: 'dismissed', dismissalJustification, ...ended(incident, now) };
}

/** A new cycle: what was acknowledged and begun stays so, at the moment of reopening; only the resolve clock runs anew. */
export function reopened(incident: Incident, now: Date, reason: string, settings: TenantSettings): Patch {
  written('The reason', reason);
  const at = notBefore(now, incident.resolvedAt);
  if (at.getTime() - (incident.resolvedAt?.getTime() ?? 0) > reopenWithin)
    throw new DomainError('conflict', sentences.incidentTooLate(incidentName(incident.number)));
  return {
    status: 'in_progress',
    cycle: incident.cycle + 1,
    resolutionSummary: null,
    dismissalJustification: null,
    resolvedAt: null,
    acknowledgedAt: at,
    investigationStartedAt: at,
    slaAcknowledgeBy: at,
    slaInvestigateBy: at,
    slaResolveBy: deadlines(incident.severity, at, settings).slaResolveBy,
  };
}

export function handedOver(
  incident: Incident,
  to: { readonly userId: string; readonly displayName: string },
  reason: string,
): Patch {
  written('The reason', reason);
  if (incident.ownerId === to.userId)
    throw new DomainError('conflict', sentences.sameAssignee(incidentName(incident.number), to.displayName));
  return { ownerId: to.userId };
}

function ended(incident: Incident, now: Date): Patch {
  return { ...stampsBy(incident, now), resolvedAt: endOf(incident, now) };
}

/** Each stamp is set once; what is missing gets the same moment. */
function stampsBy(incident: Incident, now: Date): Patch {
  const at = endOf(incident, now);
  return {
    acknowledgedAt: incident.acknowledgedAt ?? at,
    investigationStartedAt: incident.investigationStartedAt ?? at,
  };
}

function endOf(incident: Incident, now: Date): Date {
  return notBefore(now, incident.createdAt, incident.acknowledgedAt, incident.investigationStartedAt);
}
