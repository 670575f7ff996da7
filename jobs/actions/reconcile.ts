import type { MicrosoftAction } from '../../domain/actions/action-gateway.js';
import { bearsMark } from '../../domain/actions/comment.js';
import { again } from '../../domain/actions/step.js';
import { begunAt, clockSkew, ended, followed, followWindow } from '../../domain/actions/step-rules.js';
import { stepSentences as say } from '../../domain/actions/step-sentences.js';
import { minute, plus } from '../../domain/durations.js';
import { SourceError } from '../../domain/sync/source.js';
import { move, reading, targetOf } from './step.js';
import type { Step, Target } from './step.js';

/** Looks for an action that left without an answer; it is never sent again. */
export const reconcile: Step = async (context, facts, signal) => {
  const { action, now, queueHours } = facts;
  if (now > plus(begunAt(action), followWindow))
    return move(context, action, ['unknown'], (_seen, at) => ended('timed_out', say.neverKnown, at));
  const target = targetOf(context, facts);
  if (!target) return move(context, action, ['unknown'], (_seen, at) => again(at, 5 * minute));
  const found = await findOurs(target, signal);
  return move(context, action, ['unknown'], (seen, at) => {
    const report = found instanceof SourceError ? null : found;
    const patch = followed(seen, report, at, queueHours, report ? 0 : seen.polls + 1);
    return report || seen.resultMessage !== null ? patch : { ...patch, resultMessage: say.lookingForIt };
  });
};

/** By our mark in the comment alone: time and kind would fit somebody else's action as well. */
export async function findOurs(target: Target, signal: AbortSignal): Promise<MicrosoftAction | SourceError | null> {
  const { action, actions, connection, machineId } = target;
  const since = plus(begunAt(action), -clockSkew);
  const listed = await reading(() => actions.ofMachine(connection, machineId, since, signal));
  if (listed instanceof SourceError) return listed;
  return listed.find((one) => bearsMark(one, action.id)) ?? null;
}
