import type { AlertStatus, Classification, Severity, SourceSystem } from '../domain/alerts/alert.js';
import type { IncidentStatus } from '../domain/incidents/incident.js';

/** Shapes that differ without colour, from a Unicode block that every font has. */
export const severityLooks: Record<Severity, HeaderLook & { readonly icon: string; readonly word: string }> = {
  critical: { icon: '◆', word: 'Critical', style: 'attention', color: 'Attention' },
  high: { icon: '▲', word: 'High', style: 'warning', color: 'Warning' },
  medium: { icon: '●', word: 'Medium', style: 'default', color: 'Accent' },
  low: { icon: '○', word: 'Low', style: 'default', color: 'Default' },
};

/** Style of the container, and colour of the words in it: the containers alone are pale in Teams' light theme. */
export interface HeaderLook {
  readonly style: string;
  readonly color: string;
}

/** Final work does not shout, whatever its severity was. */
export function headerLook(severity: Severity, isFinal: boolean): HeaderLook {
  if (isFinal) return { style: 'emphasis', color: 'Default' };
  const { style, color } = severityLooks[severity];
  return { style, color };
}

export const alertStatusWords: Record<AlertStatus, string> = {
  open: 'Open',
  assigned: 'Assigned',
  investigating: 'Investigating',
  escalated: 'Escalated',
  closed_benign: 'Closed as benign',
  closed_false_positive: 'Closed as false positive',
};

export const incidentStatusWords: Record<IncidentStatus, string> = {
  open: 'Open',
  in_progress: 'In progress',
  resolved: 'Resolved',
  dismissed: 'Dismissed',
};

export const sourceWords: Record<SourceSystem, string> = { edr: 'EDR', firewall: 'Firewall', email: 'E-mail' };

export function classificationWords(classification: Classification): string {
  const words = classification.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function severityWords(severity: Severity): string {
  return `${severityLooks[severity].icon} ${severityLooks[severity].word}`;
}

export function alertName(number: number): string {
  return `A-${number}`;
}

export function incidentName(number: number): string {
  return `INC-${number}`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return n === 1 ? `1 ${one}` : `${n.toLocaleString('en')} ${many}`;
}

export function actionName(number: number): string {
  return `ACT-${number}`;
}

const historyWords: ReadonlyMap<string, string> = new Map([
  ['alert.take', 'took it'],
  ['alert.assign', 'assigned it'],
  ['alert.investigate', 'started the investigation'],
  ['alert.escalate', 'escalated it to an incident'],
  ['alert.close', 'closed it'],
  ['alert.release', 'put it back into the queue'],
  ['alert.reopen', 'reopened it'],
  ['alert.link', 'linked it to an incident'],
  ['incident.create', 'opened the incident'],
  ['incident.start', 'started work'],
  ['incident.resolve', 'resolved it'],
  ['incident.dismiss', 'dismissed it'],
  ['incident.reopen', 'reopened it'],
  ['incident.handOver', 'handed it over'],
  ['incident.linkAlert', 'linked an alert'],
  ['device.isolate', 'asked to isolate the device'],
  ['device.release', 'asked to release the device'],
  ['device.scan', 'asked to scan the device'],
  ['action.approve', 'approved it'],
  ['action.reject', 'rejected it'],
  ['action.cancel', 'cancelled it'],
  ['action.review', 'reviewed the use of break-glass'],
  ['action.giveUp', 'gave it up for a release of the device'],
  ['action.sent', 'sent it to Microsoft'],
  ['action.pending', 'saw it queued at Microsoft'],
  ['action.in_progress', 'saw it in progress at Microsoft'],
  ['action.completed', 'saw it completed'],
  ['action.failed', 'saw it fail'],
  ['action.timed_out', 'saw it time out'],
  ['action.cancelled', 'saw it cancelled'],
  ['action.expired', 'let it expire'],
  ['action.unknown', 'got no answer from Microsoft'],
  ['action.attached', 'follows what was under way at Microsoft'],
  ['action.reported', 'heard more from Microsoft'],
  ['action.cancelSent', 'asked Microsoft to cancel it'],
  ['action.clearedTheWay', 'ended an isolation that waited at Microsoft'],
  ['action.late', 'learned its outcome late'],
  ['action.lateOutcome', 'learned its outcome late'],
  ['alert.writeBack', 'had the alert resolved at Microsoft'],
  ['policy.propose', 'proposed it'],
  ['policy.expire', 'let it expire'],
  ['policy.confirm', 'confirmed it'],
  ['policy.reject', 'rejected it'],
]);

/** Jobs act in the product's name; what they do for a request repeats its reason, which is said once. */
const jobs: ReadonlySet<string> = new Set(['device_action', 'actions']);

export function isJob(by: string): boolean {
  return jobs.has(by);
}

/** The past tense of an audit action; an action without one is shown by its name. */
export function historyAction(action: string): string {
  return historyWords.get(action) ?? action;
}

/** Microsoft's names of products come as identifiers: microsoftDefenderForEndpoint. */
export function productWords(identifier: string): string {
  const words = identifier.replace(/(\p{Ll})(\p{Lu}|\d)/gu, '$1 $2').replace(/\bFor\b/g, 'for');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
