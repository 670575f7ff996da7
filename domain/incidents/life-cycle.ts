import type { IncidentStatus } from './incident.js';

export const incidentVerbNames = [
  'incident.start',
  'incident.resolve',
  'incident.dismiss',
  'incident.reopen',
  'incident.handOver',
  'incident.linkAlert',
] as const;
export type IncidentVerb = (typeof incidentVerbNames)[number];

type Moves = Readonly<Partial<Record<IncidentStatus, IncidentStatus>>>;

/** The life of an incident, which only an escalation begins. Rules, refusals and buttons all come from here. */
export const incidentLifeCycle: Readonly<Record<IncidentVerb, Moves>> = {
  'incident.start': { open: 'in_progress' },
  'incident.resolve': { open: 'resolved', in_progress: 'resolved' },
  'incident.dismiss': { open: 'dismissed', in_progress: 'dismissed' },
  'incident.reopen': { resolved: 'in_progress', dismissed: 'in_progress' },
  'incident.handOver': { open: 'open', in_progress: 'in_progress' },
  'incident.linkAlert': { open: 'open', in_progress: 'in_progress' },
};

/** Acts that change nothing when they come again in this state, and are no fault. */
export const harmlessAgain: Readonly<Partial<Record<IncidentVerb, IncidentStatus>>> = {
  'incident.start': 'in_progress',
};

export function isFinal(status: IncidentStatus): boolean {
  return status === 'resolved' || status === 'dismissed';
}

/** Acts that the state allows, in the order of their buttons; whether the person may is judged on the click. */
export function incidentVerbs(status: IncidentStatus): readonly IncidentVerb[] {
  return incidentVerbNames.filter((verb) => incidentLifeCycle[verb][status] !== undefined);
}

/** States from which the act is possible. */
export function incidentStatesFor(verb: IncidentVerb): readonly IncidentStatus[] {
  return Object.keys(incidentLifeCycle[verb]) as IncidentStatus[];
}

/** Where the act leads to from this state; null when the state does not allow it. */
export function incidentMove(verb: IncidentVerb, from: IncidentStatus): IncidentStatus | null {
  return incidentLifeCycle[verb][from] ?? null;
}
