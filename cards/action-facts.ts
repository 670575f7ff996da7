import type { ActionView } from '../domain/actions/action.js';
import { reviewable } from '../domain/actions/life-cycle.js';
import type { ActionLimits } from './action-limits.js';
import { reached } from './action-words.js';
import { LABELS, line, timeLine } from './details.js';
import { healthWords, isolationWords, systemWords } from './device-words.js';
import { drawLines, fact, timeFact } from './layout.js';
import type { Fact, Section } from './layout.js';
import type { CardContent } from './card.js';
import { asRun } from './text.js';
import { viewerTime } from './times.js';
import { alertName, incidentName } from './words.js';

export function actionFacts(view: ActionView, limits: ActionLimits): Fact[] {
  const { action, requester } = view;
  return [
    fact('Device', deviceLine(view), 3 * limits.value),
    fact('Requested by', requester.displayName, limits.value),
    timeFact('Requested', viewerTime(action.requestedAt)),
    fact('How', howWords(view)),
    fact('Reason', action.reason, limits.reason),
    fact('For', causeWords(view)),
    fact('Approval', approvalWords(view, limits), limits.value + 40),
    ...endFacts(view, limits),
  ];
}

function deviceLine({ device }: ActionView): string {
  if (!device) return '';
  const value = device.deviceValue?.toLowerCase() === 'high' ? 'high value' : '';
  const words = [
    systemWords(device.operatingSystem, 60),
    healthWords(device.health),
    isolationWords(device.isolation),
    value,
  ];
  return words.filter(Boolean).join(' · ');
}

const howByKind: Record<ActionView['action']['kind'], ReadonlyMap<string, string>> = {
  isolate: new Map([
    ['Full', 'Full isolation'],
    ['Selective', 'Selective isolation'],
  ]),
  scan: new Map([
    ['Quick', 'Quick scan'],
    ['Full', 'Full scan'],
  ]),
  unisolate: new Map(),
  resolve_alert: new Map([
    ['benign', 'As benign'],
    ['false_positive', 'As a false positive'],
    ['true_positive', 'As a true positive'],
  ]),
};

export function howWords({ action }: ActionView): string {
  return action.parameter === null ? '' : (howByKind[action.kind].get(action.parameter) ?? asRun(action.parameter, 40));
}

function causeWords({ alert, incident }: ActionView): string {
  return [alert && alertName(alert.number), incident && incidentName(incident.number)].filter(Boolean).join(' · ');
}

function approvalWords({ action, approver, requester }: ActionView, limits: ActionLimits): string {
  if (approver) return `✓ Approved by ${asRun(approver.displayName, limits.value)}`;
  if (action.isBreakGlass) return `${asRun(requester.displayName, limits.value)} acted alone`;
  if (!action.needsApproval) return 'Not needed';
  return action.status === 'requested' ? 'Needed from somebody else' : 'Not given';
}

const endings: Partial<Record<ActionView['action']['status'], string>> = {
  rejected: 'Rejected by',
  cancelled: 'Cancelled by',
};

function endFacts({ action, endedBy, reviewer }: ActionView, limits: ActionLimits): Fact[] {
  return [
    ...(action.completedAt ? [timeFact('Ended', viewerTime(action.completedAt))] : []),
    fact(endings[action.status] ?? 'Ended by', endedBy?.displayName, limits.value),
    fact(
      action.status === 'rejected' ? 'Why it was rejected' : 'Why it was cancelled',
      action.endReason,
      limits.reason,
    ),
    fact('Reviewed by', reviewer?.displayName, limits.value),
  ];
}

/** Who was asked stands on the card as long as an answer is waited for. */
export function drawAsked(view: ActionView, limits: ActionLimits): CardContent[] {
  const { action, asked } = view;
  if (action.status !== 'requested' && !reviewable(action)) return [];
  const heading = action.status === 'requested' ? 'Asked to approve' : 'Asked to look at it';
  const left = asked.length - limits.asked;
  const people = asked
    .slice(0, limits.asked)
    .map((person) => ({ strong: asRun(person.displayName, 60) || 'Somebody', text: reached(person) }));
  const nobody = action.status === 'requested' && asked.length === 0 ? [{ text: 'Nobody here could approve it.' }] : [];
  const more = left > 0 ? [{ text: `${left} more` }] : [];
  return drawLines(heading, [...people, ...nobody, ...more], 80, true);
}

export function detailsSection({ action, device, asked }: ActionView, limits: ActionLimits): Section {
  const names = asked
    .slice(0, limits.asked)
    .map((person) => `${asRun(person.displayName, 60)} (${reached(person)})`)
    .join(', ');
  const lines = [
    ...line("Microsoft's id", action.microsoftActionId, 60),
    ...line("Microsoft's word", action.microsoftStatus, 60),
    ...(action.approvedAt ? [timeLine('Approved', action.approvedAt)] : []),
    ...(action.sentAt ? [timeLine('Sent', action.sentAt)] : []),
    ...line('Asked', names, 600),
    ...line('Machine', device?.microsoftDeviceId, 80),
    ...line('Our id', action.id, 40),
  ];
  return { id: 'details', title: 'Details', labelWidth: LABELS, lines };
}
