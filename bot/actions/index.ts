import type { CardVerb } from '../../cards/card.js';
import type { CardAction } from './action.js';
import { actionApprove } from './action-approve.js';
import { actionCancel } from './action-cancel.js';
import { actionReject } from './action-reject.js';
import { actionReview } from './action-review.js';
import { alertAssign } from './alert-assign.js';
import { alertClose } from './alert-close.js';
import { alertEscalate } from './alert-escalate.js';
import { alertInvestigate } from './alert-investigate.js';
import { alertRelease } from './alert-release.js';
import { alertReopen } from './alert-reopen.js';
import { alertTake } from './alert-take.js';
import { cardRefresh } from './card-refresh.js';
import { deviceIsolate } from './device-isolate.js';
import { deviceRelease } from './device-release.js';
import { deviceScan } from './device-scan.js';
import { deviceShow } from './device-show.js';
import { incidentDismiss } from './incident-dismiss.js';
import { incidentHandOver } from './incident-hand-over.js';
import { incidentLinkAlert } from './incident-link-alert.js';
import { incidentReopen } from './incident-reopen.js';
import { incidentResolve } from './incident-resolve.js';
import { incidentStart } from './incident-start.js';
import { listPage } from './list-page.js';
import { policyConfirm } from './policy-confirm.js';
import { policyReject } from './policy-reject.js';
import { syncShow } from './sync-show.js';

export type Verb = CardVerb | 'list.page' | 'sync.show';

/** Every button there is; one without a handler does not compile. */
export const actions: Record<Verb, CardAction> = {
  'alert.take': alertTake,
  'alert.assign': alertAssign,
  'alert.investigate': alertInvestigate,
  'alert.escalate': alertEscalate,
  'alert.close': alertClose,
  'alert.release': alertRelease,
  'alert.reopen': alertReopen,
  'incident.start': incidentStart,
  'incident.resolve': incidentResolve,
  'incident.dismiss': incidentDismiss,
  'incident.reopen': incidentReopen,
  'incident.handOver': incidentHandOver,
  'incident.linkAlert': incidentLinkAlert,
  'device.isolate': deviceIsolate,
  'device.release': deviceRelease,
  'device.scan': deviceScan,
  'device.show': deviceShow,
  'action.approve': actionApprove,
  'action.reject': actionReject,
  'action.cancel': actionCancel,
  'action.review': actionReview,
  'policy.confirm': policyConfirm,
  'policy.reject': policyReject,
  'card.refresh': cardRefresh,
  'list.page': listPage,
  'sync.show': syncShow,
};

/** Null for whatever is not the name of one of our verbs, also for __proto__ and its like. */
export function findAction(verb: unknown): CardAction | null {
  return typeof verb === 'string' && Object.hasOwn(actions, verb) ? actions[verb as Verb] : null;
}
