import type { AlertStatus } from './alert.js';

export const alertVerbNames = [
  'alert.take',
  'alert.assign',
  'alert.investigate',
  'alert.escalate',
  'alert.close',
  'alert.release',
  'alert.reopen',
] as const;
export type AlertVerb = (typeof alertVerbNames)[number];

/** How an alert ends without an incident. */
export const closingOutcomes = ['closed_benign', 'closed_false_positive'] as const;
export type ClosingOutcome = (typeof closingOutcomes)[number];

type Moves = Readonly<Partial<Record<AlertStatus, readonly AlertStatus[]>>>;

/** The life of an alert: which act leads from which state to which. Rules, refusals and buttons all come from here. */
export const alertLifeCycle: Readonly<Record<AlertVerb, Moves>> = {
  'alert.take': { open: ['assigned'] },
  'alert.assign': { open: ['assigned'], assigned: ['assigned'], investigating: ['investigating'] },
  'alert.investigate': { assigned: ['investigating'] },
  'alert.escalate': { investigating: ['escalated'] },
  'alert.close': { assigned: closingOutcomes, investigating: closingOutcomes },
  'alert.release': { assigned: ['open'], investigating: ['open'] },
  'alert.reopen': { closed_benign: ['open'], closed_false_positive: ['open'] },
};

export const openWork = ['open', 'assigned', 'investigating'] as const satisfies readonly AlertStatus[];

/** Acts that the state allows, in the order of their buttons; whether the person may is judged on the click. */
export function alertVerbs(status: AlertStatus): readonly AlertVerb[] {
  return alertVerbNames.filter((verb) => alertLifeCycle[verb][status] !== undefined);
}

/** States from which the act is possible. */
export function alertStatesFor(verb: AlertVerb): readonly AlertStatus[] {
  return Object.keys(alertLifeCycle[verb]) as AlertStatus[];
}

/** Where the act leads to from this state; null when the state does not allow it. */
export function alertMove(verb: AlertVerb, from: AlertStatus): readonly AlertStatus[] | null {
  return alertLifeCycle[verb][from] ?? null;
}
