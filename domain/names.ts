import type { Role } from './access/actor.js';
import type { ActionStatus } from './actions/action.js';
import type { ActionVerb } from './actions/life-cycle.js';
import type { PolicyVerb } from './actions/policy.js';
import type { DeviceVerb } from './devices/device.js';
import type { AlertVerb } from './alerts/life-cycle.js';
import type { AlertStatus } from './alerts/alert.js';
import type { IncidentStatus } from './incidents/incident.js';
import type { IncidentVerb } from './incidents/life-cycle.js';

export type Verb = AlertVerb | IncidentVerb | DeviceVerb | ActionVerb | PolicyVerb;

export const alertName = (number: number) => `A-${number}`;
export const incidentName = (number: number) => `INC-${number}`;
export const actionName = (number: number) => `ACT-${number}`;

/** What somebody did, between their name and "this": "Bo took this 4 s ago". */
export const pastVerbs: Readonly<Record<Verb, string>> = {
  'alert.take': 'took',
  'alert.assign': 'assigned',
  'alert.investigate': 'started to investigate',
  'alert.escalate': 'escalated',
  'alert.close': 'closed',
  'alert.release': 'released',
  'alert.reopen': 'reopened',
  'incident.start': 'started work on',
  'incident.resolve': 'resolved',
  'incident.dismiss': 'dismissed',
  'incident.reopen': 'reopened',
  'incident.handOver': 'handed over',
  'incident.linkAlert': 'linked an alert to',
  'device.isolate': 'asked to isolate',
  'device.release': 'asked to release',
  'device.scan': 'asked to scan',
  'action.approve': 'approved',
  'action.reject': 'rejected',
  'action.cancel': 'cancelled',
  'action.review': 'reviewed',
  'policy.confirm': 'confirmed',
  'policy.reject': 'rejected',
};

export const roleWords: Readonly<Record<Role, string>> = {
  super_admin: 'super admin',
  tenant_admin: 'manager',
  security_analyst: 'security analyst',
  it_helpdesk_analyst: 'helpdesk analyst',
  user: 'user',
};

export const alertStateWords: Readonly<Record<AlertStatus, string>> = {
  open: 'open',
  assigned: 'assigned',
  investigating: 'under investigation',
  escalated: 'escalated',
  closed_benign: 'closed as benign',
  closed_false_positive: 'closed as false positive',
};

export const incidentStateWords: Readonly<Record<IncidentStatus, string>> = {
  open: 'open',
  in_progress: 'in progress',
  resolved: 'resolved',
  dismissed: 'dismissed',
};

export const actionStateWords: Readonly<Record<ActionStatus, string>> = {
  requested: 'waiting for approval',
  approved: 'approved and about to be sent',
  pending: 'queued at Microsoft',
  in_progress: 'in progress',
  unknown: 'sent, its outcome not known yet',
  completed: 'completed',
  failed: 'failed',
  timed_out: 'timed out',
  cancelled: 'cancelled',
  rejected: 'rejected',
  expired: 'expired',
};

export const nextForAlert: Readonly<Record<AlertStatus, string>> = {
  open: 'Take it first.',
  assigned: 'Its assignee can start the investigation, close or release it; an admin can hand it over.',
  investigating: 'Its assignee can escalate, close or release it; an admin can hand it over.',
  escalated: 'Go on with its incident.',
  closed_benign: 'Whoever closed it, or an admin, can reopen it within 7 days.',
  closed_false_positive: 'Whoever closed it, or an admin, can reopen it within 7 days.',
};

export const nextForIncident: Readonly<Record<IncidentStatus, string>> = {
  open: 'Its owner can start work, resolve or dismiss it.',
  in_progress: 'Its owner can resolve or dismiss it; an admin can hand it over.',
  resolved: 'Its owner or an admin can reopen it within 7 days.',
  dismissed: 'Its owner or an admin can reopen it within 7 days.',
};

export const nextForAction: Readonly<Record<ActionStatus, string>> = {
  requested: 'Somebody else who may approve it can do so; its requester or an admin can cancel it.',
  approved: 'Its requester or an admin can cancel it.',
  pending: 'Its requester or an admin can cancel it.',
  in_progress: 'Its requester or an admin can ask Microsoft to cancel it.',
  unknown:
    'Microsoft is asked what became of it, so there is nothing to cancel yet. If the device must work again, ask for its release.',
  completed: 'Ask for a new action if one is needed.',
  failed: 'Read why on its card, then ask for a new action.',
  timed_out: 'Ask for a new action if one is still needed.',
  cancelled: 'Ask for a new action if one is needed.',
  rejected: 'Talk to whoever rejected it, or ask for a new action.',
  expired: 'Nobody approved it in time. Ask for a new action.',
};

/** "a", "a or b", "a, b or c". */
export function either(words: readonly string[]): string {
  const unique = [...new Set(words)];
  return unique.length < 2 ? (unique[0] ?? 'nobody') : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1) ?? ''}`;
}
