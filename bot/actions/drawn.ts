import { drawActionCard } from '../../cards/action-card.js';
import { actionSentence, areAsked } from '../../cards/action-words.js';
import { drawAlertCard } from '../../cards/alert-card.js';
import type { CardOptions } from '../../cards/card.js';
import { drawDeviceCard } from '../../cards/device-card.js';
import { drawIncidentCard } from '../../cards/incident-card.js';
import { drawPolicyChangeCard } from '../../cards/policy-card.js';
import { asPlain } from '../../cards/text.js';
import { alertName, alertStatusWords, incidentName, incidentStatusWords } from '../../cards/words.js';
import type { ActionView } from '../../domain/actions/action.js';
import type { PolicyChangeView } from '../../domain/actions/policy.js';
import type { AlertView } from '../../domain/alerts/alert-view.js';
import type { DeviceView } from '../../domain/devices/device.js';
import type { IncidentView } from '../../domain/incidents/incident.js';
import type { ActionCall, Drawn } from './action.js';

export function drawAlert(view: AlertView, options: CardOptions): Drawn {
  const { number, status } = view.alert;
  const by = view.assignee ? ` (${view.assignee.displayName})` : '';
  return { card: drawAlertCard(view, options), sentence: `${alertName(number)}: ${alertStatusWords[status]}${by}.` };
}

export function drawIncident(view: IncidentView, options: CardOptions): Drawn {
  const { number, status } = view.incident;
  const sentence = `${incidentName(number)}: ${incidentStatusWords[status]} (${view.owner.displayName}).`;
  return { card: drawIncidentCard(view, options), sentence };
}

export function drawAction(view: ActionView, options: CardOptions): Drawn {
  return { card: drawActionCard(view, options), sentence: actionSentence(view) };
}

export function drawDevice(view: DeviceView, options: CardOptions): Drawn {
  const card = drawDeviceCard(view, options);
  return { card, sentence: card.summary };
}

const policyWords: Record<PolicyChangeView['change']['status'], string> = {
  proposed: 'waits for a second admin',
  confirmed: 'is in force',
  rejected: 'is rejected; nothing has changed',
  expired: 'has ended; nothing has changed',
};

export function drawPolicyChange(view: PolicyChangeView, options: CardOptions): Drawn {
  const what = view.lines.map((line) => asPlain(line, 120)).join('; ');
  const asked = view.change.status === 'proposed' && view.asked.length > 0 ? areAsked(view.asked) : '';
  const sentence = `The change of the rules (${what}) ${policyWords[view.change.status]}.${asked}`;
  return { card: drawPolicyChangeCard(view, options), sentence };
}

/** A copy in a personal chat is updated by nobody, so that it asks by itself. */
export function cardOptions({ caller, teamsId }: ActionCall): CardOptions {
  return caller.conversationKind === 'personal' && teamsId !== null ? { refreshFor: [teamsId] } : {};
}
