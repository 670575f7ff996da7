import type { ActionVerb } from '../domain/actions/life-cycle.js';
import type { PolicyVerb } from '../domain/actions/policy.js';
import type { AlertVerb } from '../domain/alerts/life-cycle.js';
import type { DeviceVerb } from '../domain/devices/device.js';
import type { IncidentVerb } from '../domain/incidents/life-cycle.js';
import type { CardActionData, CardContent, CardVerb } from './card.js';

interface ButtonLook {
  readonly title: string;
  /** direct = the click does it; dialog = the click opens a form. */
  readonly opens: 'direct' | 'dialog';
  /** Possible, but never the next step: drawn without emphasis. */
  readonly isRare?: true;
}

/** A dangerous act is never the one that a hurried click hits: all of them open a form, none is emphasised. */
export const deviceButtons: Record<DeviceVerb, ButtonLook> = {
  'device.isolate': { title: 'Isolate device', opens: 'dialog', isRare: true },
  'device.release': { title: 'Release device', opens: 'dialog', isRare: true },
  'device.scan': { title: 'Scan device', opens: 'dialog', isRare: true },
};

/** Listed in the order in which they stand on a card; the first that fits the state is the primary one. */
export const alertButtons: Record<AlertVerb | DeviceVerb, ButtonLook> = {
  'alert.take': { title: 'Assign to me', opens: 'direct' },
  'alert.investigate': { title: 'Investigate', opens: 'direct' },
  'alert.escalate': { title: 'Escalate', opens: 'direct' },
  'alert.close': { title: 'Close', opens: 'dialog' },
  ...deviceButtons,
  'alert.reopen': { title: 'Reopen', opens: 'dialog', isRare: true },
  'alert.release': { title: 'Back to queue', opens: 'dialog' },
  'alert.assign': { title: 'Assign to someone', opens: 'dialog' },
};

export const incidentButtons: Record<IncidentVerb | DeviceVerb, ButtonLook> = {
  'incident.start': { title: 'Start work', opens: 'direct' },
  'incident.resolve': { title: 'Resolve', opens: 'dialog' },
  'incident.dismiss': { title: 'Dismiss', opens: 'dialog' },
  ...deviceButtons,
  'incident.reopen': { title: 'Reopen', opens: 'dialog', isRare: true },
  'incident.linkAlert': { title: 'Link alert', opens: 'dialog' },
  'incident.handOver': { title: 'Hand over', opens: 'dialog' },
};

export const actionButtons: Record<ActionVerb, ButtonLook> = {
  'action.approve': { title: 'Approve', opens: 'direct' },
  'action.reject': { title: 'Reject', opens: 'dialog' },
  'action.review': { title: 'Mark as reviewed', opens: 'dialog' },
  'action.cancel': { title: 'Cancel', opens: 'dialog', isRare: true },
};

export const policyButtons: Record<PolicyVerb, ButtonLook> = {
  'policy.confirm': { title: 'Confirm', opens: 'direct' },
  'policy.reject': { title: 'Reject', opens: 'dialog' },
};

export type EntityData = Omit<CardActionData, 'verb'>;

/** Teams shows six buttons of a card at most. */
export const BUTTONS = 6;

/** The verbs of a state as buttons, the primary one first. `first` is preferred to the usual order when it fits the state. */
export function drawButtons<V extends CardVerb>(
  looks: Readonly<Record<V, ButtonLook>>,
  fitting: readonly V[],
  data: EntityData,
  first?: V,
): CardContent[] {
  const usual = (Object.keys(looks) as V[]).filter((verb) => fitting.includes(verb));
  const ordered = [...usual.filter((verb) => verb === first), ...usual.filter((verb) => verb !== first)];
  return ordered.slice(0, BUTTONS).map((verb, place) => {
    const style = place === 0 && !looks[verb].isRare ? { style: 'positive' } : {};
    const button = looks[verb].opens === 'direct' ? directButton : dialogButton;
    return { ...button(looks[verb].title, { verb, ...data }), ...style };
  });
}

/** Acts on the click. Clients that do not know Action.Execute send the same data as a message. */
export function directButton(title: string, data: { readonly verb: string } & CardContent): CardContent {
  return {
    type: 'Action.Execute',
    title,
    verb: data.verb,
    data,
    fallback: { type: 'Action.Submit', title, data },
  };
}

/** Opens a dialog: Teams asks for one only when the data says so. */
export function dialogButton(title: string, data: CardContent): CardContent {
  return { type: 'Action.Submit', title, data: { ...data, msteams: { type: 'task/fetch' } } };
}
