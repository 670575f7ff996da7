import type { Subject } from '../change.js';
import { actionName, actionStateWords, either, nextForAction } from '../names.js';
import { sentences } from '../sentences.js';
import { actionSentences } from './action-sentences.js';
import type { ActionView, DeviceAction } from './action.js';
import { lockAction, saveAction } from './action-store.js';
import { readActionView } from './action-view-queries.js';
import type { ActionVerb } from './life-cycle.js';
import { actionMove, actionStatesFor, reviewable } from './life-cycle.js';

export const actionSubject: Subject<DeviceAction, ActionView, ActionVerb> = {
  type: 'action',
  capabilities: {
    'action.approve': 'action.approve',
    'action.reject': 'action.approve',
    'action.cancel': 'action.request',
    'action.review': 'administer',
  },
  lock: lockAction,
  stateFault(verb, action) {
    const name = actionName(action.number);
    if (verb === 'action.review') return reviewable(action) ? null : actionSentences.noReview(name);
    if (actionMove(verb, action.status)) return null;
    const needed = either(actionStatesFor(verb).map((status) => actionStateWords[status]));
    return sentences.wrongState(name, actionStateWords[action.status], needed, nextForAction[action.status]);
  },
  isSettled: (verb, action) => verb === 'action.cancel' && action.cancelRequestedAt !== null && isAtMicrosoft(action),
  ownerOf: () => null,
  notOwner: () => Promise.reject(new Error('no grant on actions is for own ones only')),
  save: saveAction,
  view: readActionView,
};

function isAtMicrosoft({ status, sentAt }: DeviceAction): boolean {
  return status === 'pending' || status === 'in_progress' || (status === 'approved' && sentAt !== null);
}
