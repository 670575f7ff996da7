import { enqueueAsk } from '../../domain/actions/ask-store.js';
import { again } from '../../domain/actions/step.js';
import { approvalWindow, ended, remindAfter } from '../../domain/actions/step-rules.js';
import { stepSentences as say } from '../../domain/actions/step-sentences.js';
import { minute, plus } from '../../domain/durations.js';
import { move } from './step.js';
import type { Step } from './step.js';

/** A request that nobody approved in time ends; before that, those who were asked are reminded. */
export const awaitApproval: Step = (context, { action, now }) => {
  const remindAt = plus(action.requestedAt, remindAfter);
  const until = action.approveBy ?? plus(action.requestedAt, approvalWindow);
  return move(
    context,
    action,
    ['requested'],
    (_seen, at) => {
      if (at <= until) return again(at < remindAt ? remindAt : until, 1);
      return ended('expired', say.notApproved(Math.round((+until - +action.requestedAt) / minute)), at);
    },
    async (trx) => {
      if (now >= remindAt && now <= until) await enqueueAsk(trx, { entity: 'action', id: action.id });
    },
  );
};
