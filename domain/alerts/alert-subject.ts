import { memberName } from '../access/member-store.js';
import type { Subject } from '../change.js';
import { alertName, alertStateWords, either, nextForAlert } from '../names.js';
import { sentences } from '../sentences.js';
import type { Alert } from './alert.js';
import { lockAlert, saveAlert } from './alert-store.js';
import type { AlertView } from './alert-view.js';
import { readAlertView } from './alert-view-queries.js';
import type { AlertVerb } from './life-cycle.js';
import { alertMove, alertStatesFor } from './life-cycle.js';

export const alertSubject: Subject<Alert, AlertView, AlertVerb> = {
  type: 'alert',
  capabilities: {
    'alert.take': 'alert.work',
    'alert.assign': 'assign',
    'alert.investigate': 'alert.work',
    'alert.escalate': 'alert.work',
    'alert.close': 'alert.work',
    'alert.release': 'alert.work',
    'alert.reopen': 'alert.reopen',
  },
  lock: lockAlert,
  stateFault(verb, alert) {
    if (alertMove(verb, alert.status)) return null;
    const needed = either(alertStatesFor(verb).map((status) => alertStateWords[status]));
    return sentences.wrongState(
      alertName(alert.number),
      alertStateWords[alert.status],
      needed,
      nextForAlert[alert.status],
    );
  },
  isSettled: () => false,
  ownerOf: (verb, alert) => (verb === 'alert.reopen' ? alert.closedBy : alert.assignedTo),
  async notOwner(trx, verb, alert, owner) {
    const name = await memberName(trx, owner);
    const say = verb === 'alert.reopen' ? sentences.onlyCloser : sentences.onlyOwner;
    return say(name, alertName(alert.number));
  },
  save: saveAlert,
  view: readAlertView,
};
